/**
 * `month-parts`: which segments of which writers a month holds, and who may have more of it.
 *
 * A gateway's part is whole when its chain goes on into a later month without a hole, or when it
 * said after the month's end that nothing waits there. Only then may the month's segments go.
 */
import type { Database, Databases, Doc, Shelf } from "#shared/couch/database.ts";
import { monthBounds, parseDatabaseName } from "#shared/model/database-names.ts";
import type { FrozenMonthDoc } from "#shared/model/frozen.ts";
import type { TenantName, WriterId } from "#shared/model/ids.ts";
import { parseSegmentId, type SegmentDoc } from "#shared/model/segment.ts";
import { isRolledUp, positionsOf } from "#shared/series/rollup.ts";
import { isDamaged } from "#shared/series/rollup-worker.ts";

export interface MonthParts {
  readonly runs: FrozenMonthDoc["segments"];
}

const PAGE = 500;

/** What a month's database holds. `seq` of a run is without holes, or the run is cut there. */
export async function monthParts(database: Database): Promise<MonthParts> {
  const runs: FrozenMonthDoc["segments"] = [];
  for (let from = "s:"; ;) {
    const page = await database.list<SegmentDoc & { _id: string }>({
      from,
      to: "s:\uffff",
      limit: PAGE,
    });
    for (const doc of page) {
      const place = parseSegmentId(doc._id);
      if (!place) continue;
      const { writer, epoch, seq } = place;
      const last = runs.at(-1);
      const uplinks = Number.isSafeInteger(doc.count) ? doc.count : 0;
      if (last?.writer === writer && last.epoch === epoch && last.to + 1 === seq)
        runs[runs.length - 1] = { ...last, to: seq, uplinks: last.uplinks + uplinks };
      else runs.push({ writer, epoch, from: seq, to: seq, uplinks });
    }
    const last = page.at(-1);
    if (!last || page.length < PAGE) return { runs };
    from = `${last._id}\u0000`;
  }
}

/** The segments that all months of history were made of. */
export async function frozenRuns(
  databases: Pick<Databases, "names" | "openExisting">,
  tenant: TenantName,
): Promise<FrozenMonthDoc["segments"]> {
  const runs: FrozenMonthDoc["segments"][number][] = [];
  for (const name of await databases.names()) {
    const parsed = parseDatabaseName(name);
    if (parsed?.kind !== "hist" || parsed.tenant !== tenant) continue;
    const hist = await databases.openExisting(name);
    const said = await hist?.get<FrozenMonthDoc & Doc>("month");
    await hist?.close();
    runs.push(...(said?.segments ?? []));
  }
  return runs;
}

/** Whether one of the runs has a segment. */
export function hasSegment(runs: FrozenMonthDoc["segments"], id: string): boolean {
  const place = parseSegmentId(id);
  return runs.some(
    ({ writer, epoch, from, to }) =>
      place?.writer === writer && place.epoch === epoch && from <= place.seq && place.seq <= to,
  );
}

/**
 * A segment of the month that is here and in no day of the rollup, damaged ones apart: those tell nothing
 * to anybody. Until there is none, the month must neither become history nor go.
 */
export async function notRolledUp(
  database: Database,
  roll: Shelf,
  tenant: TenantName,
): Promise<string | undefined> {
  const positions = await positionsOf(roll, tenant);
  for (let from = "s:"; ;) {
    const page = await database.ids({ from, to: "s:\uffff", limit: PAGE });
    const out = page.filter((id) => {
      const place = parseSegmentId(id);
      return place && !isRolledUp(positions, place.writer, place.epoch, place.seq);
    });
    const docs = await database.getMany<SegmentDoc & Doc>(out);
    const damaged = new Set(docs.flatMap((doc) => (isDamaged(doc) ? doc._id : [])));
    const whole = out.find((id) => !damaged.has(id));
    if (whole !== undefined) return whole;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return undefined;
    from = `${last}\u0000`;
  }
}

