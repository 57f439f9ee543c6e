/**
 * `take-in`: reads what withdrawn gateways could not send, out of the sealed files that somebody
 * brought from the machine. A file goes in whole or not at all; done again it changes nothing.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { JWK } from "jose";
import type { Hub } from "#cloud/hub/hub.ts";
import { openUnsent, type Unsent } from "#shared/auth/unsent.ts";
import type { Doc } from "#shared/couch/database.ts";
import { databaseName, monthOf, parseDatabaseName } from "#shared/model/database-names.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { TenantName } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { SegmentDoc } from "#shared/model/segment.ts";
import { unpackSegment } from "#shared/series/segment.ts";
import { frozenRuns, hasSegment } from "./month-parts.ts";
import { isFrozen } from "./months.ts";
import { whyForbidden } from "./validate.ts";

const scope = systemScope("take-in");

export interface TakenFile {
  readonly file: string;
  /** What was done, or why it was not. */
  readonly outcome:
    | {
        readonly gatewayId: string;
        readonly community: string;
        /** Segments and uplinks that were not here before. */
        readonly segments: number;
        readonly uplinks: number;
        /** Segments that were. */
        readonly known: number;
        /** Their month is history: they make a further version of it. */
        readonly isLate: boolean;
      }
    | { readonly refused: string };
}

/**
 * @param path a file, or a folder of them (those named `*.jwe`)
 * @throws Fault "not_found" for a path at which there is none
 */
export async function takeIn(hub: Hub, { path }: { path: string }): Promise<TakenFile[]> {
  const taken: TakenFile[] = [];
  for (const file of await filesAt(path)) {
    const name = basename(file);
    try {
      taken.push({ file: name, outcome: await takeFile(hub, await readFile(file, "utf8")) });
    } catch (error) {
      if (!isFault(error)) throw error;
      taken.push({ file: name, outcome: { refused: error.message } });
    }
  }
  return taken;
}

async function filesAt(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return [path];
  const names = found?.isDirectory() ? await readdir(path) : [];
  const files = names.filter((name) => name.endsWith(".jwe")).sort();
  if (files.length === 0) throw new Fault("not_found", `There is no sealed file at ${path}.`);
  return files.map((name) => join(path, name));
}

async function takeFile(hub: Hub, text: string): Promise<TakenFile["outcome"]> {
  const { gatewayId, name, docs } = await openUnsent(text, hub.secrets.sealing.key, (id) =>
    hub.gateways.find(scope, id).then(
      ({ signing }) => signing as JWK,
      () => {
        throw new Fault("not_found", `This hub knows no gateway ${id}.`);
      },
    ),
  );
  const gateway = await hub.gateways.find(scope, gatewayId);
  const parsed = parseDatabaseName(name);
  const community =
    parsed?.kind === "tele"
      ? (await hub.communities.list(scope)).find(({ tenant }) => tenant === parsed.tenant)
      : undefined;
  if (parsed?.kind !== "tele" || !community || !gateway.communities.includes(community.communityId))
    throw new Fault("not_found", `${gatewayId} works for no community of ${name} here.`);
  const uplinks = new Map(docs.map((doc) => [doc._id, uplinksIn(doc, gatewayId, name)]));
  const { isLate, database, here } = await placeFor(hub, parsed, [...uplinks.keys()]);
  for (const { _id, digest } of docs)
    if ((here.get(_id) ?? digest) !== digest)
      throw new Fault("conflict", `${_id} is here already, and says something else.`);
  const fresh = docs.filter(({ _id }) => !here.has(_id));
  await database.take(fresh);
  // Its month became history meanwhile, and may have gone with what was put there just now.
  if (!isLate && (await isFrozen(hub.databases, parsed.tenant, parsed.month)))
    return takeFile(hub, text);
  hub.months.written(database.name);
  hub.moved.tell(parsed.tenant);
  const outcome = {
    gatewayId,
    community: parsed.tenant,
    segments: fresh.length,
    uplinks: fresh.reduce((sum, { _id }) => sum + (uplinks.get(_id) ?? 0), 0),
    known: docs.length - fresh.length,
    isLate,
  };
  await hub.audit.add({
    organizationId: community.organizationId,
    communityId: community.communityId,
    by: { kind: "system", id: "take-in", roles: [] },
    assistant: null,
    forWhom: null,
    what: "gateway.take-in",
    target: { type: "gateway", id: gatewayId, name: gateway.name },
    after: { database: database.name, month: parsed.month, ...outcome },
    from: "",
    result: "ok",
    requestId: Buffer.from(hub.random(8)).toString("hex"),
  });
  return outcome;
}

/**
 * Where a month's segments go, and which of them are here, with their digests: undefined of one that became
 * history and was let go of. A month that is history takes none: they go where segments of today go, and
 * what they say makes a further version of it.
 */
async function placeFor(
  hub: Hub,
  { tenant, month }: { readonly tenant: TenantName; readonly month: string },
  ids: readonly string[],
) {
  await hub.months.make(tenant, month);
  const isLate = await isFrozen(hub.databases, tenant, month);
  const into = isLate ? monthOf(hub.clock.now()) : month;
  if (isLate) await hub.months.make(tenant, into);
  const database = await hub.databases.open(databaseName.tele(tenant, into));
  const here = new Map<string, string | undefined>();
  const frozen = await frozenRuns(hub.databases, tenant);
  for (const id of ids) if (hasSegment(frozen, id)) here.set(id, undefined);
  for (const one of await hub.months.tele(tenant)) {
    // A month that is history may go at any moment, with what its history was not made of.
    const isLeaving = isLate && one.name === databaseName.tele(tenant, month);
    for (const doc of isLeaving ? [] : await one.getMany<SegmentDoc & Doc>(ids))
      here.set(doc._id, doc.digest);
    await one.close();
  }
  return { isLate, database, here };
}

/** How many uplinks a segment has that may stand there. @throws Fault "invalid" */
function uplinksIn(doc: Unsent["docs"][number], gatewayId: string, name: string): number {
  const { _rev, ...content } = doc;
  // As if the gateway had written it: its own rules hold for what is brought by hand, too.
  const forbidden = whyForbidden(content, null, { db: name, name: gatewayId, roles: [] });
  if (forbidden !== undefined || !/^1-[0-9a-f]{32}$/.test(_rev))
    throw new Fault("invalid", `${doc._id}: ${forbidden ?? "its revision is not a first one"}`);
  return unpackSegment(doc).length;
}
