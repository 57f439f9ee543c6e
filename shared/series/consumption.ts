/**
 * `consumption`: differences of an index at the borders of the calendar.
 *
 * Never a sum of deltas: each border has one index, a period is the index at its end minus the
 * index at its start, so that parts add up to the whole. Where no reading falls on a border, its
 * index is interpolated between the readings around it and the periods it bounds say so.
 */
import type { Quality } from "#shared/model/quality.ts";
import type { Stretch } from "./calendar.ts";
import type { IndexPoint } from "./index-series.ts";

export interface ConsumptionPeriod extends Stretch {
  /** In the series' scale and unit; null when there is no number. */
  readonly n: number | null;
  readonly quality: Quality;
}

export interface ConsumptionResult {
  readonly periods: readonly ConsumptionPeriod[];
  /** The last known index minus the first, between the borders of the whole; null when nothing is known. */
  readonly total: number | null;
  readonly isInterpolated: boolean;
  /** Share of the periods that are over and inside the window which have a number, 0–1; 1 when none is over. */
  readonly completeness: number;
}

export interface ConsumptionQuestion {
  /** In order of time, with the last point before and the first after the stretches where there are some. */
  readonly points: readonly IndexPoint[];
  /** Side by side, in order. */
  readonly stretches: readonly Stretch[];
  readonly nowMs: number;
  /** What may be shown; the rest is `outside`. */
  readonly window: { readonly fromMs: number; readonly toMs: number };
  /** Silence longer than this is a gap: periods with a border inside it have no number. */
  readonly gapMs: number;
}

/** The index at one moment. */
interface Border {
  readonly n: number;
  readonly isMeasured: boolean;
  /** How long nothing was heard around it; 0 on a reading. */
  readonly silenceMs: number;
}

export function consumption({
  points,
  stretches,
  nowMs,
  window,
  gapMs,
}: ConsumptionQuestion): ConsumptionResult {
  const periods = stretches.map((stretch): ConsumptionPeriod => {
    const fromMs = Math.max(stretch.fromMs, window.fromMs);
    const toMs = Math.min(stretch.toMs, window.toMs);
    if (fromMs >= toMs) return { ...stretch, n: null, quality: "outside" };
    return { ...stretch, ...measure(points, fromMs, toMs, nowMs, gapMs) };
  });
  const over = periods.filter(({ toMs, quality }) => toMs <= nowMs && quality !== "outside");
  return {
    periods,
    ...whole(points, stretches, window),
    completeness: over.length === 0 ? 1 : over.filter(({ n }) => n !== null).length / over.length,
  };
}

type Measured = Pick<ConsumptionPeriod, "n" | "quality">;

function measure(
  points: readonly IndexPoint[],
  fromMs: number,
  toMs: number,
  nowMs: number,
  gapMs: number,
): Measured {
  const [first, last] = [points[0], points.at(-1)];
  if (fromMs > nowMs) return { n: null, quality: "future" };
  if (!first || !last || toMs <= first.time) return { n: null, quality: "outside" };
  const isSilent = toMs <= nowMs && nowMs - last.time > gapMs;
  if (fromMs >= last.time && isSilent) return { n: null, quality: "gap" };
  if (fromMs > last.time) return { n: null, quality: "running" };
  const start = indexAt(points, fromMs) ?? { n: first.n, isMeasured: false, silenceMs: 0 };
  const end = indexAt(points, toMs) ?? { n: last.n, isMeasured: false, silenceMs: 0 };
  // A straight line through a long silence says nothing about the hour or day it is cut at.
  if (Math.max(start.silenceMs, end.silenceMs) > gapMs) return { n: null, quality: "gap" };
  const n = end.n - start.n;
  // An index that fell says nothing about use; which kind of fall it was is another question.
  if (n < 0) return { n: null, quality: "gap" };
  if (toMs > last.time) return { n, quality: "running" };
  return { n, quality: start.isMeasured && end.isMeasured ? "measured" : "interpolated" };
}

/** The whole from the first border to the last, as far as it is known and inside the window. */
function whole(
  points: readonly IndexPoint[],
  stretches: readonly Stretch[],
  window: { fromMs: number; toMs: number },
): Pick<ConsumptionResult, "total" | "isInterpolated"> {
  const [first, last] = [points[0], points.at(-1)];
  const fromMs = Math.max(stretches[0]?.fromMs ?? 0, window.fromMs);
  const toMs = Math.min(stretches.at(-1)?.toMs ?? 0, window.toMs);
  if (!first || !last || fromMs >= toMs || toMs <= first.time || fromMs > last.time)
    return { total: null, isInterpolated: false };
  const start = indexAt(points, fromMs) ?? { n: first.n, isMeasured: true };
  const end = indexAt(points, toMs) ?? { n: last.n, isMeasured: true };
  const total = end.n - start.n;
  return { total: total < 0 ? null : total, isInterpolated: !(start.isMeasured && end.isMeasured) };
}

/**
 * The index at a moment: as read when a reading falls on it, else on the straight line between the
 * readings around it, rounded down; undefined before the first and after the last.
 */
export function indexAt(points: readonly IndexPoint[], timeMs: number): Border | undefined {
  const position = firstAtOrAfter(points, timeMs);
  const after = points[position];
  if (!after) return undefined;
  if (after.time === timeMs) return { n: after.n, isMeasured: true, silenceMs: 0 };
  const before = points[position - 1];
  if (!before) return undefined;
  const silenceMs = after.time - before.time;
  const share = (timeMs - before.time) / silenceMs;
  return { n: before.n + Math.floor((after.n - before.n) * share), isMeasured: false, silenceMs };
}

/** Position of the first point at or after a moment; the number of points when there is none. */
function firstAtOrAfter(points: readonly IndexPoint[], timeMs: number): number {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((points[middle] as IndexPoint).time < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
