/**
 * `plausible`: what a counter can do: how much may pass in an hour, how far it may slip back, where
 * it begins again at zero.
 *
 * The defaults are far beyond a home's meter and far below a misread digit: the overload flow of a
 * DN25 water meter is 7.9 m³/h (ISO 4064, Q4 of Q3 = 6.3), a home's fuse passes 60 kW.
 */
import type { Unit } from "#shared/model/registers.ts";

/** In whole numbers of a series' own scale and unit. */
export interface CounterTraits {
  /** The first number it cannot show: 100,000 for five digits. Absent: not known, never guessed. */
  readonly modulus?: number;
  readonly mostPerHour: number;
  /** A fall by no more than this is a dip or backflow, not a reset. */
  readonly slip: number;
  /** No counter stands this high. */
  readonly most: number;
}

/** What the operator knows of a meter, n × 10^scale in the unit its consumption is told in. */
export interface KnownCounter {
  readonly scale: number;
  readonly modulusN?: number | undefined;
  readonly mostPerHourN?: number | undefined;
}

/** Per unit: most in an hour, and the slip. */
const USUAL: Partial<Record<Unit, readonly [perHour: number, slip: number]>> = {
  m3: [10, 0.05],
  gal: [2_600, 13],
  kWh: [100, 0.1],
  MJ: [360, 0.4],
  kvarh: [100, 0.1],
  varh: [100_000, 100],
  VAh: [100_000, 100],
  Ah: [1_000, 1],
  count: [100_000, 1],
  s: [3_660, 60],
  none: [100, 0],
};
/** In a series' unit: a thousand million m³ or kWh. */
const MOST = 1e9;

/** The traits of a series of `unit` at `scale`; what is known of the meter goes before what is usual. */
export function counterTraits(unit: Unit, scale: number, known?: KnownCounter): CounterTraits {
  const [perHour, slip] = USUAL[unit] ?? [Infinity, 0];
  const inSeries = (n: number | undefined) =>
    n === undefined || known === undefined ? undefined : n * 10 ** (known.scale - scale);
  const modulus = inSeries(known?.modulusN);
  return {
    ...(modulus === undefined ? {} : { modulus }),
    mostPerHour: inSeries(known?.mostPerHourN) ?? perHour / 10 ** scale,
    slip: slip / 10 ** scale,
    most: MOST / 10 ** scale,
  };
}
