/**
 * `current-transformer`: what a Milesight CT101 sends: the charge counted, and the current.
 */
import { lowFirst, type Frame } from "./payload-bytes.ts";

export interface CurrentTransformerState {
  /** Hundredths of an ampere hour. */
  readonly centiampHours: number;
  /** Hundredths of an ampere. */
  readonly centiamps: number;
}

export function encodeCurrentTransformer({
  centiampHours,
  centiamps,
}: CurrentTransformerState): Frame {
  const payload = Uint8Array.of(
    0x03,
    0x97,
    ...lowFirst(centiampHours, 4),
    0x04,
    0x98,
    ...lowFirst(centiamps, 2),
  );
  return { fPort: 85, payload };
}
