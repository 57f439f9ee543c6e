/**
 * `reading-store`: what was measured, as far as the asker may see it.
 *
 * The window is cut here, below every page: readings, latest and consumption outside of it do not
 * leave this file. What is out of reach altogether is "not found".
 */
import { Fault } from "#shared/model/fault.ts";
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { RegisterId, Unit } from "#shared/model/registers.ts";
import type { Scope } from "#shared/model/scope.ts";
import { stretches, type Step, type Zones } from "./calendar.ts";
import { consumption, type ConsumptionResult } from "./consumption.ts";
import { dayId, unpackDay, type DayDoc } from "./day.ts";
import { indexSeries, type IndexPoint, type IndexSeries } from "./index-series.ts";
import { laterOf, nothingYet, type Latest } from "./latest.ts";
import type { Pending } from "./pending.ts";
import { mergeRows, withoutCopies, type ReadingRow } from "./reading-row.ts";
import { latestId, type LatestDoc } from "./rollup.ts";
import type { SeriesStore } from "./series-store.ts";

/** A stretch of a device's life that somebody may see, epoch ms, `toMs` exclusive (Infinity: open). */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
  /** The installation it lies in: indexes outside it belong to another home. */
  readonly mounted: {
    readonly fromMs: number;
    readonly toMs: number;
    /** Index at mounting and at removal, n × 10^scale in the register's unit. */
    readonly start?: { readonly n: number; readonly scale: number };
    readonly end?: { readonly n: number; readonly scale: number };
  };
}

/** The window of one who sees everything of a device. */
export const everything: Window = {
  fromMs: -Infinity,
  toMs: Infinity,
  mounted: { fromMs: -Infinity, toMs: Infinity },
};

/** Says which stretches of a device a scope reaches, oldest first; empty when none: then it does not exist for them. */
export type Reach = (
  scope: Scope,
  tenant: TenantName,
  deviceId: DeviceId,
) => readonly Window[] | Promise<readonly Window[]>;

export interface ConsumptionAsked {
  /** Registers that may carry the index, best first. */
  readonly registers: readonly RegisterId[];
  readonly zones: Zones;
  /** Local dates, `to` exclusive. */
  readonly from: string;
  readonly to: string;
  readonly step: Step;
  readonly nowMs: number;
  readonly gapMs: number;
  /** Which of the reached windows is meant; the last when left out. */
  readonly window?: Window;
}

export interface ConsumptionAnswer extends ConsumptionResult {
  readonly register: RegisterId;
  readonly unit: Unit;
  readonly scale: number;
}

export interface ReadingStore {
  /** The newest reading in reach and, for a window that is open now, how the device was last heard. @throws Fault "not_found" */
  latest(scope: Scope, tenant: TenantName, deviceId: DeviceId): Promise<Latest>;
  /** Of every device of the community that has been heard and is in reach. */
  latestAll(scope: Scope, tenant: TenantName): Promise<Map<DeviceId, Latest>>;
  /** In order of time, copies folded, `[fromMs, toMs)`. @throws Fault "not_found" */
  readings(
    scope: Scope,
    tenant: TenantName,
    deviceId: DeviceId,
    fromMs: number,
    toMs: number,
  ): Promise<ReadingRow[]>;
  /** Consumption by calendar; undefined when no such register was ever read. @throws Fault "not_found" | "invalid" */
  consumption(
    scope: Scope,
    tenant: TenantName,
    deviceId: DeviceId,
    asked: ConsumptionAsked,
  ): Promise<ConsumptionAnswer | undefined>;
}

