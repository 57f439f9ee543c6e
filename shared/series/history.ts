/**
 * `history`: what a store of frozen months answers, as far as the reading store asks.
 */
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { RegisterId, Unit } from "#shared/model/registers.ts";
import type { IndexPoint, MarkedMoment } from "./index-series.ts";
import type { ReadingRow } from "./reading-row.ts";

/** A register of a device through frozen months, in its common unit, before any multiplier. */
export interface FrozenIndex {
  readonly register: RegisterId;
  readonly unit: Unit;
  readonly scale: number;
  /** In order of time, all fixed. */
  readonly points: readonly IndexPoint[];
  readonly marked: readonly MarkedMoment[];
}

/** Values of a register that is no index, one an hour at most. */
export interface FrozenGauge {
  readonly register: RegisterId;
  readonly unit: Unit;
  readonly scale: number;
  readonly points: readonly { readonly time: number; readonly n: number }[];
}

export interface FrozenStretch {
  /** UTC months `yyyymm` of this device that are frozen: rows of theirs say nothing any more. */
  readonly months: ReadonlySet<string>;
  readonly indexes: readonly FrozenIndex[];
  readonly gauges: readonly FrozenGauge[];
}

export interface History {
  /**
   * What is frozen of a device in the months that touch `[fromMs, toMs]`, and of the month before
   * and after. `by` day is enough for days and months: less is read then.
   */
  frozen(
    tenant: TenantName,
    deviceId: DeviceId,
    fromMs: number,
    toMs: number,
    by: "hour" | "day",
  ): Promise<FrozenStretch>;
}

export const nothingFrozen: FrozenStretch = { months: new Set(), indexes: [], gauges: [] };

/** What a frozen month still tells of single moments: one row an hour. */
export function frozenRows({ indexes, gauges }: FrozenStretch): ReadingRow[] {
  const rows = new Map<number, ReadingRow>();
  const add = (time: number, register: RegisterId, n: number, scale: number, unit: Unit) => {
    const value = { register, n, scale, unit };
    const row = rows.get(time);
    if (row) rows.set(time, { ...row, values: [...row.values, value] });
    else
      rows.set(time, {
        time,
        timeSource: "server",
        writer: "hub",
        via: "history",
        fCnt: null,
        hash: "",
        ordinal: 0,
        values: [value],
      });
  };
  for (const { register, unit, scale, points } of indexes)
    for (const { time, n } of points) add(time, register, n, scale, unit);
  for (const { register, unit, scale, points } of gauges)
    for (const { time, n } of points) add(time, register, n, scale, unit);
  return [...rows.values()].sort((a, b) => a.time - b.time);
}
