/**
 * `consumption`: differences of a steady count at the borders of the calendar.
 *
 * Never a sum of deltas: each border has one count, a period is the count at its end minus the
 * count at its start, so that parts add up to the whole. Where no reading falls on a border, its
 * index is interpolated between the readings around it and the periods it bounds say so. A long
 * silence has no numbers inside; what passed in it as a whole stands in `gaps`.
 */
import { orderedMarks, type Mark } from "#shared/model/marks.ts";
import type { Quality } from "#shared/model/quality.ts";
import type { Stretch } from "./calendar.ts";
import type { MarkedMoment } from "./index-series.ts";
import {
  borderAt,
  firstAtOrAfter,
  type Border,
  type CountEvent,
  type Counted,
  type SteadyCount,
} from "./steady-count.ts";

export interface ConsumptionPeriod extends Stretch {
  /** In the series' scale and unit; null when there is no number. Negative after backflow. */
  readonly n: number | null;
  readonly quality: Quality;
  /** What is out of the ordinary here. */
  readonly marks: readonly Mark[];
  /** Reporting intervals that are over and in the window, and how many of them were heard. */
  readonly expected: number;
  readonly heard: number;
}

/** Periods side by side that have no number, and what passed in all of them; 0 after the last reading. */
export interface GapSum {
  readonly fromMs: number;
  readonly toMs: number;
  readonly n: number;
}

/** An index at a border of the whole. */
export interface BorderIndex {
  readonly atMs: number;
  readonly n: number;
  readonly isMeasured: boolean;
}

export interface ConsumptionResult {
  readonly periods: readonly ConsumptionPeriod[];
  /** Numbers of the periods and these add up to `total`, to the last unit. */
  readonly gaps: readonly GapSum[];
  /** The count at the last border minus the count at the first, as far as known; null when nothing is. */
  readonly total: number | null;
  /** Index at the begin and end of what is known; null with `total`. */
  readonly start: BorderIndex | null;
  readonly end: BorderIndex | null;
  /** `total` is `end` − `start` + this: what exchanges of digits, falls and steps left out account for. */
  readonly adjusted: number;
  /** What was classified in the whole, in order of time. */
  readonly events: readonly CountEvent[];
  readonly isInterpolated: boolean;
  /** Share of the periods that are over and inside the window which have a number, 0–1; 1 when none is over. */
  readonly completeness: number;
  readonly expected: number;
  readonly heard: number;
}

export interface ConsumptionQuestion {
  /** With the last readings before and the first after the stretches where there are some. */
  readonly count: SteadyCount;
  readonly marked?: readonly MarkedMoment[];
  /** Side by side, in order. */
  readonly stretches: readonly Stretch[];
  readonly nowMs: number;
  /** What may be shown; the rest is `outside`. */
  readonly window: { readonly fromMs: number; readonly toMs: number };
  /** Silence longer than this, and longer than a tenth of a period, is a gap: a border inside it says nothing. */
  readonly gapMs: number;
  /** How often the meter is expected to report. */
  readonly expectedMs?: number | undefined;
  readonly modulus?: number | undefined;
}

/** Steps of which nobody knows what passed in them: a period with one is an estimate. */
const UNKNOWN: ReadonlySet<Mark> = new Set(["reset", "jump", "wrong_unit"]);
/** A line through a silence longer than this share of a period says nothing about it. */
const SILENT_SHARE = 10;

export function consumption(question: ConsumptionQuestion): ConsumptionResult {
  const { count, stretches, nowMs, window } = question;
  const periods = stretches.map((stretch): ConsumptionPeriod => {
    const fromMs = Math.max(stretch.fromMs, window.fromMs);
    const toMs = Math.min(stretch.toMs, window.toMs);
    if (fromMs >= toMs)
      return { ...stretch, n: null, quality: "outside", marks: [], expected: 0, heard: 0 };
    const marks = marksIn(question, fromMs, toMs);
    const { n, quality } = measure(question, fromMs, toMs);
    const isGuessed = quality === "measured" && marks.some((mark) => UNKNOWN.has(mark));
    return {
      ...stretch,
      n,
      quality: isGuessed ? "interpolated" : quality,
      marks: orderedMarks(marks),
      ...heardIn(question, fromMs, toMs),
    };
  });
  const over = periods.filter(({ toMs, quality }) => toMs <= nowMs && quality !== "outside");
  const fromMs = Math.max(stretches[0]?.fromMs ?? 0, window.fromMs);
  const toMs = Math.min(stretches.at(-1)?.toMs ?? 0, window.toMs);
  const known = whole(question, fromMs, toMs);
  return {
    periods,
    ...known,
    gaps: known.total === null ? [] : gapSums(question, periods),
    events: count.events.filter((event) => event.toMs > fromMs && event.fromMs < toMs),
    completeness: over.length === 0 ? 1 : over.filter(({ n }) => n !== null).length / over.length,
    expected: periods.reduce((sum, { expected }) => sum + expected, 0),
    heard: periods.reduce((sum, { heard }) => sum + heard, 0),
  };
}

