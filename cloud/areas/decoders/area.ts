/**
 * `decoders`: makers' scripts that an organization brings itself: written, tried, versioned, assigned.
 *
 * Nothing is saved that the sandbox cannot evaluate or whose own examples fail. A new version is in
 * force at once, here and, with their next synchronisation, on the gateways.
 */
import { z } from "zod";
import { Paging } from "#cloud/api/paging.ts";
import { route, type Area } from "#cloud/api/route.ts";
import type { DecoderDoc, Hub } from "#cloud/hub/hub.ts";
import { lastFrozen } from "#cloud/hub/months.ts";
import {
  DecoderAssignment,
  DecoderDetails,
  DecoderDraft,
  DecoderRow,
  DecoderTrial,
  DecoderVersion,
  DownlinkOutcome,
  DownlinkTrial,
  NewDecoder,
  TrialOutcome,
} from "#shared/api/decoders.ts";
import type { Sandbox } from "#shared/devices/sandbox/sandbox.ts";
import { monthBounds } from "#shared/model/database-names.ts";
import { Fault } from "#shared/model/fault.ts";
import { DevEui, DeviceId, type CommunityId } from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { DecoderSlug, OWN_MODELS } from "#shared/model/site.ts";
import { versionId, type DecoderVersionDoc } from "./decoder-store.ts";
import { functionsOf, tryScript } from "./trial.ts";

const Named = z.object({ slug: DecoderSlug });
const modelOf = (slug: string) => `${OWN_MODELS}${slug}`;

const list = route({
  method: "get",
  path: "/decoders",
  right: "decoders.read",
  title: "The organization's own decoders, by title.",
  query: Paging,
  answer: { rows: DecoderRow },
  open:
    ({ hub }) =>
    async ({ scope, query: { limit, offset } }) => {
      const all = (await hub.decoders.decoders.list(scope)).toSorted((a, b) =>
        a.title.localeCompare(b.title),
      );
      const toRow = await rowMaker(hub, scope);
      return { rows: all.slice(offset, offset + limit).map(toRow), total: all.length };
    },
});

const one = route({
  method: "get",
  path: "/decoders/:slug",
  right: "decoders.read",
  title: "One decoder with its script, mapping, examples and versions.",
  params: Named,
  answer: { data: DecoderDetails },
  open:
    ({ hub }) =>
    async ({ scope, params: { slug } }) =>
      details(hub, scope, await hub.decoders.decoders.find(scope, slug)),
});

const version = route({
  method: "get",
  path: "/decoders/:slug/versions/:version",
  right: "decoders.read",
  title: "What a decoder was in one of its versions.",
  params: Named.extend({ version: z.coerce.number().int().min(1) }),
  answer: { data: DecoderVersion },
  open:
    ({ hub }) =>
    async ({
      scope,
      params: { slug, version: number },
    }): Promise<z.infer<typeof DecoderVersion>> => {
      const doc = await hub.decoders.versions.find(scope, `${slug}:${number}`);
      const { at, language, source, mapping } = doc;
      return { version: doc.version, at, language, source, mapping };
    },
});

const create = route({
  method: "post",
  path: "/decoders",
  right: "decoders.write",
  title: "Adds a decoder. Its examples must pass.",
  body: NewDecoder,
  answer: { status: 201, data: DecoderDetails },
  open:
    ({ hub, sandbox }) =>
    async ({ scope, body, trail }) => {
      const communityId = await communityOf(hub, scope, body.community);
      const { language } = await proved(sandbox, body, hub.clock.now());
      const at = new Date(hub.clock.now()).toISOString();
      const { slug, title, source, mapping, examples, redecode_from } = body;
      const doc: DecoderDoc = {
        _id: `decoder:${slug}`,
        type: "decoder",
        v: 1,
        communityId,
        slug,
        title,
        language,
        version: 1,
        source,
        mapping,
        examples,
        ...(redecode_from === undefined ? {} : { redecodeFrom: redecode_from }),
        createdAt: at,
        updatedAt: at,
      };
      const image = await hub.registry.organization(scope.organizationId);
      if ((await image.fresh()).has(doc._id))
        throw new Fault("conflict", `There is a decoder ${slug} already.`);
      await keep(hub, scope, doc, at);
      trail.note({
        what: "decoder.create",
        communityId,
        target: { type: "decoder", id: slug },
        after: { version: 1, title },
      });
      await tellSites(hub, scope, slug);
      return details(hub, scope, doc);
    },
});

