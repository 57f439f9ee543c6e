/**
 * `keep-segments`: puts segments of a gateway that is let in no more where they belong, whoever brings
 * them. They go in whole or not at all; done again it changes nothing.
 */
import type { Doc } from "#shared/couch/database.ts";
import { databaseName, monthOf, parseDatabaseName } from "#shared/model/database-names.ts";
import { Fault } from "#shared/model/fault.ts";
import type { TenantName } from "#shared/model/ids.ts";
import type { SegmentDoc } from "#shared/model/segment.ts";
import { unpackSegment } from "#shared/series/segment.ts";
import type { Hub } from "./hub.ts";
import { frozenRuns, hasSegment } from "./month-parts.ts";
import { isFrozen } from "./months.ts";
import { whyForbidden } from "./validate.ts";

export interface KeptSegments {
  /** The database they are in now. */
  readonly name: string;
  /** Segments and uplinks that were not here before. */
  readonly segments: number;
  readonly uplinks: number;
  /** Segments that were. */
  readonly known: number;
  /** Their month is history: they make a further version of it. */
  readonly isLate: boolean;
}

export type RevisedSegment = SegmentDoc & { readonly _rev: string };

interface Place {
  readonly tenant: TenantName;
  readonly month: string;
}

/**
 * @param docs with the revisions they had where they came from
 * @throws Fault "invalid" for one that `writer` could not have written, "conflict" when one is here and says something else
 */
export async function keepSegments(
  hub: Hub,
  writer: string,
  place: Place,
  docs: readonly RevisedSegment[],
): Promise<KeptSegments> {
  const from = databaseName.tele(place.tenant, place.month);
  const uplinks = new Map(docs.map((doc) => [doc._id, uplinksIn(doc, writer, from)]));
  const { isLate, database, here } = await placeFor(hub, place, [...uplinks.keys()]);
  for (const { _id, digest } of docs)
    if ((here.get(_id) ?? digest) !== digest)
      throw new Fault("conflict", `${_id} is here already, and says something else.`);
  const fresh = docs.filter(({ _id }) => !here.has(_id));
  await database.take(fresh);
  // Its month became history meanwhile, and may have gone with what was put there just now.
  if (!isLate && (await isFrozen(hub.databases, place.tenant, place.month)))
    return keepSegments(hub, writer, place, docs);
  hub.months.written(database.name);
  hub.moved.tell(place.tenant);
  return {
    name: database.name,
    segments: fresh.length,
    uplinks: fresh.reduce((sum, { _id }) => sum + (uplinks.get(_id) ?? 0), 0),
    known: docs.length - fresh.length,
    isLate,
  };
}

/** Those of a month's segments that are not here, nor were when it became history. */
export async function lackingSegments(
  hub: Hub,
  place: Place,
  ids: readonly string[],
): Promise<string[]> {
  const { here } = await placeFor(hub, place, ids);
  return ids.filter((id) => !here.has(id));
}

/**
 * Where a month's segments go, and which of them are here, with their digests: undefined of one that became
 * history and was let go of. A month that is history takes none: they go where segments of today go, and
 * what they say makes a further version of it.
 */
async function placeFor(hub: Hub, { tenant, month }: Place, ids: readonly string[]) {
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
function uplinksIn(doc: RevisedSegment, writer: string, name: string): number {
  const { _rev, ...content } = doc;
  // As if the gateway had written it: its own rules hold for what others bring, too.
  const forbidden =
    parseDatabaseName(name)?.kind === "tele"
      ? whyForbidden(content, null, { db: name, name: writer, roles: [] })
      : "it is of no month";
  if (forbidden !== undefined || !/^1-[0-9a-f]{32}$/.test(_rev))
    throw new Fault("invalid", `${doc._id}: ${forbidden ?? "its revision is not a first one"}`);
  return unpackSegment(doc).length;
}
