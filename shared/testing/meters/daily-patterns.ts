/**
 * `daily-patterns`: what a household uses, hour by hour, as whole numbers that only grow.
 *
 * Every curve is a pure function of a seed (a device's id), the household and the time: asked
 * twice, or on two machines, it says the same. An index is 0 at 1 January 2024 and never falls.
 * Days are summed once and remembered, so that any time is cheap to ask for.
 *
 * Functions: `waterLitres`, `electricityWattHours`, `heatWattHours` (used between two moments),
 * `waterLitresAt`, `electricityWattHoursAt`, `heatWattHoursAt` (index at a moment),
 * `outdoorTenths`, `indoorTenths`, `indoorHalfPercents` (gauges at a moment).
 */
import { chance, seedOf } from "./chance.ts";
import { leakAt, peopleAt, type Household } from "./household.ts";

const HOUR_MS = 3_600_000;
const HOURS = 24;
/** Indexes begin here, epoch ms. */
export const BEGIN_MS = Date.UTC(2024, 0, 1);

/** How much of a day's water falls to each hour (UTC), in thousandths; nights are near zero. */
const waterShape = [
  4, 1, 0, 0, 6, 40, 95, 110, 70, 45, 35, 40, 55, 45, 30, 30, 40, 60, 80, 75, 60, 45, 24, 10,
];
/** Chance in percent that nobody draws water in that hour. */
const waterPauses = [
  85, 95, 98, 98, 85, 35, 10, 10, 25, 40, 50, 45, 30, 40, 50, 50, 40, 20, 10, 15, 20, 30, 50, 75,
];
/** Watts beside the base load for each person at home, by hour. */
const powerShape = [
  15, 10, 10, 10, 15, 50, 120, 140, 90, 70, 60, 80, 140, 90, 60, 70, 90, 150, 220, 240, 220, 170,
  90, 35,
];
const LITRES_PER_PERSON = 118;
const BASE_WATTS = 55;

type HourUse = (seed: number, household: Household, hour: number) => number;
const hourStart = (hour: number) => BEGIN_MS + hour * HOUR_MS;

const waterIn: HourUse = (seed, household, hour) => {
  const ms = hourStart(hour);
  const ofDay = hour % HOURS;
  const isPause = chance(seed, hour, 1) * 100 < (waterPauses[ofDay] ?? 0);
  const share = ((waterShape[ofDay] ?? 0) / 1000) * LITRES_PER_PERSON * peopleAt(household, ms);
  const drawn = isPause ? 0 : Math.round(share * (0.5 + chance(seed, hour, 2) * 1.6));
  return drawn + leakAt(household, ms);
};

const electricityIn: HourUse = (seed, household, hour) => {
  const people = peopleAt(household, hourStart(hour));
  const base = people > 0 ? BASE_WATTS : 8;
  const used = people * (powerShape[hour % HOURS] ?? 0) * (0.4 + chance(seed, hour, 3) * 1.2);
  return Math.round(base * (0.8 + chance(seed, hour, 4) * 0.4) + used);
};

/** Heating begins below 16.5 °C outside, turned down at night and in an empty home. */
const heatIn: HourUse = (seed, household, hour) => {
  const ms = hourStart(hour);
  const missing = Math.max(0, 165 - outdoorTenths(ms)) / 10;
  const ofDay = hour % HOURS;
  const setBack = ofDay >= 22 || ofDay < 5 ? 0.6 : 1;
  const lived = peopleAt(household, ms) > 0 ? 1 : 0.35;
  const wattsPerKelvin = 70 + chance(seed, 5) * 60;
  return Math.round(
    missing * wattsPerKelvin * setBack * lived * (0.85 + chance(seed, hour, 6) * 0.3),
  );
};

/** Running totals at the start of each day, by household, use and seed. */
const sums = new WeakMap<Household, Map<HourUse, Map<string, number[]>>>();

function dayStarts(use: HourUse, seed: string, household: Household): number[] {
  const ofHousehold = sums.get(household) ?? new Map<HourUse, Map<string, number[]>>();
  sums.set(household, ofHousehold);
  const ofUse = ofHousehold.get(use) ?? new Map<string, number[]>();
  ofHousehold.set(use, ofUse);
  const starts = ofUse.get(seed) ?? [0];
  ofUse.set(seed, starts);
  return starts;
}

