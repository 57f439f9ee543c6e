/**
 * `freeze`: thins a device's month to the borders of hours and of days, so that every count between
 * such borders stays what it was when all readings were there.
 *
 * Kept beside the borders: the readings on both sides of a silence and of every step that is out
 * of the ordinary, and those around the moments at which the device changed homes.
 */
import type { Mark } from "#shared/model/marks.ts";
import { registers, type RegisterId } from "#shared/model/registers.ts";
import { addDays, localDate, stretches, type Zones } from "./calendar.ts";
import type { FrozenSeries } from "./frozen-columns.ts";
import type { FrozenGauge, FrozenIndex } from "./history.ts";
import { indexSeries, type IndexPoint, type MarkedMoment } from "./index-series.ts";
import { joinPoints } from "./meter-count.ts";
import { counterTraits, type KnownCounter } from "./plausible.ts";
import type { ReadingRow } from "./reading-row.ts";
import { borderAt, firstAtOrAfter, steadyCount, type Counted } from "./steady-count.ts";

export interface FreezeAsked {
  /** The month's rows with those around it, in order, copies folded. */
  readonly rows: readonly ReadingRow[];
  /** Frozen before: of this month (a later version is made then) and of the one before it. */
  readonly old?: FrozenSeries | undefined;
  readonly monthBefore?: FrozenSeries | undefined;
  /** `[fromMs, toMs)`: the UTC month. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly zones: Zones;
  /** Silence beyond this stays a gap. */
  readonly gapMs: number;
  readonly counter?: KnownCounter | undefined;
  /** The gauge that is shown of such a device. */
  readonly gauge?: RegisterId | undefined;
  /** When it came into a home or left one. */
  readonly movedMs: readonly number[];
}

export interface FrozenMonth {
  readonly hours: FrozenSeries;
  readonly days: FrozenSeries;
  /** Readings that an earlier version did not have. */
  readonly late: number;
}

/** Undefined when the month holds nothing of the device. */
export function freezeMonth(asked: FreezeAsked): FrozenMonth | undefined {
  const { rows, old, fromMs, toMs } = asked;
  const inMonth = rows.filter(({ time }) => fromMs <= time && time < toMs);
  const ids = new Set<RegisterId>();
  for (const { values } of inMonth)
    for (const { register } of values) if (registers[register]?.kind === "index") ids.add(register);
  for (const { register } of old?.indexes ?? []) ids.add(register);
  const [hourBorders, dayBorders] = [bordersOf(asked, "hour"), bordersOf(asked, "day")];
  const [hours, days]: [FrozenIndex[], FrozenIndex[]] = [[], []];
  for (const register of [...ids].sort()) {
    const counted = countOf(asked, register);
    if (!counted) continue;
    const { points, modulus, head, marked } = counted;
    const thinned = (borders: readonly number[]) => ({
      ...head,
      points: thin(points, borders, asked, modulus),
      marked,
    });
    hours.push(thinned(hourBorders));
    days.push(thinned(dayBorders));
  }
  const gauges = asked.gauge ? gaugesOf(asked, asked.gauge, inMonth) : [];
  if (hours.length === 0 && gauges.length === 0) return undefined;
  return {
    hours: { indexes: hours, gauges },
    days: { indexes: days, gauges: [] },
    late: old ? inMonth.length : 0,
  };
}

/** Local hours or days begin at these moments; the month's own ends among them. */
function bordersOf({ zones, fromMs, toMs }: FreezeAsked, step: "hour" | "day"): number[] {
  const [first, last] = [localDate(zones, fromMs), addDays(localDate(zones, toMs), 1)];
  const begins = stretches(zones, first, last, step).map((one) => one.fromMs);
  const borders = new Set([fromMs, ...begins, toMs]);
  return [...borders].filter((ms) => fromMs <= ms && ms <= toMs).sort((a, b) => a - b);
}