export function readingStore({
  store,
  reach,
  pending,
}: {
  store: SeriesStore;
  reach: Reach;
  pending?: Pending;
}): ReadingStore {
  const windowsOf = async (scope: Scope, tenant: TenantName, deviceId: DeviceId) => {
    const windows = await reach(scope, tenant, deviceId);
    if (windows.length === 0) throw new Fault("not_found", "there is no such meter here");
    return windows;
  };
  const rowsBetween = async (
    tenant: TenantName,
    deviceId: DeviceId,
    fromMs: number,
    toMs: number,
  ) => {
    const docs = await store.list<DayDoc>({
      from: dayId(tenant, deviceId, fromMs),
      to: dayId(tenant, deviceId, toMs - 1),
    });
    const rows = mergeRows(docs.flatMap(unpackDay), pending?.rows(tenant, deviceId) ?? []);
    return withoutCopies(rows);
  };
  /** The rows around as well, where there are some: a border needs a reading on either side. */
  const rowsAround = async (
    tenant: TenantName,
    deviceId: DeviceId,
    fromMs: number,
    toMs: number,
  ) => {
    const prefix = `day:${tenant}:${deviceId}:`;
    const [before] = await store.list<DayDoc>({
      from: prefix,
      to: dayId(tenant, deviceId, fromMs - 86_400_000),
      descending: true,
      limit: 1,
    });
    const [after] = await store.list<DayDoc>({
      from: dayId(tenant, deviceId, toMs + 86_400_000),
      to: `${prefix}\uffff`,
      limit: 1,
    });
    const rows = await rowsBetween(tenant, deviceId, fromMs, toMs + 1);
    return withoutCopies(
      mergeRows(mergeRows(before ? unpackDay(before) : [], rows), after ? unpackDay(after) : []),
    );
  };
  return {
    async latest(scope, tenant, deviceId) {
      const windows = await windowsOf(scope, tenant, deviceId);
      const doc = await store.get<LatestDoc>(latestId(tenant, deviceId));
      const latest = laterOf(
        doc?.latest ?? nothingYet,
        pending?.latest(tenant, deviceId) ?? nothingYet,
      );
      return clipLatest(latest, windows, async (window) => {
        // Two days: of the one the window ends in, all rows may lie beyond it.
        const last = await store.list<DayDoc>({
          from: `day:${tenant}:${deviceId}:`,
          to: dayId(tenant, deviceId, Math.min(window.toMs, FAR_MS) - 1),
          descending: true,
          limit: 2,
        });
        return mergeRows(
          last.toReversed().flatMap(unpackDay),
          pending?.rows(tenant, deviceId) ?? [],
        );
      });
    },
    async latestAll(scope, tenant) {
      const prefix = `last:${tenant}:`;
      const all = new Map<DeviceId, Latest>();
      for (const doc of await store.list<LatestDoc>({ from: prefix, to: `${prefix}\uffff` }))
        all.set(doc._id.slice(prefix.length) as DeviceId, doc.latest);
      for (const deviceId of pending?.devices(tenant) ?? [])
        all.set(
          deviceId,
          laterOf(all.get(deviceId) ?? nothingYet, pending?.latest(tenant, deviceId) ?? nothingYet),
        );
      for (const deviceId of all.keys()) {
        const windows = await reach(scope, tenant, deviceId);
        const latest = all.get(deviceId) as Latest;
        if (windows.length === 0) all.delete(deviceId);
        else all.set(deviceId, await clipLatest(latest, windows, async () => []));
      }
      return all;
    },
    async readings(scope, tenant, deviceId, fromMs, toMs) {
      const windows = await windowsOf(scope, tenant, deviceId);
      const rows = await rowsBetween(tenant, deviceId, fromMs, toMs);
      return rows.filter(({ time }) => fromMs <= time && time < toMs && isInside(windows, time));
    },
    async consumption(scope, tenant, deviceId, asked) {
      const windows = await windowsOf(scope, tenant, deviceId);
      const window = asked.window
        ? windows.find(
            (one) => one.fromMs === asked.window?.fromMs && one.toMs === asked.window.toMs,
          )
        : windows.at(-1);
      if (!window) throw new Fault("not_found", "there is no such meter here");
      const parts = stretches(asked.zones, asked.from, asked.to, asked.step);
      const [first, last] = [parts[0], parts.at(-1)];
      if (!first || !last) return undefined;
      const series = indexSeries(
        await rowsAround(tenant, deviceId, first.fromMs, last.toMs),
        asked.registers,
      );
      if (!series) return undefined;
      const { points, scale } = mountedPoints(series, window);
      const { nowMs, gapMs } = asked;
      const { register, unit } = series;
      return {
        ...consumption({ points, stretches: parts, nowMs, window, gapMs }),
        register,
        unit,
        scale,
      };
    },
  };
}

/** Beyond any date that can be written with four digits. */
const FAR_MS = Date.UTC(9999, 0);

const isInside = (windows: readonly Window[], time: number) =>
  windows.some(({ fromMs, toMs }) => fromMs <= time && time < toMs);

/** Cuts a latest to the windows; where it lies outside, the newest row of a window stands for it. */
async function clipLatest(
  latest: Latest,
  windows: readonly Window[],
  rowsOfLastDays: (window: Window) => Promise<ReadingRow[]>,
): Promise<Latest> {
  const heard = latest.heard && isInside(windows, latest.heard.time) ? latest.heard : null;
  if (!latest.reading || isInside(windows, latest.reading.time))
    return { reading: latest.reading, heard };
  for (const window of windows.toReversed()) {
    const row = (await rowsOfLastDays(window)).findLast(({ time }) => isInside([window], time));
    if (row)
      return { reading: { time: row.time, timeSource: row.timeSource, values: row.values }, heard };
  }
  return { reading: null, heard };
}

/**
 * The points of one installation, with what was read off at mounting and removal. In the finest
 * scale of all of them: an index read off to the litre is not rounded to a meter's cubic metres.
 */
function mountedPoints(
  series: IndexSeries,
  { mounted }: Window,
): { readonly points: IndexPoint[]; readonly scale: number } {
  const { start, end } = mounted;
  const scale = Math.min(series.scale, start?.scale ?? Infinity, end?.scale ?? Infinity);
  const inside = series.points
    .filter(({ time }) => mounted.fromMs <= time && time <= mounted.toMs)
    .map(({ time, n }) => ({ time, n: n * 10 ** (series.scale - scale) }));
  const add = (time: number, index: { n: number; scale: number } | undefined) => {
    if (!index || !Number.isFinite(time) || inside.some((point) => point.time === time)) return;
    inside.push({ time, n: index.n * 10 ** (index.scale - scale) });
  };
  add(mounted.fromMs, start);
  add(mounted.toMs, end);
  const points = inside.filter(({ n }) => Number.isSafeInteger(n));
  return { points: points.sort((a, b) => a.time - b.time), scale };
}
