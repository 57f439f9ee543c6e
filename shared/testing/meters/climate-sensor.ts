/**
 * `climate-sensor`: what a Milesight EM300-TH sends.
 */
import { lowFirst, type Frame } from "./payload-bytes.ts";

export interface ClimateSensorState {
  /** Tenths of a degree. */
  readonly tenths: number;
  /** Relative humidity in halves of a percent. */
  readonly halfPercents: number;
  /** Percent; sent only when given, as the sensor does now and then. */
  readonly battery?: number;
}

export function encodeClimateSensor({ tenths, halfPercents, battery }: ClimateSensorState): Frame {
  const head = battery === undefined ? [] : [0x01, 0x75, battery];
  return {
    fPort: 85,
    payload: Uint8Array.of(...head, 0x03, 0x67, ...lowFirst(tenths, 2), 0x04, 0x68, halfPercents),
  };
}