/** The index at a moment: all hours since the beginning, the running one in proportion. */
function indexAt(use: HourUse, seed: string, household: Household, ms: number): number {
  if (ms <= BEGIN_MS) return 0;
  const number = seedOf(seed);
  const hour = Math.floor((ms - BEGIN_MS) / HOUR_MS);
  const day = Math.floor(hour / HOURS);
  const starts = dayStarts(use, seed, household);
  for (let known = starts.length - 1; known < day; known++) {
    let sum = starts[known] ?? 0;
    for (let h = known * HOURS; h < (known + 1) * HOURS; h++) sum += use(number, household, h);
    starts.push(sum);
  }
  let sum = starts[day] ?? 0;
  for (let h = day * HOURS; h < hour; h++) sum += use(number, household, h);
  return sum + Math.floor((use(number, household, hour) * ((ms - BEGIN_MS) % HOUR_MS)) / HOUR_MS);
}

/** A water meter's index, litres. */
export function waterLitresAt(seed: string, household: Household, ms: number): number {
  return indexAt(waterIn, seed, household, ms);
}
/** Litres drawn in `[fromMs, toMs)`. */
export function waterLitres(
  seed: string,
  household: Household,
  fromMs: number,
  toMs: number,
): number {
  return waterLitresAt(seed, household, toMs) - waterLitresAt(seed, household, fromMs);
}

/** An electricity meter's index, Wh. */
export function electricityWattHoursAt(seed: string, household: Household, ms: number): number {
  return indexAt(electricityIn, seed, household, ms);
}
/** Wh used in `[fromMs, toMs)`. */
export function electricityWattHours(
  seed: string,
  household: Household,
  fromMs: number,
  toMs: number,
): number {
  return (
    electricityWattHoursAt(seed, household, toMs) - electricityWattHoursAt(seed, household, fromMs)
  );
}

/** A heat meter's index, Wh. */
export function heatWattHoursAt(seed: string, household: Household, ms: number): number {
  return indexAt(heatIn, seed, household, ms);
}
/** Wh of heat used in `[fromMs, toMs)`. */
export function heatWattHours(
  seed: string,
  household: Household,
  fromMs: number,
  toMs: number,
): number {
  return heatWattHoursAt(seed, household, toMs) - heatWattHoursAt(seed, household, fromMs);
}

const DAY_MS = HOURS * HOUR_MS;
/** Days of a year, for the seasons. */
const YEAR_DAYS = 365.25;
const COLDEST_DAY = 20;

/** Tenths of a degree outside: a middle European year, its days, and weather of a few days each. */
export function outdoorTenths(ms: number): number {
  const day = (ms - BEGIN_MS) / DAY_MS;
  const season = -Math.cos(((day - COLDEST_DAY) / YEAR_DAYS) * 2 * Math.PI);
  const hours = -Math.cos(((day % 1) - 0.1) * 2 * Math.PI);
  const weather = chance(0x0e47, Math.floor(day / 3)) - 0.5;
  return Math.round(105 + season * 95 + hours * 30 + weather * 70);
}

/** Tenths of a degree in a room: near 21 °C, a little cooler at night, warmer in summer. */
export function indoorTenths(seed: string, ms: number): number {
  const number = seedOf(seed);
  const hour = Math.floor((ms - BEGIN_MS) / HOUR_MS);
  const night = hour % HOURS >= 22 || hour % HOURS < 6 ? -12 : 0;
  const summer = Math.max(0, outdoorTenths(ms) - 180) * 0.6;
  return Math.round(
    205 + chance(number, 7) * 20 + night + summer + (chance(number, hour, 8) - 0.5) * 6,
  );
}

/** Relative humidity in a room, in halves of a percent. */
export function indoorHalfPercents(seed: string, ms: number): number {
  const number = seedOf(seed);
  const hour = Math.floor((ms - BEGIN_MS) / HOUR_MS);
  return Math.round(
    80 + chance(number, 9) * 20 + (chance(number, hour, 10) - 0.5) * 12 + outdoorTenths(ms) / 25,
  );
}