const change = route({
  method: "put",
  path: "/decoders/:slug",
  right: "decoders.write",
  title:
    "Changes a decoder: another script or mapping is a new version, which reads the undecoded again.",
  params: Named,
  body: DecoderDraft,
  answer: { data: DecoderDetails },
  open:
    ({ hub, sandbox }) =>
    async ({ scope, params: { slug }, body, trail }) => {
      const old = await hub.decoders.decoders.find(scope, slug);
      const { language } = await proved(sandbox, body, hub.clock.now());
      const at = new Date(hub.clock.now()).toISOString();
      const { title, source, mapping, examples, redecode_from } = body;
      const isSame =
        old.source === source &&
        JSON.stringify(old.mapping) === JSON.stringify(mapping) &&
        old.redecodeFrom === redecode_from;
      const { redecodeFrom: _, ...rest } = old;
      const doc: DecoderDoc = {
        ...rest,
        title,
        language,
        version: isSame ? old.version : old.version + 1,
        source,
        mapping,
        examples,
        ...(redecode_from === undefined ? {} : { redecodeFrom: redecode_from }),
        updatedAt: at,
      };
      await keep(hub, scope, doc, at);
      trail.note({
        what: "decoder.change",
        communityId: doc.communityId,
        target: { type: "decoder", id: slug },
        before: { version: old.version, title: old.title },
        after: { version: doc.version, title, redecodeFrom: redecode_from ?? null },
      });
      await tellSites(hub, scope, slug);
      return details(hub, scope, doc);
    },
});

const remove = route({
  method: "delete",
  path: "/decoders/:slug",
  right: "decoders.write",
  title: "Deletes a decoder that no device is decoded by.",
  params: Named,
  answer: { none: true },
  open:
    ({ hub }) =>
    async ({ scope, params: { slug }, trail }) => {
      const doc = await hub.decoders.decoders.find(scope, slug);
      const used = (await hub.devices.list(scope)).filter(({ model }) => model === modelOf(slug));
      if (used.length > 0)
        throw new Fault(
          "conflict",
          `${used.length} devices are decoded by it. Give them another one first.`,
        );
      const versions = (await hub.decoders.versions.list(scope)).filter((one) => one.slug === slug);
      await hub.decoders.decoders.remove(scope, scope.organizationId, [doc]);
      await hub.decoders.versions.remove(scope, scope.organizationId, versions);
      trail.note({
        what: "decoder.delete",
        communityId: doc.communityId,
        target: { type: "decoder", id: slug },
        before: { version: doc.version, title: doc.title },
      });
    },
});

const trial = route({
  method: "post",
  path: "/decoders/trial",
  right: "decoders.read",
  title: "Runs a script on samples and proposes a mapping; saves nothing.",
  body: DecoderTrial,
  answer: { data: TrialOutcome },
  isHarmless: true,
  open:
    ({ hub, sandbox }) =>
    ({ scope, body: { source, mapping, samples } }) =>
      tryScript(
        sandbox,
        { id: `trial ${scope.organizationId}`, version: 0, source },
        samples,
        mapping,
        hub.clock.now(),
      ),
});

const downlink = route({
  method: "post",
  path: "/decoders/trial/downlink",
  right: "decoders.read",
  title:
    "Runs a script's encodeDownlink on data, or its decodeDownlink on bytes; saves and sends nothing.",
  body: DownlinkTrial,
  answer: { data: DownlinkOutcome },
  isHarmless: true,
  open:
    ({ hub, sandbox }) =>
    async ({ scope, body: { source, data, frame } }): Promise<DownlinkOutcome> => {
      const script = { id: `trial ${scope.organizationId}`, version: 0, source };
      const at = hub.clock.now();
      if (data !== undefined) {
        const { bytes, fPort, warnings, logs } = await sandbox.encodeDownlink(script, { data, at });
        const hex = Buffer.from(bytes).toString("hex");
        return { fPort, hex, warnings: [...warnings], logs: [...logs] };
      }
      if (frame === undefined)
        throw new Fault("invalid", "Give data to encode or a frame to decode.");
      const bytes = Buffer.from(frame.hex, "hex");
      const output = await sandbox.decodeDownlink(script, { bytes, fPort: frame.fPort, at });
      const { warnings, logs } = output;
      return {
        fPort: frame.fPort,
        hex: frame.hex,
        data: output.data,
        warnings: [...warnings],
        logs: [...logs],
      };
    },
});

