/**
 * `index-series`: one register of one device as whole numbers through time, ready to be differenced.
 *
 * Units that differ by a power of ten are one unit, exactly; what is in another unit cannot be
 * compared and is left out, marked. Never rounds: what does not fit a safe integer is left out.
 */
import type { Mark } from "#shared/model/marks.ts";
import { registers, type RegisterId, type Unit } from "#shared/model/registers.ts";
import type { ReadingRow } from "./reading-row.ts";

export interface IndexPoint {
  readonly time: number;
  /** × 10^scale of the series' unit. */
  readonly n: number;
  /** False for the frozen index of a border between two readings; true when left out. */
  readonly isMeasured?: boolean;
  /** A fact that is not questioned again: recorded by people, or frozen. */
  readonly isFixed?: boolean;
  /** What the count grew by since the point before, as decided when its month was frozen. */
  readonly step?: { readonly by: number; readonly mark?: Mark };
}

/** A value left out, or one that is in and has something to tell. */
export interface MarkedMoment {
  readonly time: number;
  readonly mark: Mark;
}

export interface IndexSeries {
  readonly register: RegisterId;
  readonly unit: Unit;
  readonly scale: number;
  /** In order of time, one per time. */
  readonly points: readonly IndexPoint[];
  readonly marked: readonly MarkedMoment[];
}

/** What one shown number counts for: n × 10^scale of `unit` (of its own unit without one). 1 pulse = 10 L: `{n: 1, scale: -2, unit: "m3"}`. */
export interface Multiplier {
  readonly n: number;
  readonly scale: number;
  readonly unit?: Unit | undefined;
}

/** Units that are another one times a power of ten. */
const SAME: Partial<Record<Unit, readonly [Unit, number]>> = {
  L: ["m3", -3],
  Wh: ["kWh", -3],
  MWh: ["kWh", 3],
  GJ: ["MJ", 3],
  varh: ["kvarh", -3],
};

export interface Amount {
  readonly n: number;
  readonly scale: number;
  readonly unit: Unit;
}

/** An index in the unit consumption is told in, multiplied. */
export function inCommonUnit({ n, scale, unit }: Amount, multiplier?: Multiplier): Amount {
  const many = multiplier
    ? { n: n * multiplier.n, scale: scale + multiplier.scale, unit: multiplier.unit ?? unit }
    : { n, scale, unit };
  const [common, shift] = SAME[many.unit] ?? [many.unit, 0];
  return { n: many.n, scale: many.scale + shift, unit: common };
}

export interface SeriesWanted {
  /** Registers that may carry the index, best first. */
  readonly registers: readonly RegisterId[];
  readonly multiplier?: Multiplier | undefined;
  /** Readings from later than this have a time that cannot be. */
  readonly nowMs: number;
}

/** Before the first LoRaWAN device. */
const EARLIEST_MS = Date.UTC(2000, 0);
/** A device's clock may run this much ahead of ours. */
const AHEAD_MS = 600_000;

/** The series of the first of the wanted registers that the rows carry; undefined when they carry none. */
export function indexSeries(
  rows: readonly ReadingRow[],
  { registers: wanted, multiplier, nowMs }: SeriesWanted,
): IndexSeries | undefined {
  const register = wanted.find((id) =>
    rows.some(({ values }) => values.some((value) => value.register === id)),
  );
  if (register === undefined) return undefined;
  const marked: MarkedMoment[] = [];
  const found: (Amount & { readonly time: number; readonly isHistory: boolean })[] = [];
  for (const { time, values, ordinal } of rows) {
    const value = values.find((one) => one.register === register);
    if (!value) continue;
    if (time < EARLIEST_MS || time > nowMs + AHEAD_MS) marked.push({ time, mark: "clock" });
    else found.push({ time, isHistory: ordinal > 0, ...inCommonUnit(value, multiplier) });
  }
  const unit = unitOf(register, multiplier, found);
  const same = found.filter((one) => one.unit === unit);
  const scale = Math.min(...new Set(same.map((one) => one.scale)));
  const points: IndexPoint[] = [];
  for (const one of found) {
    const { time, isHistory } = one;
    const n = one.n * 10 ** (one.scale - scale);
    if (one.unit !== unit) marked.push({ time, mark: "unit_changed" });
    else if (!Number.isSafeInteger(n)) marked.push({ time, mark: "absurd" });
    else {
      points.push({ time, n });
      if (isHistory) marked.push({ time, mark: "history" });
    }
  }
  return { register, unit, scale: same.length === 0 ? 0 : scale, points, marked };
}

/** The register's own unit where anything is in it; else the most frequent one, by name when equal. */
function unitOf(
  register: RegisterId,
  multiplier: Multiplier | undefined,
  found: readonly Amount[],
): Unit {
  const own = inCommonUnit({ n: 1, scale: 0, unit: registers[register].unit }, multiplier).unit;
  const counts = new Map<Unit, number>();
  for (const { unit } of found) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  if (counts.has(own) || counts.size === 0) return own;
  const [first] = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return (first as [Unit, number])[0];
}
