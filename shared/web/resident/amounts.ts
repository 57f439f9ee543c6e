/** `amounts`: what a meter card and a meter page say about a stretch of use. Pure. */
import type { Consumption, Period } from "#shared/api/resident.ts";
import { shownUnit, type ShownUnit, type WaterUnit } from "../quantities.ts";

/** Periods that are over and have a number. */
function finished({ quality, n }: Period): boolean {
  return n !== null && (quality === "measured" || quality === "interpolated");
}

/** The use of the period that ended last before the running one; undefined when it has no number. */
export function lastFinished({ periods }: Consumption): Period | undefined {
  const running = periods.findIndex(({ quality }) => quality === "running");
  const before =
    periods[
      (running === -1 ? periods.findIndex(({ quality }) => quality === "future") : running) - 1
    ];
  return before !== undefined && finished(before) ? before : undefined;
}

/** The mean use of the finished periods, in the consumption's scale; undefined with fewer than two. */
export function meanOf({ periods }: Consumption): number | undefined {
  const known = periods.filter(finished);
  if (known.length < 2) return undefined;
  return Math.round(known.reduce((sum, { n }) => sum + (n ?? 0), 0) / known.length);
}

/** The unit in which a picture of these periods is drawn: by its largest amount. */
export function unitOfPeriods(
  { periods, scale, unit, kind }: Consumption,
  water: WaterUnit,
): ShownUnit {
  const largest = Math.max(0, ...periods.map(({ n }) => n ?? 0));
  return shownUnit({ n: largest, scale, unit }, kind, water);
}

/** The unit in which one amount is shown. */
export function unitOfAmount(
  n: number,
  { scale, unit, kind }: Consumption,
  water: WaterUnit,
): ShownUnit {
  return shownUnit({ n, scale, unit }, kind, water);
}

export interface Comparison {
  /** Change against before, −1 … ; 0.12 = 12 % more. */
  readonly change: number;
  /** How many periods from the start were compared. */
  readonly count: number;
  readonly isWhole: boolean;
}

/**
 * Compares the finished part of a span with the same number of periods of the span before.
 * Undefined when either side has a hole, is not wholly the resident's own time, or was zero.
 */
export function compare(now: Consumption, before: Consumption): Comparison | undefined {
  if (now.unit !== before.unit || now.scale !== before.scale) return undefined;
  const open = now.periods.findIndex((period) => !finished(period));
  const isWhole = open === -1;
  const count = isWhole ? now.periods.length : open;
  const rest = now.periods.slice(count);
  if (count === 0 || !rest.every(({ quality }) => quality === "running" || quality === "future"))
    return undefined;
  const other = isWhole ? before.periods : before.periods.slice(0, count);
  if (other.length === 0 || !other.every(finished) || (!isWhole && other.length < count))
    return undefined;
  const sum = (periods: readonly Period[]) => periods.reduce((total, { n }) => total + (n ?? 0), 0);
  const was = sum(other);
  return was <= 0
    ? undefined
    : { change: sum(now.periods.slice(0, count)) / was - 1, count, isWhole };
}
