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
import { addToDay, dayId, dayStart, packDay, type DayDoc } from "./day.ts";
import { laterOf, latestOf, nothingYet, type Latest } from "./latest.ts";
import { rowSet, rowsOf, type ReadingRow } from "./reading-row.ts";
import { addSeqs, hasSeq, type Runs } from "./runs.ts";
import type { SeriesStore, StoredDoc, Written } from "./series-store.ts";

/** Documents per write, a day is about 1 kB: who reads meanwhile waits for one write at most. */
const WRITE_DOCS = 250;

/** The last moment that can be written with four digits of a year. */
export const LAST_MS = Date.UTC(10_000, 0) - 1;

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

/** Where a segment stands. */
export type SegmentPlace = Pick<OpenSegment, "writer" | "epoch" | "seq">;

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
  const gathered = gatheredDays();
  for (const segment of segments) {
    await breathe();
    gathered.add(segment);
  }
  return writeRollup(store, tenant, gathered, segments);
}

/** The same for what was gathered already from the segments at `places`. */
export async function writeRollup(
  store: SeriesStore,
  tenant: TenantName,
  gathered: GatheredDays,
  places: readonly SegmentPlace[],
): Promise<{ readings: number; days: number }> {
  // First what says that there is something of a device: a decoder that is mended after a cut finds its days by it.
  await write(store, await changedLatest(store, tenant, gathered.latest));
  const counts = await writeDays(store, tenant, gathered);
  await write(store, await movedPositions(store, tenant, places));
  return counts;
}

export type LatestByDevice = Map<DeviceId, Latest>;

/** Rows of segments by device and day, until they are written. */
export interface GatheredDays {
  add(segment: Pick<OpenSegment, "writer" | "uplinks">): void;
  readonly readings: number;
  readonly latest: LatestByDevice;
  readonly devices: ReadonlyMap<DeviceId, ReadonlyMap<number, readonly ReadingRow[]>>;
}

export function gatheredDays(latest: LatestByDevice = new Map()): GatheredDays {
  const devices = new Map<DeviceId, Map<number, ReadingRow[]>>();
  let readings = 0;
  return {
    devices,
    latest,
    get readings() {
      return readings;
    },
    add({ writer, uplinks }) {
      for (const uplink of uplinks) {
        const { deviceId } = uplink;
        // Out of another writer's segment anything may come: one such row must not stop all the others.
        const rows = rowsOf(uplink, writer).filter(({ time }) => isDated(time));
        const fresh = latestOf(uplink, writer, rows);
        const known = latest.get(deviceId);
        latest.set(deviceId, known ? laterOf(known, fresh) : fresh);
        let days = devices.get(deviceId);
        if (!days) devices.set(deviceId, (days = new Map()));
        for (const row of rows) {
          const dayMs = dayStart(row.time);
          const day = days.get(dayMs);
          if (day) day.push(row);
          else days.set(dayMs, [row]);
          readings++;
        }
      }
    },
  };
}

/** Writes the days alone; what is newest of each device stays in `gathered`. */
export async function writeDays(
  store: SeriesStore,
  tenant: TenantName,
  { devices, readings }: GatheredDays,
): Promise<{ readings: number; days: number }> {
  let some = new Map<string, { dayMs: number; rows: readonly ReadingRow[] }>();
  let days = 0;
  for (const [deviceId, theirs] of devices)
    for (const [dayMs, rows] of theirs) {
      some.set(dayId(tenant, deviceId, dayMs), { dayMs, rows });
      days++;
      if (some.size < WRITE_DOCS) continue;
      await write(store, await changedDays(store, some));
      some = new Map();
    }
  await write(store, await changedDays(store, some));
  return { readings, days };
}

/** Removes the days of devices from one moment to another, both inclusive, so that they can be made again. */
export async function forgetDays(
  store: SeriesStore,
  tenant: TenantName,
  deviceIds: Iterable<DeviceId>,
  fromMs: number,
  toMs: number,
): Promise<number> {
  let forgotten = 0;
  for (const deviceId of deviceIds)
    for (;;) {
      const days = await store.list<DayDoc>({
        from: dayId(tenant, deviceId, fromMs),
        to: dayId(tenant, deviceId, toMs),
        limit: WRITE_DOCS,
      });
      if (days.length > 0) refuseNone(await store.removeMany(days));
      forgotten += days.length;
      if (days.length < WRITE_DOCS) break;
    }
  return forgotten;
}

/** Writes what is newest of devices, whatever was before. */
export async function replaceLatest(
  store: SeriesStore,
  tenant: TenantName,
  latest: LatestByDevice,
): Promise<void> {
  await write(store, await changedLatest(store, tenant, latest, () => nothingYet));
}

/**
 * Removes days as they were read. @throws Fault "unavailable" where one was written since, on a store with
 * revisions
 */
export async function removeDays(
  store: SeriesStore,
  days: readonly Pick<DayDoc, "_id" | "_rev">[],
): Promise<void> {
  for (let from = 0; from < days.length; from += WRITE_DOCS)
    refuseNone(await store.removeMany(days.slice(from, from + WRITE_DOCS)));
}

/** Within what a day's id can say. */
const isDated = (time: number) => Number.isSafeInteger(time) && time >= 0 && time <= LAST_MS;

async function changedDays(
  store: SeriesStore,
  days: ReadonlyMap<string, { dayMs: number; rows: readonly ReadingRow[] }>,
): Promise<StoredDoc[]> {
  const before = new Map(
    (await store.getMany<DayDoc>([...days.keys()])).map((doc) => [doc._id, doc]),
  );
  const changed: StoredDoc[] = [];
  for (const [id, { dayMs, rows }] of days) {
    const old = before.get(id);
    const fresh = rowSet(rows);
    const now = old ? addToDay(old, fresh) : packDay(id, dayMs, fresh);
    if (now) changed.push({ ...now, ...revision(old) });
  }
  return changed;
}

async function changedLatest(
  store: SeriesStore,
  tenant: TenantName,
  latest: LatestByDevice,
  kept: (old: Latest) => Latest = (old) => old,
): Promise<StoredDoc[]> {
  const ids = [...latest.keys()].map((deviceId) => latestId(tenant, deviceId));
  const before = new Map((await store.getMany<LatestDoc>(ids)).map((doc) => [doc._id, doc]));
  return [...latest].flatMap(([deviceId, fresh]) => {
    const id = latestId(tenant, deviceId);
    const old = before.get(id);
    const merged = laterOf(kept(old?.latest ?? nothingYet), fresh);
    if (old && JSON.stringify(merged) === JSON.stringify(old.latest)) return [];
    return [{ _id: id, type: "last", v: 1, latest: merged, ...revision(old) }];
  });
}

async function movedPositions(
  store: SeriesStore,
  tenant: TenantName,
  segments: readonly SegmentPlace[],
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
  for (let from = 0; from < docs.length; from += WRITE_DOCS)
    refuseNone(await store.bulk(docs.slice(from, from + WRITE_DOCS)));
}

function refuseNone(outcomes: readonly Written[]): void {
  const refused = outcomes.find(({ ok }) => !ok);
  if (refused)
    throw new Fault("unavailable", `the rollup could not write ${refused.id}`, {}, refused.message);
}
