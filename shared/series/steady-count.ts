/**
 * `steady-count`: makes of what a counter showed a count that can be differenced between any two
 * moments, and says where and why it is not simply what was shown.
 *
 * Each decision looks at a few readings on either side and at nothing else, so that an hour, its
 * day and its month come to the same count though they are asked for one by one. The sum of parts
 * is the whole by construction: a period is the count at its end minus the count at its start.
 *
 * Must never put on a bill what cannot have passed through the meter: a value that fits its
 * neighbours on neither side is left out, a step that cannot be counts nothing and is marked.
 */
import type { Mark } from "#shared/model/marks.ts";
import type { IndexPoint } from "./index-series.ts";
import type { CounterTraits } from "./plausible.ts";

/** A reading that counts. */
export interface Counted {
  readonly time: number;
  /** The index: as shown, or as held over a dip. */
  readonly n: number;
  /** The count since the first of these points. */
  readonly total: number;
  /** Why the step to this point is out of the ordinary. */
  readonly mark: Mark | undefined;
  /** Read at that very moment; false for the frozen index of a border between two readings. */
  readonly isMeasured: boolean;
  /** As decided when its month was frozen. */
  readonly isFixed: boolean;
}

/** What was classified: between the last good reading and this one, or at one value left out. */
export interface CountEvent {
  readonly mark: Mark;
  readonly fromMs: number;
  readonly toMs: number;
  /** The index before, and what was shown then. */
  readonly before: number | null;
  readonly after: number;
  /** What the count grew by. */
  readonly counted: number;
}

export interface SteadyCount {
  readonly points: readonly Counted[];
  readonly events: readonly CountEvent[];
}

const HOUR_MS = 3_600_000;
/** How many readings on either side have a say in whether one fits. */
export const VOTERS = 3;
/** The second pass sees what the first one cleared away: runs of wrong values. */
const PASSES = 2;
/** A dip that has not come back after this is a fall. */
export const HOLD_MS = 48 * HOUR_MS;
/** A rollover begins in the last tenth of what the counter shows. */
const NEAR_END = 0.9;

/**
 * @param points in order of time, one per time
 */
export function steadyCount(points: readonly IndexPoint[], traits: CounterTraits): SteadyCount {
  const events: CountEvent[] = [];
  const leftOut = (mark: Mark, { time, n }: IndexPoint, before: number | null) =>
    events.push({ mark, fromMs: time, toMs: time, before, after: n, counted: 0 });
  const possible = points.filter((point) => {
    const mark = whyImpossible(point, traits);
    if (mark) leftOut(mark, point, null);
    return mark === undefined;
  });
  let good: readonly IndexPoint[] = possible;
  for (let pass = 0; pass < PASSES; pass++) {
    const before = good;
    good = before.filter((point, i) => {
      const fits = point.isFixed === true || fitsIn(before, i, traits);
      if (!fits) leftOut("spike", point, before[i - 1]?.n ?? null);
      return fits;
    });
    if (good.length === before.length) break;
  }
  const held = heldOver(good, traits);
  const counted: Counted[] = [];
  for (const [i, point] of good.entries()) {
    const before = counted.at(-1);
    const n = held[i] as number;
    const isHeld = n !== point.n;
    const { time, isFixed = false, isMeasured = true } = point;
    if (!before) {
      counted.push({ time, n, total: 0, mark: isHeld ? "dip" : undefined, isMeasured, isFixed });
      continue;
    }
    const step = point.step ?? stepOf(before, { time, n }, traits);
    const mark = step.mark ?? (isHeld ? "dip" : undefined);
    counted.push({ time, n, total: before.total + step.by, mark, isMeasured, isFixed });
    if (mark)
      events.push({
        mark,
        fromMs: before.time,
        toMs: time,
        before: before.n,
        after: point.n,
        counted: step.by,
      });
  }
  return { points: counted, events: events.sort((a, b) => a.toMs - b.toMs || a.fromMs - b.fromMs) };
}

function whyImpossible({ n }: IndexPoint, { modulus, most }: CounterTraits): Mark | undefined {
  if (n < 0) return "negative";
  return n >= (modulus ?? Infinity) || n > most ? "absurd" : undefined;
}

/**
 * A reading does not fit when more of those around it that fit each other speak against it than
 * for it; where none before fits any after (a reset lies between), when it fits most on neither side.
 */
function fitsIn(points: readonly IndexPoint[], i: number, traits: CounterTraits): boolean {
  const point = points[i] as IndexPoint;
  const earlier = points.slice(Math.max(0, i - VOTERS), i);
  const later = points.slice(i + 1, i + 1 + VOTERS);
  const fromEarlier = earlier.map((other) => agree(other, point, traits));
  const toLater = later.map((other) => agree(point, other, traits));
  let votes = 0;
  let isBridged = false;
  for (const [a, before] of earlier.entries())
    for (const [b, after] of later.entries()) {
      if (!agree(before, after, traits)) continue;
      isBridged = true;
      votes += fromEarlier[a] && toLater[b] ? 1 : -1;
    }
  if (isBridged) return votes >= 0;
  const all = [...fromEarlier, ...toLater];
  return isMostly(all, 0) || isMostly(fromEarlier, 2) || isMostly(toLater, 2);
}