function countOf(
  { rows, old, monthBefore, counter, fromMs, toMs }: FreezeAsked,
  register: RegisterId,
) {
  const fresh = indexSeries(rows, { registers: [register], nowMs: Infinity });
  const frozen = [monthBefore, old].flatMap(
    (one) => one?.indexes.filter((index) => index.register === register) ?? [],
  );
  // An older version's unit stands: it is a fact.
  const unit = frozen.at(-1)?.unit ?? fresh?.unit;
  const parts = [...frozen, ...(fresh ? [fresh] : [])].filter(
    (one) => one.unit === unit && one.points.length > 0,
  );
  if (unit === undefined || parts.length === 0) return undefined;
  const scale = Math.min(...parts.map((one) => one.scale));
  const lists = parts.map((one) =>
    one.points.map((point): IndexPoint => {
      const factor = 10 ** (one.scale - scale);
      const step = point.step && { ...point.step, by: point.step.by * factor };
      return { ...point, n: point.n * factor, ...(step ? { step } : {}) };
    }),
  );
  const traits = counterTraits(unit, scale, counter);
  const { points, events } = steadyCount(joinPoints(lists), traits);
  const isHere = (time: number) => fromMs <= time && time < toMs;
  const leftOut = events.flatMap(({ mark, fromMs: at, toMs: to }): MarkedMoment[] =>
    at === to ? [{ time: at, mark }] : [],
  );
  const late: MarkedMoment[] = old ? rows.map(({ time }) => ({ time, mark: "late" as const })) : [];
  const marked = hourly(
    [
      ...(fresh?.marked ?? []),
      ...(old ? frozen.flatMap((one) => one.marked) : []),
      ...leftOut,
      ...late,
    ].filter(({ time }) => isHere(time)),
  );
  return { points, modulus: traits.modulus, marked, head: { register, unit, scale } };
}

/** One of a kind an hour is enough to be told. */
function hourly(marked: readonly MarkedMoment[]): MarkedMoment[] {
  const first = new Map<string, MarkedMoment>();
  for (const one of marked.toSorted((a, b) => a.time - b.time)) {
    const key = `${one.mark} ${Math.floor(one.time / 3_600_000)}`;
    if (!first.has(key)) first.set(key, one);
  }
  return [...first.values()];
}

interface Kept {
  readonly time: number;
  readonly n: number;
  readonly total: number;
  readonly isMeasured: boolean;
  readonly mark: Mark | undefined;
}

function thin(
  points: readonly Counted[],
  borders: readonly number[],
  { fromMs, toMs, gapMs, movedMs }: FreezeAsked,
  modulus: number | undefined,
): IndexPoint[] {
  const kept = new Map<number, Kept>();
  for (const time of borders) {
    const border = borderAt(points, time, modulus);
    if (border && border.silenceMs <= gapMs) kept.set(time, { ...border, time, mark: undefined });
  }
  const keep = (point: Counted | undefined) => {
    if (point && fromMs <= point.time && point.time <= toMs) kept.set(point.time, point);
  };
  for (const [i, point] of points.entries()) {
    const before = points[i - 1];
    const isSilent = !before || point.time - before.time > gapMs;
    if (!isSilent && (point.mark === undefined || point.mark === "dip")) continue;
    keep(before);
    keep(point);
  }
  keep(points.at(-1));
  for (const ms of movedMs) {
    const at = firstAtOrAfter(points, ms);
    keep(points[at - 1]);
    keep(points[at]);
  }
  const ordered = [...kept.values()].sort((a, b) => a.time - b.time);
  return ordered.map(({ time, n, total, isMeasured, mark }, i): IndexPoint => {
    const before = ordered[i - 1];
    return {
      time,
      n,
      isFixed: true,
      ...(isMeasured ? {} : { isMeasured }),
      ...(before ? { step: { by: total - before.total, ...(mark ? { mark } : {}) } } : {}),
    };
  });
}

/** The last value of each hour. */
function gaugesOf(
  { old }: FreezeAsked,
  register: RegisterId,
  rows: readonly ReadingRow[],
): FrozenGauge[] {
  const hours = new Map<number, { time: number; n: number }>();
  const kept = old?.gauges.find((one) => one.register === register);
  const found = rows.flatMap(({ time, values }) => {
    const value = values.find((one) => one.register === register);
    return value ? [{ time, value }] : [];
  });
  const head = kept ?? found.at(-1)?.value;
  if (!head) return [];
  const { unit, scale } = head;
  const add = (time: number, n: number) => hours.set(Math.floor(time / 3_600_000), { time, n });
  for (const { time, value } of found) {
    const n = value.n * 10 ** (value.scale - scale);
    if (value.unit === unit && Number.isSafeInteger(n)) add(time, n);
  }
  for (const { time, n } of kept?.points ?? []) add(time, n);
  const points = [...hours.values()].sort((a, b) => a.time - b.time);
  return [{ register, unit, scale, points }];
}
