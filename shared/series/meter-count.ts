/**
 * `meter-count`: the steady count of one installation, from rows, frozen months and what people
 * read off at mounting and removal.
 */
import type { RegisterId, Unit } from "#shared/model/registers.ts";
import { registers } from "#shared/model/registers.ts";
import type { FrozenStretch } from "./history.ts";
import {
  indexSeries,
  inCommonUnit,
  type IndexPoint,
  type IndexSeries,
  type MarkedMoment,
  type Multiplier,
} from "./index-series.ts";
import { counterTraits, type KnownCounter } from "./plausible.ts";
import type { ReadingRow } from "./reading-row.ts";
import { steadyCount, type SteadyCount } from "./steady-count.ts";
import type { Mounted, ReadOff } from "./window.ts";

export interface MeterCount {
  readonly register: RegisterId;
  readonly unit: Unit;
  readonly scale: number;
  readonly count: SteadyCount;
  readonly marked: readonly MarkedMoment[];
  readonly modulus: number | undefined;
}

export interface MeterCountAsked {
  readonly registers: readonly RegisterId[];
  readonly counter?: KnownCounter | undefined;
  readonly mounted: Mounted;
  readonly nowMs: number;
}

/** Undefined when none of the registers was ever read. `rows` without those of frozen months. */
export function meterCount(
  rows: readonly ReadingRow[],
  frozen: FrozenStretch,
  asked: MeterCountAsked,
): MeterCount | undefined {
  const { mounted, nowMs } = asked;
  const { multiplier } = mounted;
  for (const register of asked.registers) {
    const fresh = indexSeries(rows, { registers: [register], multiplier, nowMs });
    const old = frozen.indexes
      .filter((one) => one.register === register)
      .map((one) => multiplied(one, multiplier));
    if (!fresh && old.length === 0) continue;
    const unit = fresh && fresh.points.length > 0 ? fresh.unit : (old[0]?.unit ?? fresh?.unit);
    if (unit === undefined) continue;
    const own = readOffs(register, mounted, unit);
    const parts = [...(fresh ? [fresh] : []), ...old];
    const same = parts.filter((one) => one.unit === unit && one.points.length > 0);
    const scale = Math.min(...same.map((one) => one.scale), ...own.map((one) => one.scale));
    const known = parts.flatMap(({ marked }) => marked);
    if (!Number.isFinite(scale)) {
      const count = { points: [], events: [] };
      return { register, unit, scale: 0, count, marked: known, modulus: undefined };
    }
    const { fromMs, toMs } = mounted;
    const points = joinPoints(
      same.map((one) => inScale(one, scale).filter(({ time }) => fromMs <= time && time <= toMs)),
    );
    for (const { time, n, scale: theirs } of own) put(points, time, n * 10 ** (theirs - scale));
    const traits = counterTraits(unit, scale, asked.counter);
    const count = steadyCount(points, traits);
    return { register, unit, scale, count, marked: known, modulus: traits.modulus };
  }
  return undefined;
}

type Part = Pick<IndexSeries, "unit" | "scale" | "points" | "marked">;

/** Frozen indexes are kept as the counter showed them. */
function multiplied(part: Part, multiplier: Multiplier | undefined): Part {
  if (!multiplier) return part;
  const { scale, unit } = inCommonUnit({ n: 1, scale: part.scale, unit: part.unit }, multiplier);
  const points = part.points.map((point) => ({
    ...point,
    n: point.n * multiplier.n,
    ...(point.step ? { step: { ...point.step, by: point.step.by * multiplier.n } } : {}),
  }));
  return { ...part, unit, scale, points };
}

function inScale({ scale: from, points }: Part, scale: number): IndexPoint[] {
  if (from === scale) return [...points];
  const factor = 10 ** (from - scale);
  return points.flatMap((point) => {
    const n = point.n * factor;
    if (!Number.isSafeInteger(n)) return [];
    const step = point.step && { ...point.step, by: point.step.by * factor };
    return [{ ...point, n, ...(step ? { step } : {}) }];
  });
}

/** An index read off to the litre is not rounded to a meter's cubic metres, and it is a fact. */
function readOffs(
  register: RegisterId,
  { fromMs, toMs, start, end, multiplier }: Mounted,
  unit: Unit,
): { time: number; n: number; scale: number }[] {
  const read = (time: number, off: ReadOff | undefined) => {
    if (!off || !Number.isFinite(time)) return [];
    const amount = inCommonUnit({ ...off, unit: off.unit ?? registers[register].unit }, multiplier);
    return amount.unit === unit ? [{ time, n: amount.n, scale: amount.scale }] : [];
  };
  return [...read(fromMs, start), ...read(toMs, end)];
}

function put(points: IndexPoint[], time: number, n: number): void {
  if (!Number.isSafeInteger(n)) return;
  const at = points.findIndex((point) => point.time >= time);
  const position = at === -1 ? points.length : at;
  const isSame = points[position]?.time === time;
  points.splice(position, isSame ? 1 : 0, { time, n, isFixed: true });
  unlinked(points, position + 1);
}

/** The step to a point was decided for another one before it. */
function unlinked(points: IndexPoint[], position: number): void {
  const point = points[position];
  if (!point?.step || point.step.mark !== undefined) return;
  const { step: _, ...rest } = point;
  points[position] = rest;
}

/** One list in order of time; at the same time a fixed point stands, of two the first. */
export function joinPoints(lists: readonly (readonly IndexPoint[])[]): IndexPoint[] {
  if (lists.length === 1) return [...(lists[0] as IndexPoint[])];
  const all = lists
    .flatMap((list) => list.map((point, i) => ({ point, before: list[i - 1] })))
    .sort(
      (a, b) =>
        a.point.time - b.point.time ||
        Number(b.point.isFixed ?? false) - Number(a.point.isFixed ?? false),
    );
  const joined: IndexPoint[] = [];
  for (const { point, before } of all) {
    const last = joined.at(-1);
    if (last?.time === point.time) continue;
    joined.push(point);
    if (last?.time !== before?.time) unlinked(joined, joined.length - 1);
  }
  return joined;
}