/** What is known of a writer's chain over all months that are here. */
export interface WriterChain {
  /** In words what is missing within it; empty when there are no holes. */
  readonly holes: readonly string[];
  /** The segment before the first that is here; undefined when that one begins the chain, or there is none. */
  readonly follows: string | undefined;
  /** The month of its newest segment. */
  readonly lastMonth: string | undefined;
}

/**
 * Follows one writer's chain through the months, oldest first. It may fork, where a machine went back to an old
 * image of its disk or was cloned: nothing is missing as long as each segment goes on from one that is here.
 *
 * @param frozen the segments that months of history were made of
 */
export async function writerChain(
  months: readonly Database[],
  writer: WriterId,
  frozen: FrozenMonthDoc["segments"] = [],
): Promise<WriterChain> {
  const holes: string[] = [];
  let before: { id: string; uplinks: number } | undefined;
  let [lastMonth, follows]: (string | undefined)[] = [];
  const prefix = `s:${writer}:`;
  const goesOn = async ({ prev, before: uplinks }: SegmentDoc): Promise<boolean> => {
    if (prev === null) return uplinks === 0;
    for (const month of months) {
      const found = await month.get<SegmentDoc & Doc>(prev.id);
      if (found) return found.before + found.count === uplinks;
    }
    return hasSegment(frozen, prev.id);
  };
  for (const month of months)
    for (let from = prefix; ;) {
      const page = await month.list<SegmentDoc & { _id: string }>({
        from,
        to: `${prefix}\uffff`,
        limit: PAGE,
      });
      for (const doc of page) {
        if (!parseSegmentId(doc._id)) continue;
        // The first that is left may follow one that was dropped with its month.
        const isNext = doc.prev?.id === before?.id && doc.before === before?.uplinks;
        if (before && !isNext && !(await goesOn(doc)))
          holes.push(`between ${before.id} and ${doc._id}`);
        if (!before) follows = doc.prev?.id;
        before = { id: doc._id, uplinks: doc.before + doc.count };
        const parsed = parseDatabaseName(month.name);
        if (parsed?.kind === "tele") lastMonth = parsed.month;
      }
      const last = page.at(-1);
      if (!last || page.length < PAGE) break;
      from = `${last._id}\u0000`;
    }
  return { holes, follows, lastMonth };
}

/** A gateway whose part counts. */
export interface PartOwner {
  readonly gatewayId: string;
  readonly name: string;
  /** All that it heard until then is here, by its own word; null when it said nothing. */
  readonly completeUntil: string | null;
  /** Documents the hub refused. */
  readonly denied: number;
}

/**
 * Who may still hold a part of a month that is not here, in words; empty when nobody does.
 *
 * @param months all months of segments that are here, oldest first
 * @param owners the community's gateways that are not withdrawn
 * @param frozen the segments that months of history were made of
 */
export async function missingParts(
  months: readonly Database[],
  month: string,
  owners: readonly PartOwner[],
  frozen: FrozenMonthDoc["segments"] = [],
): Promise<string[]> {
  const missing: string[] = [];
  const endMs = monthBounds(month).toMs;
  for (const { gatewayId, name, completeUntil, denied } of owners) {
    const { holes, follows, lastMonth } = await writerChain(months, gatewayId as WriterId, frozen);
    const isAllSaid = isAfter(completeUntil, endMs);
    // With much waiting the newest goes ahead: it may be all that is here of it.
    const hasBegun = follows === undefined || hasSegment(frozen, follows) || isAllSaid;
    if (holes.length > 0) missing.push(`${name}: segments are missing ${holes[0]}`);
    else if (!hasBegun) missing.push(`${name}: segments are missing up to ${follows}`);
    else if (denied > 0) missing.push(`${name}: ${denied} of its documents were refused`);
    else if (!(lastMonth !== undefined && lastMonth > month) && !isAllSaid)
      missing.push(`${name}: has not said yet that all of this month is here`);
  }
  return missing;
}

const isAfter = (at: string | null, timeMs: number) => at !== null && Date.parse(at) >= timeMs;
