/**
 * `water-meter`: what a Quandify CubicMeter 1.1 sends, its status report.
 */
import { lowFirst, type Frame } from "./payload-bytes.ts";

export interface WaterMeterState {
  /** Seconds the meter has been running. */
  readonly runningSeconds: number;
  readonly litres: number;
  /** The meter's own opinion: 2 = none, 3 = medium, 4 = large. */
  readonly leak: number;
  readonly errorFlags: number;
  readonly isSensing: boolean;
  readonly batteryMillivolts: number;
  readonly waterTenths: { readonly min: number; readonly max: number };
  readonly ambientTenths: number;
}

/** Half degrees from −20 °C. */
const degrees = (tenths: number) => Math.min(255, Math.max(0, Math.round((tenths + 200) / 5)));
/** Steps of 8 mV from 1.8 V. */
const volts = (millivolts: number) =>
  Math.min(255, Math.max(0, Math.round((millivolts - 1800) / 8)));

export function encodeWaterMeter(state: WaterMeterState): Frame {
  const payload = Uint8Array.of(
    ...lowFirst(state.runningSeconds, 4),
    ...lowFirst((state.errorFlags & 0x7fff) | (state.isSensing ? 0 : 0x8000), 2),
    ...lowFirst(state.litres, 4),
    ...lowFirst(0, 4), // flow against the arrow
    ...lowFirst(state.runningSeconds, 4),
    0x06,
    0xfc,
    0x8b,
    0x07,
    state.leak,
    volts(state.batteryMillivolts),
    volts(state.batteryMillivolts + 32),
    degrees(state.waterTenths.min),
    degrees(state.waterTenths.max),
    degrees(state.ambientTenths),
  );
  return { fPort: 1, payload };
}