function measure(
  { count: { points }, nowMs, gapMs, modulus }: ConsumptionQuestion,
  fromMs: number,
  toMs: number,
): Pick<ConsumptionPeriod, "n" | "quality"> {
  const [first, last] = [points[0], points.at(-1)];
  if (fromMs > Math.max(nowMs, last?.time ?? nowMs)) return { n: null, quality: "future" };
  if (!first || !last || toMs <= first.time) return { n: null, quality: "outside" };
  const isSilent = toMs <= nowMs && nowMs - last.time > gapMs;
  if (fromMs >= last.time && isSilent) return { n: null, quality: "gap" };
  if (fromMs > last.time) return { n: null, quality: "running" };
  const [start, end] = [clamped(points, fromMs, modulus), clamped(points, toMs, modulus)];
  if (Math.max(start.silenceMs, end.silenceMs) > Math.max(gapMs, (toMs - fromMs) / SILENT_SHARE))
    return { n: null, quality: "gap" };
  const n = end.total - start.total;
  if (toMs > last.time) return { n, quality: "running" };
  return { n, quality: start.isMeasured && end.isMeasured ? "measured" : "interpolated" };
}

/** The border at a moment; before the first reading and after the last it stands still. */
function clamped(points: readonly Counted[], timeMs: number, modulus?: number): Border {
  const border = borderAt(points, timeMs, modulus);
  if (border) return border;
  const first = points[0] as Counted;
  const { n, total } = timeMs < first.time ? first : (points.at(-1) as Counted);
  return { n, total, isMeasured: false, silenceMs: 0 };
}

/** The whole from the first border to the last, as far as it is known and inside the window. */
function whole(
  { count: { points }, modulus }: ConsumptionQuestion,
  fromMs: number,
  toMs: number,
): Pick<ConsumptionResult, "total" | "isInterpolated" | "start" | "end" | "adjusted"> {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || fromMs >= toMs || toMs <= first.time || fromMs > last.time)
    return { total: null, isInterpolated: false, start: null, end: null, adjusted: 0 };
  const [startMs, endMs] = [Math.max(fromMs, first.time), Math.min(toMs, last.time)];
  const [start, end] = [clamped(points, startMs, modulus), clamped(points, endMs, modulus)];
  const total = end.total - start.total;
  return {
    total,
    adjusted: total - (end.n - start.n),
    isInterpolated: !(start.isMeasured && end.isMeasured),
    start: { atMs: startMs, n: start.n, isMeasured: start.isMeasured },
    end: { atMs: endMs, n: end.n, isMeasured: end.isMeasured },
  };
}

/** Runs of periods without a number that lie within what is known. */
function gapSums(
  { count: { points }, window, modulus }: ConsumptionQuestion,
  periods: readonly ConsumptionPeriod[],
): GapSum[] {
  const runs: { fromMs: number; toMs: number }[] = [];
  let isOpen = false;
  for (const { fromMs, toMs, quality } of periods) {
    if (quality === "gap" && isOpen) (runs.at(-1) as { toMs: number }).toMs = toMs;
    else if (quality === "gap") runs.push({ fromMs, toMs });
    isOpen = quality === "gap";
  }
  return runs.map((run) => {
    const fromMs = Math.max(run.fromMs, window.fromMs);
    const toMs = Math.min(run.toMs, window.toMs);
    const n = clamped(points, toMs, modulus).total - clamped(points, fromMs, modulus).total;
    return { fromMs, toMs, n };
  });
}

function marksIn(
  { count: { points, events }, marked = [] }: ConsumptionQuestion,
  fromMs: number,
  toMs: number,
): Mark[] {
  const marks: Mark[] = [];
  const after = firstAtOrAfter(points, fromMs + 1);
  for (let i = after; i < points.length; i++) {
    const { mark } = points[i] as Counted;
    // The step to the first point after the period began before its end.
    if (mark && i > 0) marks.push(mark);
    if ((points[i] as Counted).time >= toMs) break;
  }
  for (const { mark, fromMs: at, toMs: to } of events)
    if (at === to && fromMs <= at && at < toMs) marks.push(mark);
  for (const { mark, time } of marked) if (fromMs <= time && time < toMs) marks.push(mark);
  return marks;
}

/** Slots of the expected interval, counted from the period's begin. */
function heardIn(
  { count: { points }, nowMs, expectedMs }: ConsumptionQuestion,
  fromMs: number,
  toMs: number,
): { expected: number; heard: number } {
  const endMs = Math.min(toMs, nowMs);
  if (!expectedMs || endMs <= fromMs) return { expected: 0, heard: 0 };
  const start = firstAtOrAfter(points, fromMs);
  // Of a frozen month the hours are left, not the readings.
  const slotMs = points[start]?.isFixed ? Math.max(expectedMs, 3_600_000) : expectedMs;
  const expected = Math.floor((endMs - fromMs) / slotMs);
  const slots = new Set<number>();
  for (let i = start; i < points.length && (points[i] as Counted).time < endMs; i++)
    slots.add(Math.floor(((points[i] as Counted).time - fromMs) / slotMs));
  return { expected, heard: Math.min(expected, slots.size) };
}
