/**
 * `mappings`: formats that an organization writes itself for its own JSON: tried on a sample, kept,
 * sent to the gateways with their next synchronisation.
 */
import { z } from "zod";
import { Paging } from "#cloud/api/paging.ts";
import { route, type Area } from "#cloud/api/route.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import type { MappingDoc } from "#cloud/hub/mapping-store.ts";
import {
  MappingDetails,
  MappingDraft,
  MappingRow,
  MappingTrialAsked,
  MappingTrialOutcome,
  NewMapping,
} from "#shared/api/mappings.ts";
import { Fault } from "#shared/model/fault.ts";
import type { CommunityId } from "#shared/model/ids.ts";
import { MappingName } from "#shared/model/json-mapping.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { tryOnSample } from "./trial.ts";

const Named = z.object({ name: MappingName });

const list = route({
  method: "get",
  path: "/mappings",
  right: "decoders.read",
  title: "The organization's own JSON formats, by title.",
  query: Paging,
  answer: { rows: MappingRow },
  open:
    ({ hub }) =>
    async ({ scope, query: { limit, offset } }) => {
      const all = (await hub.mappings.list(scope)).toSorted((a, b) =>
        a.title.localeCompare(b.title),
      );
      const toRow = await rowMaker(hub, scope);
      return { rows: all.slice(offset, offset + limit).map(toRow), total: all.length };
    },
});

const one = route({
  method: "get",
  path: "/mappings/:name",
  right: "decoders.read",
  title: "One mapping with the sample it was written with.",
  params: Named,
  answer: { data: MappingDetails },
  open:
    ({ hub }) =>
    async ({ scope, params: { name } }) =>
      details(hub, scope, await hub.mappings.find(scope, name)),
});

const create = route({
  method: "post",
  path: "/mappings",
  right: "decoders.write",
  title: "Adds a mapping. With a sample, it must read a value out of it.",
  body: NewMapping,
  answer: { status: 201, data: MappingDetails },
  open:
    ({ hub }) =>
    async ({ scope, body, trail }) => {
      const { name, title, sample } = body;
      const communityId = await communityOf(hub, scope, body.community);
      const mapping = { ...body.mapping, name };
      prove(mapping, sample);
      const image = await hub.registry.organization(scope.organizationId);
      if ((await image.fresh()).has(`mapping:${name}`))
        throw new Fault("conflict", `There is a mapping ${name} already.`);
      const at = new Date(hub.clock.now()).toISOString();
      const doc: MappingDoc = {
        _id: `mapping:${name}`,
        type: "mapping",
        v: 1,
        communityId,
        title,
        mapping,
        sample,
        createdAt: at,
        updatedAt: at,
      };
      await hub.mappings.save(scope, scope.organizationId, [doc]);
      trail.note({
        what: "mapping.create",
        communityId,
        target: { type: "mapping", id: name },
        after: { title, mapping },
      });
      await tellSites(hub, scope, communityId);
      return details(hub, scope, doc);
    },
});

const change = route({
  method: "put",
  path: "/mappings/:name",
  right: "decoders.write",
  title: "Changes a mapping; what comes from then on is read by it.",
  params: Named,
  body: MappingDraft,
  answer: { data: MappingDetails },
  open:
    ({ hub }) =>
    async ({ scope, params: { name }, body: { title, mapping: draft, sample }, trail }) => {
      const before = await hub.mappings.find(scope, name);
      const mapping = { ...draft, name };
      prove(mapping, sample);
      const updatedAt = new Date(hub.clock.now()).toISOString();
      const doc: MappingDoc = { ...before, title, mapping, sample, updatedAt };
      await hub.mappings.save(scope, scope.organizationId, [doc]);
      trail.note({
        what: "mapping.change",
        communityId: doc.communityId,
        target: { type: "mapping", id: name },
        before: { title: before.title, mapping: before.mapping },
        after: { title, mapping },
      });
      await tellSites(hub, scope, doc.communityId);
      return details(hub, scope, doc);
    },
});

const remove = route({
  method: "delete",
  path: "/mappings/:name",
  right: "decoders.write",
  title: "Deletes a mapping; what it read stays, what comes from then on is not recognised.",
  params: Named,
  answer: { none: true },
  open:
    ({ hub }) =>
    async ({ scope, params: { name }, trail }) => {
      const doc = await hub.mappings.find(scope, name);
      await hub.mappings.remove(scope, scope.organizationId, [doc]);
      trail.note({
        what: "mapping.delete",
        communityId: doc.communityId,
        target: { type: "mapping", id: name },
        before: { title: doc.title, mapping: doc.mapping },
      });
      await tellSites(hub, scope, doc.communityId);
    },
});

const trial = route({
  method: "post",
  path: "/mappings/trial",
  right: "decoders.read",
  title: "What a mapping makes of a sample, part by part; saves nothing.",
  body: MappingTrialAsked,
  answer: { data: MappingTrialOutcome },
  isHarmless: true,
  open:
    () =>
    ({ body: { mapping, sample } }) =>
      tryOnSample(mapping, sample),
});

export const mappings: Area = {
  name: "mappings",
  title: "Formats that an organization writes itself for its own JSON",
  routes: [list, one, create, change, remove, trial],
};

/** @throws Fault "invalid" when a sample is given and the mapping reads nothing out of it */
function prove(mapping: MappingDoc["mapping"], sample: MappingDoc["sample"]): void {
  if (sample === null) return;
  const { device, values } = tryOnSample(mapping, sample);
  if (device.is === null)
    throw new Fault("invalid", `The sample's device: ${device.why}`, { part: "device" });
  if (values.every(({ is }) => is === null))
    throw new Fault("invalid", "The mapping reads no value out of the sample.", { part: "values" });
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

/** Brings the sites in step: of one community, or of all. */
async function tellSites(
  hub: Hub,
  scope: HubScope,
  communityId: CommunityId | null,
): Promise<void> {
  for (const community of await hub.communities.list(scope))
    if (communityId === null || community.communityId === communityId) await hub.adopt(community);
}

async function rowMaker(hub: Hub, scope: HubScope): Promise<(doc: MappingDoc) => MappingRow> {
  const names = new Map(
    (await hub.communities.list(scope)).map(({ communityId, name }) => [communityId, name]),
  );
  return ({ mapping: { name, topic }, title, communityId, updatedAt }) => ({
    name,
    title,
    topic,
    community:
      communityId === null ? null : { id: communityId, name: names.get(communityId) ?? "" },
    updated_at: updatedAt,
  });
}

async function details(hub: Hub, scope: HubScope, doc: MappingDoc): Promise<MappingDetails> {
  const toRow = await rowMaker(hub, scope);
  return { ...toRow(doc), mapping: doc.mapping, sample: doc.sample };
}
