/**
 * `reading-store`: what was measured, as far as the asker may see it.
 *
 * The window is cut here, below every page: readings, latest and consumption outside of it do not
 * leave this file. What is out of reach altogether is "not found".
 */
import { Fault } from "#shared/model/fault.ts";
import { monthOf } from "#shared/model/database-names.ts";
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { RegisterId, Unit } from "#shared/model/registers.ts";
import type { Scope } from "#shared/model/scope.ts";
import { stretches, type Step, type Zones } from "./calendar.ts";
import { consumption, type ConsumptionResult } from "./consumption.ts";
import { frozenRows, nothingFrozen, type History } from "./history.ts";
import { laterOf, newestValues, nothingYet, type Latest, type OlderValue } from "./latest.ts";
import { meterCount } from "./meter-count.ts";
import type { Pending } from "./pending.ts";
import type { KnownCounter } from "./plausible.ts";
import { mergeRows, type ReadingRow } from "./reading-row.ts";
import { newest as newestIn, type Newest } from "./newest.ts";
import type { SeriesStore } from "./series-store.ts";
import { storedRows } from "./stored-rows.ts";
import { isInside, isWithin, type Window } from "./window.ts";

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
  /** Silence beyond this is a gap. */
  readonly gapMs: number;
  /** How often it is expected to report: tells how complete a period is. */
  readonly expectedMs?: number;
  /** What is known of the counter. */
  readonly counter?: KnownCounter | undefined;
  /** A window within those in reach; the last of these when left out. */
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
  newest = readEachTime(store),
  pending,
  history,
}: {
  store: SeriesStore;
  reach: Reach;
  /** What is newest, in memory; kept in step by whoever writes the rollup. */
  newest?: Pick<Newest, "all" | "one">;
  pending?: Pending;
  /** Months whose raw readings are gone. */
  history?: History;
}): ReadingStore {
  const stored = storedRows(store, pending);
  const windowsOf = async (scope: Scope, tenant: TenantName, deviceId: DeviceId) => {
    const windows = await reach(scope, tenant, deviceId);
    if (windows.length === 0) throw new Fault("not_found", "there is no such meter here");
    return windows;
  };
  return {
    async latest(scope, tenant, deviceId) {
      const windows = await windowsOf(scope, tenant, deviceId);
      const latest = laterOf(
        await newest.one(tenant, deviceId),
        pending?.latest(tenant, deviceId) ?? nothingYet,
      );
      return clipLatest(latest, windows, (window) =>
        stored.newestBefore(tenant, deviceId, Math.min(window.toMs, FAR_MS)),
      );
    },
    async latestAll(scope, tenant) {
      const all = new Map(await newest.all(tenant));
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
      const frozen =
        (await history?.frozen(tenant, deviceId, fromMs, toMs, "hour")) ?? nothingFrozen;
      const open = (await stored.between(tenant, deviceId, fromMs, toMs)).filter(
        ({ time }) => !frozen.months.has(monthOf(time)),
      );
      const rows = mergeRows(frozenRows(frozen), open);
      return rows.filter(({ time }) => fromMs <= time && time < toMs && isInside(windows, time));
    },
    async consumption(scope, tenant, deviceId, asked) {
      const windows = await windowsOf(scope, tenant, deviceId);
      const window = asked.window ?? windows.at(-1);
      if (!window || !isWithin(windows, window))
        throw new Fault("not_found", "there is no such meter here");
      const { zones, from, to, step, nowMs, gapMs, expectedMs } = asked;
      const parts = stretches(zones, from, to, step);
      const [first, last] = [parts[0], parts.at(-1)];
      if (!first || !last) return undefined;
      const { mounted } = window;
      const isCut = [window.fromMs, window.toMs, mounted.fromMs, mounted.toMs].some(
        (ms) => first.fromMs < ms && ms < last.toMs,
      );
      // Who came or went within a day is told by its hours: nobody knew of it when the month was frozen.
      const by = step === "hour" || isCut ? "hour" : "day";
      const frozen =
        (await history?.frozen(tenant, deviceId, first.fromMs, last.toMs, by)) ?? nothingFrozen;
      const rows = (await stored.around(tenant, deviceId, first.fromMs, last.toMs)).filter(
        ({ time }) => !frozen.months.has(monthOf(time)),
      );
      const found = meterCount(rows, frozen, {
        registers: asked.registers,
        counter: asked.counter,
        mounted,
        nowMs,
      });
      if (!found) return undefined;
      const { register, unit, scale, count, marked, modulus } = found;
      const stretchesAsked = { stretches: parts, nowMs, window, gapMs, expectedMs, modulus };
      return {
        ...consumption({ count, marked, ...stretchesAsked }),
        register,
        unit,
        scale,
      };
    },
  };
}

/** Without anybody who says what was written, everything is read anew each time. */
function readEachTime(store: SeriesStore): Pick<Newest, "all" | "one"> {
  return {
    all: (tenant) => newestIn(store).all(tenant),
    one: (tenant, deviceId) => newestIn(store).one(tenant, deviceId),
  };
}

/** Beyond any date that can be written with four digits. */
const FAR_MS = Date.UTC(9999, 0);

function withOlder(reading: Latest["reading"], newest: readonly OlderValue[]) {
  const told = new Set(reading?.values.map(({ register }) => register));
  const older = newest.filter(({ register }) => !told.has(register));
  return { reading, ...(reading && older.length > 0 ? { older } : {}) };
}

/** Cuts a latest to the windows; where it lies outside, what the newest rows of a window told stands for it. */
async function clipLatest(
  latest: Latest,
  windows: readonly Window[],
  rowsOfLastDays: (window: Window) => Promise<ReadingRow[]>,
): Promise<Latest> {
  const heard = latest.heard && isInside(windows, latest.heard.time) ? latest.heard : null;
  const within = newestValues(latest).filter(({ time }) => isInside(windows, time));
  if (!latest.reading || isInside(windows, latest.reading.time))
    return { ...withOlder(latest.reading, within), heard };
  for (const window of windows.toReversed()) {
    const rows = (await rowsOfLastDays(window)).filter(({ time }) => isInside([window], time));
    if (rows.length === 0) continue;
    const told = rows
      .map(({ time, timeSource, values }) => ({
        reading: { time, timeSource, values },
        heard: null,
      }))
      .reduce(laterOf, nothingYet);
    const known = new Set(newestValues(told).map(({ register }) => register));
    const others = within.filter(({ register }) => !known.has(register));
    return { ...withOlder(told.reading, [...newestValues(told), ...others]), heard };
  }
  return { reading: null, heard };
}
