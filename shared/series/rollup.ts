/**
 * `rollup`: days and latest of every device, made from segments and from nothing else.
 *
 * Idempotent and order-free: any order, repetition and cut of the same segments ends in the same
 * documents. The whole store may be deleted at any time and is made again.
 */
import { Fault } from "#shared/model/fault.ts";
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { KeptUplink } from "#shared/model/kept-uplink.ts";
import { breathe } from "./breathe.ts";
import { dayId, dayStart, packDay, unpackDay, type DayDoc } from "./day.ts";
import { laterOf, latestOf, nothingYet, type Latest } from "./latest.ts";
import { mergeRows, rowSet, rowsOf, type ReadingRow } from "./reading-row.ts";
import { addSeqs, hasSeq, type Runs } from "./runs.ts";
import type { SeriesStore, StoredDoc } from "./series-store.ts";

/** Documents per write, a day is about 1 kB: who reads meanwhile waits for one write at most. */
const WRITE_DOCS = 250;

/** `last:{tenant}:{device}`. */
export interface LatestDoc extends StoredDoc {
  readonly type: "last";
  readonly v: 1;
  readonly latest: Latest;
}

/** `pos:{tenant}:{writer}:{epoch}`: which of a writer's segments are in the rollup. */
export interface PositionDoc extends StoredDoc {
  readonly type: "pos";
  readonly v: 1;
  readonly runs: Runs;
}

export const latestId = (tenant: TenantName, deviceId: DeviceId) => `last:${tenant}:${deviceId}`;
const positionId = (tenant: TenantName, writer: string, epoch: string) =>
  `pos:${tenant}:${writer}:${epoch}`;

/** A segment taken apart: who wrote it, and what it holds. */
export interface OpenSegment {
  readonly writer: string;
  readonly epoch: string;
  readonly seq: number;
  readonly uplinks: readonly KeptUplink[];
}

/** The runs already in the rollup, by `{writer}:{epoch}`. */
export async function positionsOf(
  store: SeriesStore,
  tenant: TenantName,
): Promise<Map<string, Runs>> {
  const prefix = `pos:${tenant}:`;
  const docs = await store.list<PositionDoc>({ from: prefix, to: `${prefix}\uffff` });
  return new Map(docs.map(({ _id, runs }) => [_id.slice(prefix.length), runs]));
}

/** Whether a segment is in the rollup. */
export function isRolledUp(
  positions: ReadonlyMap<string, Runs>,
  writer: string,
  epoch: string,
  seq: number,
): boolean {
  return hasSeq(positions.get(`${writer}:${epoch}`) ?? [], seq);
}

/**
 * Puts segments into the rollup: one write per device and day, however many segments touch it.
 * Positions are written after the days they speak of, so that a cut in between only repeats work.
 *
 * @returns how many readings and days were written
 * @throws Fault "unavailable" when the store refused a document; nothing is lost, call again
 */
export async function rollUp(
  store: SeriesStore,
  tenant: TenantName,
  segments: readonly OpenSegment[],
): Promise<{ readings: number; days: number }> {
  const days = new Map<string, { dayMs: number; rows: ReadingRow[] }>();
  const latest = new Map<string, Latest>();
  let readings = 0;
  for (const { writer, uplinks } of segments) {
    await breathe();
    for (const uplink of uplinks) {
      // Out of another writer's segment anything may come: one such row must not stop all the others.
      const rows = rowsOf(uplink, writer).filter(({ time }) => isDated(time));
      const id = latestId(tenant, uplink.deviceId);
      latest.set(id, laterOf(latest.get(id) ?? nothingYet, latestOf(uplink, writer, rows)));
      for (const row of rows) {
        const dayMs = dayStart(row.time);
        const key = dayId(tenant, uplink.deviceId, dayMs);
        const day = days.get(key);
        if (day) day.rows.push(row);
        else days.set(key, { dayMs, rows: [row] });
        readings++;
      }
    }
  }
  const keys = [...days.keys()];
  for (let from = 0; from < keys.length; from += WRITE_DOCS)
    await write(store, await changedDays(store, days, keys.slice(from, from + WRITE_DOCS)));
  await write(store, await changedLatest(store, latest));
  await write(store, await movedPositions(store, tenant, segments));
  return { readings, days: days.size };
}

/** Within what a day's id can say. */
const isDated = (time: number) =>
  Number.isSafeInteger(time) && time >= 0 && time < Date.UTC(10_000, 0);

async function changedDays(
  store: SeriesStore,
  days: ReadonlyMap<string, { dayMs: number; rows: ReadingRow[] }>,
  ids: readonly string[],
): Promise<StoredDoc[]> {
  const before = new Map((await store.getMany<DayDoc>(ids)).map((doc) => [doc._id, doc]));
  return ids.flatMap((id) => {
    const { dayMs, rows } = days.get(id) as { dayMs: number; rows: ReadingRow[] };
    const old = before.get(id);
    const oldRows = old ? unpackDay(old) : [];
    const merged = mergeRows(oldRows, rowSet(rows));
    if (old && merged.length === oldRows.length) return [];
    return [{ ...packDay(id, dayMs, merged), ...revision(old) }];
  });
}

async function changedLatest(
  store: SeriesStore,
  latest: ReadonlyMap<string, Latest>,
): Promise<StoredDoc[]> {
  const before = new Map(
    (await store.getMany<LatestDoc>([...latest.keys()])).map((doc) => [doc._id, doc]),
  );
  return [...latest].flatMap(([id, fresh]) => {
    const old = before.get(id);
    const merged = laterOf(old?.latest ?? nothingYet, fresh);
    if (old && JSON.stringify(merged) === JSON.stringify(old.latest)) return [];
    return [{ _id: id, type: "last", v: 1, latest: merged, ...revision(old) }];
  });
}

async function movedPositions(
  store: SeriesStore,
  tenant: TenantName,
  segments: readonly OpenSegment[],
): Promise<StoredDoc[]> {
  const seqs = new Map<string, number[]>();
  for (const { writer, epoch, seq } of segments) {
    const id = positionId(tenant, writer, epoch);
    const list = seqs.get(id);
    if (list) list.push(seq);
    else seqs.set(id, [seq]);
  }
  const before = new Map(
    (await store.getMany<PositionDoc>([...seqs.keys()])).map((doc) => [doc._id, doc]),
  );
  return [...seqs].map(([id, list]) => {
    const old = before.get(id);
    return { _id: id, type: "pos", v: 1, runs: addSeqs(old?.runs ?? [], list), ...revision(old) };
  });
}

const revision = (old: StoredDoc | undefined) =>
  old?._rev === undefined ? {} : { _rev: old._rev };

async function write(store: SeriesStore, docs: readonly StoredDoc[]): Promise<void> {
  for (let from = 0; from < docs.length; from += WRITE_DOCS) {
    const refused = (await store.bulk(docs.slice(from, from + WRITE_DOCS))).find(({ ok }) => !ok);
    if (refused)
      throw new Fault(
        "unavailable",
        `the rollup could not write ${refused.id}`,
        {},
        refused.message,
      );
  }
}
