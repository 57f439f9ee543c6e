/**
 * `frozen-columns`: packs the thinned series of a device's month and unpacks them again, exactly.
 */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { Fault } from "#shared/model/fault.ts";
import { markIds, type Mark } from "#shared/model/marks.ts";
import { isRegisterId, units, type RegisterId, type Unit } from "#shared/model/registers.ts";
import type { FrozenGauge, FrozenIndex } from "./history.ts";
import type { IndexPoint } from "./index-series.ts";

export interface FrozenSeries {
  readonly indexes: readonly FrozenIndex[];
  readonly gauges: readonly FrozenGauge[];
}

/** Refuses to inflate beyond this: a month of hours of twenty registers is below 1 MB. */
const MOST_BYTES = 16_000_000;

/** Differences of times and numbers; `c` the positions that were computed; `s` steps that are more than the difference. */
interface IndexColumns {
  readonly g: readonly [RegisterId, Unit, number];
  readonly t: readonly number[];
  readonly n: readonly number[];
  readonly c: readonly number[];
  readonly s: readonly (readonly [at: number, by: number, mark: Mark | null])[];
  readonly k: readonly (readonly [time: number, mark: Mark])[];
}
interface GaugeColumns {
  readonly g: readonly [RegisterId, Unit, number];
  readonly t: readonly number[];
  readonly n: readonly number[];
}

const differences = (numbers: readonly number[]) =>
  numbers.map((n, i) => n - (i === 0 ? 0 : (numbers[i - 1] as number)));
const sums = (steps: readonly number[]) => {
  let sum = 0;
  return steps.map((step) => (sum += step));
};

export function packFrozen({ indexes, gauges }: FrozenSeries): string {
  const columns = {
    i: indexes.map(({ register, unit, scale, points, marked }): IndexColumns => ({
      g: [register, unit, scale],
      t: differences(points.map(({ time }) => time)),
      n: differences(points.map(({ n }) => n)),
      c: points.flatMap(({ isMeasured }, at) => (isMeasured === false ? [at] : [])),
      s: points.flatMap(({ n, step }, at) => {
        const grew = at === 0 ? undefined : n - (points[at - 1] as IndexPoint).n;
        if (!step || (step.by === grew && step.mark === undefined)) return [];
        return [[at, step.by, step.mark ?? null] as const];
      }),
      k: marked.map(({ time, mark }) => [time, mark] as const),
    })),
    g: gauges.map(({ register, unit, scale, points }): GaugeColumns => ({
      g: [register, unit, scale],
      t: differences(points.map(({ time }) => time)),
      n: differences(points.map(({ n }) => n)),
    })),
  };
  return deflateRawSync(JSON.stringify(columns), { level: 9 }).toString("base64");
}

/** @throws Fault "invalid" for columns that are damaged */
export function unpackFrozen(text: string): FrozenSeries {
  try {
    const bytes = inflateRawSync(Buffer.from(text, "base64"), { maxOutputLength: MOST_BYTES });
    const { i, g } = JSON.parse(bytes.toString("utf8")) as {
      i: IndexColumns[];
      g: GaugeColumns[];
    };
    return {
      indexes: i.map((one) => ({
        ...headOf(one.g),
        points: pointsOf(one),
        marked: one.k.map(([time, mark]) => ({ time: whole(time), mark: known(mark) })),
      })),
      gauges: g.map((one) => {
        const times = sums(one.t);
        const points = sums(one.n).map((n, at) => ({ time: whole(times[at]), n: whole(n) }));
        return { ...headOf(one.g), points };
      }),
    };
  } catch (error) {
    throw new Fault("invalid", "a frozen month cannot be unpacked", {}, error);
  }
}

function pointsOf({ t, n, c, s }: IndexColumns): IndexPoint[] {
  const [times, numbers] = [sums(t), sums(n)];
  const computed = new Set(c);
  const steps = new Map(s.map(([at, by, mark]) => [at, { by, mark }]));
  return numbers.map((number, at) => {
    const told = steps.get(at);
    const by = told?.by ?? number - (numbers[at - 1] ?? number);
    const mark = told?.mark ? { mark: known(told.mark) } : {};
    return {
      time: whole(times[at]),
      n: whole(number),
      isFixed: true,
      ...(computed.has(at) ? { isMeasured: false } : {}),
      // What came before the first is another month's.
      ...(at === 0 ? {} : { step: { by: whole(by), ...mark } }),
    };
  });
}

function headOf([register, unit, scale]: readonly [RegisterId, Unit, number]) {
  if (!isRegisterId(register) || !units.includes(unit) || !Number.isInteger(scale))
    throw new RangeError("a register that is none");
  return { register, unit, scale };
}

function whole(n: number | undefined): number {
  if (!Number.isSafeInteger(n)) throw new RangeError("a number that is none");
  return n as number;
}

function known(mark: Mark): Mark {
  if (!markIds.includes(mark)) throw new RangeError("a mark that is none");
  return mark;
}