const examples = route({
  method: "post",
  path: "/decoders/:slug/examples",
  right: "decoders.read",
  title: "Runs a decoder's own examples as it is now.",
  params: Named,
  answer: { data: TrialOutcome },
  isHarmless: true,
  open:
    ({ hub, sandbox }) =>
    async ({ scope, params: { slug } }) => {
      const { source, mapping, examples: all } = await hub.decoders.decoders.find(scope, slug);
      const script = { id: `trial ${scope.organizationId}`, version: 0, source };
      return tryScript(sandbox, script, all, mapping, hub.clock.now());
    },
});

const assign = route({
  method: "put",
  path: "/decoders/:slug/devices",
  right: "decoders.write",
  title: "Has devices decoded by it: all of a type, or those named.",
  params: Named,
  body: DecoderAssignment,
  answer: { data: z.object({ devices: z.int() }) },
  open:
    ({ hub }) =>
    async ({ scope, params: { slug }, body, trail }) => {
      const decoder = await hub.decoders.decoders.find(scope, slug);
      const wanted = new Set(
        (body.dev_euis ?? []).map(
          (text) => DevEui.safeParse(text).data ?? DeviceId.safeParse(text).data ?? text,
        ),
      );
      const mine = (await hub.devices.list(scope)).filter(
        ({ communityId }) => decoder.communityId === null || communityId === decoder.communityId,
      );
      const unknown = [...wanted].filter((id) => !mine.some(({ deviceId }) => deviceId === id));
      if (unknown.length > 0)
        throw new Fault("not_found", `There is no such device here: ${unknown[0] as string}`);
      const chosen = mine.filter(
        ({ deviceId, model, deviceType }) =>
          wanted.has(deviceId) ||
          (body.device_type !== undefined &&
            (model === body.device_type || deviceType === body.device_type)),
      );
      const changed = chosen.filter(({ model }) => model !== modelOf(slug));
      await hub.devices.save(
        scope,
        scope.organizationId,
        changed.map((device) => ({ ...device, model: modelOf(slug) })),
      );
      trail.note({
        what: "decoder.assign",
        communityId: decoder.communityId,
        target: { type: "decoder", id: slug },
        after: { devices: changed.length, deviceType: body.device_type ?? null },
      });
      await adoptAll(hub, scope, new Set(changed.flatMap(({ communityId }) => communityId ?? [])));
      return { devices: changed.length };
    },
});

export const decoders: Area = {
  name: "decoders",
  title: "Makers' scripts that an organization brings itself",
  routes: [list, one, version, create, change, remove, trial, downlink, examples, assign],
};

/** @throws Fault "invalid" when the script or one of its own examples fails */
async function proved(
  sandbox: Sandbox,
  { source, mapping, examples: all }: DecoderDraft,
  nowMs: number,
) {
  const script = { id: "own examples", version: 0, source };
  if (all.length === 0) return functionsOf(sandbox, source);
  const outcome = await tryScript(sandbox, script, all, mapping, nowMs);
  for (const [place, { error, is_as_expected: isRight }] of outcome.samples.entries()) {
    const name = all[place]?.title ?? `example ${place + 1}`;
    if (error !== null) throw new Fault("invalid", `${name}: ${error}`, { example: place });
    if (isRight === false)
      throw new Fault("invalid", `${name}: the answer is not the one expected.`, {
        example: place,
      });
  }
  return outcome;
}

async function communityOf(
  hub: Hub,
  scope: HubScope,
  named: string | undefined,
): Promise<CommunityId | null> {
  if (named === undefined) {
    if (scope.kind === "organization") return null;
    throw new Fault("invalid", "Say for which community it is.", {
      fields: { community: "missing" },
    });
  }
  const found = (await hub.communities.list(scope)).find(
    ({ communityId, tenant }) => communityId === named || tenant === named,
  );
  if (!found) throw new Fault("not_found", "There is no such community here.");
  return found.communityId;
}