/** Half of them or more say so, and `least` of them. */
function isMostly(votes: readonly boolean[], least: number): boolean {
  const many = votes.filter(Boolean).length;
  return many >= least && 2 * many >= votes.length;
}

type Shown = Pick<IndexPoint, "time" | "n">;

/** What may have passed between two moments; a full hour's worth at least: times are rough. */
const mostBetween = (a: Shown, b: Shown, { mostPerHour }: CounterTraits) =>
  (mostPerHour * Math.max(b.time - a.time, HOUR_MS)) / HOUR_MS + 1;

function agree(a: Shown, b: Shown, traits: CounterTraits): boolean {
  const grew = b.n - a.n;
  if (grew >= 0) return grew <= mostBetween(a, b, traits);
  return -grew <= traits.slip || isRollover(a, b, traits);
}

function isRollover(a: Shown, b: Shown, traits: CounterTraits): boolean {
  const { modulus } = traits;
  if (modulus === undefined || b.n >= a.n || a.n < modulus * NEAR_END) return false;
  return modulus - a.n + b.n <= mostBetween(a, b, traits);
}

function stepOf(a: Shown, b: Shown, traits: CounterTraits): { by: number; mark?: Mark } {
  const grew = b.n - a.n;
  if (grew >= 0 && grew <= mostBetween(a, b, traits)) return { by: grew };
  if (grew < 0 && -grew <= traits.slip) return { by: grew, mark: "backflow" };
  if (isRollover(a, b, traits)) return { by: (traits.modulus as number) + grew, mark: "rollover" };
  if (isOtherUnit(a.n, b.n)) return { by: 0, mark: "wrong_unit" };
  return { by: 0, mark: grew < 0 ? "reset" : "jump" };
}

/** As if the decimal point had moved: a factor of 10, 100 or 1000 within one part in a hundred. */
function isOtherUnit(before: number, after: number): boolean {
  if (before < 100 || after < 100) return false;
  const ratio = Math.max(before, after) / Math.min(before, after);
  return [10, 100, 1000].some((factor) => Math.abs(ratio / factor - 1) < 0.01);
}

/**
 * The highest index of the last 48 hours, where the one shown is only a slip below it. A step that
 * is no slip begins anew: what was before it holds nothing.
 */
function heldOver(points: readonly IndexPoint[], traits: CounterTraits): number[] {
  const held: number[] = [];
  /** Positions of falling indexes: the first is the highest still in sight. */
  let high: number[] = [];
  for (const [i, point] of points.entries()) {
    const before = points[i - 1];
    if (before && (point.step?.mark !== undefined || !isSlope(before, point, traits))) high = [];
    while (high.length > 0 && (points[high.at(-1) as number] as IndexPoint).n <= point.n)
      high.pop();
    high.push(i);
    while ((points[high[0] as number] as IndexPoint).time < point.time - HOLD_MS) high.shift();
    const top = (points[high[0] as number] as IndexPoint).n;
    held.push(!point.isFixed && top - point.n <= traits.slip ? top : point.n);
  }
  return held;
}

/** The two belong to one stretch in which the index grows or slips. */
function isSlope(a: Shown, b: Shown, traits: CounterTraits): boolean {
  const grew = b.n - a.n;
  return grew >= 0 ? grew <= mostBetween(a, b, traits) : -grew <= traits.slip;
}

/** The count and the index at one moment. */
export interface Border {
  readonly total: number;
  readonly n: number;
  readonly isMeasured: boolean;
  /** How long nothing was heard around it; 0 on a reading. */
  readonly silenceMs: number;
}

/**
 * At a moment: as read when a reading falls on it, else on the straight line between the readings
 * around it, rounded down; undefined before the first and after the last.
 */
export function borderAt(
  points: readonly Counted[],
  timeMs: number,
  modulus?: number,
): Border | undefined {
  const position = firstAtOrAfter(points, timeMs);
  const after = points[position];
  if (!after) return undefined;
  if (after.time === timeMs)
    return { total: after.total, n: after.n, isMeasured: after.isMeasured, silenceMs: 0 };
  const before = points[position - 1];
  if (!before) return undefined;
  const silenceMs = after.time - before.time;
  const part = Math.floor(((after.total - before.total) * (timeMs - before.time)) / silenceMs);
  const n = before.n + part;
  return {
    total: before.total + part,
    n: modulus !== undefined && n >= modulus ? n - modulus : n,
    isMeasured: false,
    silenceMs,
  };
}

/** Position of the first point at or after a moment; the number of points when there is none. */
export function firstAtOrAfter(points: readonly { readonly time: number }[], timeMs: number) {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((points[middle] as { time: number }).time < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
