/**
 * `simulated-meter`: one meter of a simulated home: what it would send at any moment, and the
 * index it stands at, which is the truth a test compares with.
 *
 * Pure: the same seed, household and time give the same frame.
 */
import { chance, seedOf } from "./chance.ts";
import { encodeClimateSensor } from "./climate-sensor.ts";
import { encodeCurrentTransformer } from "./current-transformer.ts";
import {
  BEGIN_MS,
  electricityWattHours,
  electricityWattHoursAt,
  heatWattHours,
  heatWattHoursAt,
  indoorHalfPercents,
  indoorTenths,
  outdoorTenths,
  waterLitres,
  waterLitresAt,
} from "./daily-patterns.ts";
import { encodeHeatMeter } from "./heat-meter.ts";
import { leakAt, type Household } from "./household.ts";
import type { Frame } from "./payload-bytes.ts";
import { encodeSocket } from "./socket.ts";
import { encodeWaterMeter } from "./water-meter.ts";

/** The devices a simulated home may have, by their decoders' names. */
export type SimulatedModel =
  | "elvaco/cmi4110"
  | "quandify/cubicmeter-1-1"
  | "milesight/ws52x"
  | "milesight/ct101"
  | "milesight/em300-th";

export interface SimulatedFrame extends Frame {
  /** What the meter's index stands at, as sent: `n` × 10^`scale` of `unit`; null for a sensor. */
  readonly index: {
    readonly n: number;
    readonly scale: number;
    readonly unit: "Wh" | "m3" | "Ah";
  } | null;
}

const HOUR_MS = 3_600_000;
const VOLTS = 230;
/** Heat carried off by a litre of water cooled by one kelvin, Wh. */
const WH_PER_LITRE_KELVIN = 1.163;
const SPREAD_KELVIN = 18;

type Simulation = (seed: string, household: Household, ms: number) => SimulatedFrame;

const heat: Simulation = (seed, household, ms) => {
  const energyWh = heatWattHoursAt(seed, household, ms);
  const powerW = heatWattHours(seed, household, ms - HOUR_MS, ms);
  const flowTenths = powerW > 0 ? Math.round(620 - outdoorTenths(ms) * 0.8) : 240;
  const frame = encodeHeatMeter({
    energyWh,
    volumeLitres: Math.floor(energyWh / (WH_PER_LITRE_KELVIN * SPREAD_KELVIN)),
    powerW,
    flowLitresPerHour: Math.round(powerW / (WH_PER_LITRE_KELVIN * SPREAD_KELVIN)),
    flowTenths,
    returnTenths: powerW > 0 ? flowTenths - SPREAD_KELVIN * 10 : 230,
    serial: 60_000_000 + Math.floor(chance(seedOf(seed), 11) * 9_999_999),
    errorFlags: 0,
  });
  return { ...frame, index: { n: Math.floor(energyWh / 1000), scale: 3, unit: "Wh" } };
};

const water: Simulation = (seed, household, ms) => {
  const litres = waterLitresAt(seed, household, ms);
  const isCold = waterLitres(seed, household, ms - HOUR_MS, ms) > 0;
  const frame = encodeWaterMeter({
    runningSeconds: Math.max(0, Math.floor((ms - BEGIN_MS) / 1000)),
    litres,
    leak: leakAt(household, ms - HOUR_MS) > 0 ? 3 : 2,
    errorFlags: 0,
    isSensing: true,
    batteryMillivolts: 3640,
    waterTenths: { min: isCold ? 115 : 180, max: 215 },
    ambientTenths: 220,
  });
  return { ...frame, index: { n: litres, scale: -3, unit: "m3" } };
};

const socket: Simulation = (seed, household, ms) => {
  const wattHours = electricityWattHoursAt(seed, household, ms);
  const watts = electricityWattHours(seed, household, ms - HOUR_MS, ms);
  const decivolts = 2280 + Math.floor(chance(seedOf(seed), Math.floor(ms / 60_000)) * 50);
  const frame = encodeSocket({
    wattHours,
    watts,
    decivolts,
    milliamps: Math.min(0xffff, Math.round((watts * 10_000) / decivolts / 0.97)),
    powerFactorPercent: 97,
    isOn: true,
  });
  return { ...frame, index: { n: wattHours, scale: 0, unit: "Wh" } };
};

const transformer: Simulation = (seed, household, ms) => {
  const centiampHours = Math.floor((electricityWattHoursAt(seed, household, ms) * 100) / VOLTS);
  const centiamps = Math.floor(
    (electricityWattHours(seed, household, ms - HOUR_MS, ms) * 100) / VOLTS,
  );
  return {
    ...encodeCurrentTransformer({ centiampHours, centiamps }),
    index: { n: centiampHours, scale: -2, unit: "Ah" },
  };
};

const climate: Simulation = (seed, _household, ms) => ({
  ...encodeClimateSensor({
    tenths: indoorTenths(seed, ms),
    halfPercents: indoorHalfPercents(seed, ms),
    battery: 96,
  }),
  index: null,
});

const simulations: Readonly<Record<SimulatedModel, Simulation>> = {
  "elvaco/cmi4110": heat,
  "quandify/cubicmeter-1-1": water,
  "milesight/ws52x": socket,
  "milesight/ct101": transformer,
  "milesight/em300-th": climate,
};

/**
 * What a device sends at `ms` (epoch ms). Whether it sends at all is the caller's business: see
 * `isSilentAt`.
 *
 * @param seed the device's id
 */
export function frameAt(
  model: SimulatedModel,
  seed: string,
  household: Household,
  ms: number,
): SimulatedFrame {
  return simulations[model](seed, household, ms);
}