/** The version first: a decoder in force without its version would have no past. */
async function keep(hub: Hub, scope: HubScope, doc: DecoderDoc, at: string): Promise<void> {
  const { communityId, slug, version: number, language, source, mapping, redecodeFrom } = doc;
  const kept: DecoderVersionDoc = {
    _id: versionId(slug, number),
    type: "decoderversion",
    v: 1,
    communityId,
    slug,
    version: number,
    language,
    source,
    mapping,
    ...(redecodeFrom === undefined ? {} : { redecodeFrom }),
    at,
  };
  const { versions, decoders: all } = hub.decoders;
  const known = (await versions.list(scope)).some(({ _id }) => _id === kept._id);
  if (!known) await versions.save(scope, scope.organizationId, [kept]);
  await all.save(scope, scope.organizationId, [doc]);
}

/** Brings the sites of the communities that use a decoder in step with it. */
async function tellSites(hub: Hub, scope: HubScope, slug: string): Promise<void> {
  const using = (await hub.devices.list(scope)).filter(({ model }) => model === modelOf(slug));
  await adoptAll(hub, scope, new Set(using.flatMap(({ communityId }) => communityId ?? [])));
}

async function adoptAll(hub: Hub, scope: HubScope, ids: ReadonlySet<CommunityId>): Promise<void> {
  for (const community of await hub.communities.list(scope))
    if (ids.has(community.communityId)) await hub.adopt(community);
}

async function rowMaker(hub: Hub, scope: HubScope): Promise<(doc: DecoderDoc) => DecoderRow> {
  const communities = new Map(
    (await hub.communities.list(scope)).map(({ communityId, name }) => [communityId, name]),
  );
  const used = new Map<string, number>();
  for (const { model } of await hub.devices.list(scope))
    used.set(model, (used.get(model) ?? 0) + 1);
  return ({ slug, title, language, version: number, communityId, updatedAt }) => ({
    slug,
    model: modelOf(slug),
    title,
    language,
    version: number,
    community:
      communityId === null ? null : { id: communityId, name: communities.get(communityId) ?? "" },
    devices: used.get(modelOf(slug)) ?? 0,
    updated_at: updatedAt,
  });
}

async function details(hub: Hub, scope: HubScope, doc: DecoderDoc): Promise<DecoderDetails> {
  const toRow = await rowMaker(hub, scope);
  const versions = (await hub.decoders.versions.list(scope)).filter(
    ({ slug }) => slug === doc.slug,
  );
  return {
    ...toRow(doc),
    source: doc.source,
    mapping: doc.mapping,
    examples: doc.examples,
    redecode_from: doc.redecodeFrom ?? null,
    not_read_again: await notReadAgain(hub, scope, doc),
    versions: versions
      .toSorted((a, b) => b.version - a.version)
      .map(({ version: number, at, redecodeFrom }) => ({
        version: number,
        at,
        redecode_from: redecodeFrom ?? null,
      })),
  };
}

/** Where what was sent since `redecodeFrom` is history in part: the bytes are gone with its segments. */
async function notReadAgain(
  hub: Hub,
  scope: HubScope,
  { slug, redecodeFrom }: DecoderDoc,
): Promise<DecoderDetails["not_read_again"]> {
  if (redecodeFrom === undefined) return [];
  const using = new Set(
    (await hub.devices.list(scope))
      .filter(({ model }) => model === modelOf(slug))
      .map((device) => device.communityId),
  );
  const found: DecoderDetails["not_read_again"] = [];
  for (const community of await hub.communities.list(scope)) {
    if (!using.has(community.communityId)) continue;
    const last = await lastFrozen(hub.databases, community.tenant);
    const untilMs = last === undefined ? 0 : monthBounds(last).toMs;
    if (untilMs > Date.parse(redecodeFrom))
      found.push({
        community: { id: community.communityId, name: community.name },
        until: new Date(untilMs).toISOString(),
      });
  }
  return found;
}
