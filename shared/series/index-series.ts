/**
 * `index-series`: one register of one device as whole numbers through time, ready to be differenced.
 */
import type { RegisterId, Unit } from "#shared/model/registers.ts";
import type { ReadingRow } from "./reading-row.ts";

export interface IndexPoint {
  readonly time: number;
  /** × 10^scale of the series' unit. */
  readonly n: number;
}

export interface IndexSeries {
  readonly register: RegisterId;
  readonly unit: Unit;
  readonly scale: number;
  /** In order of time, one per time. */
  readonly points: readonly IndexPoint[];
}

/**
 * The series of the first of `wanted` registers that the rows carry; undefined when they carry none.
 * Values of a coarser scale are brought to the finest one. Values in another unit than the
 * newest one's are left out: the device was set up anew in between.
 */
export function indexSeries(
  rows: readonly ReadingRow[],
  wanted: readonly RegisterId[],
): IndexSeries | undefined {
  const register = wanted.find((id) =>
    rows.some(({ values }) => values.some((value) => value.register === id)),
  );
  if (register === undefined) return undefined;
  const found = rows.flatMap(({ time, values }) => {
    const value = values.find((one) => one.register === register);
    return value ? [{ time, value }] : [];
  });
  const unit = found.at(-1)?.value.unit as Unit;
  const same = found.filter(({ value }) => value.unit === unit);
  const scale = Math.min(...new Set(same.map(({ value }) => value.scale)));
  const points: IndexPoint[] = [];
  for (const { time, value } of same) {
    const n = value.n * 10 ** (value.scale - scale);
    if (Number.isSafeInteger(n)) points.push({ time, n });
  }
  return { register, unit, scale, points };
}
