/**
 * `socket`: what a Milesight WS52x sends, all its measurements in one frame.
 */
import { lowFirst, type Frame } from "./payload-bytes.ts";

export interface SocketState {
  readonly wattHours: number;
  readonly watts: number;
  /** Tenths of a volt. */
  readonly decivolts: number;
  readonly milliamps: number;
  readonly powerFactorPercent: number;
  readonly isOn: boolean;
}

export function encodeSocket(state: SocketState): Frame {
  const payload = Uint8Array.from(
    [
      [0x08, 0x70, state.isOn ? 1 : 0],
      [0x05, 0x81, state.powerFactorPercent],
      [0x07, 0xc9, ...lowFirst(state.milliamps, 2)],
      [0x03, 0x74, ...lowFirst(state.decivolts, 2)],
      [0x04, 0x80, ...lowFirst(state.watts, 4)],
      [0x06, 0x83, ...lowFirst(state.wattHours, 4)],
    ].flat(),
  );
  return { fPort: 85, payload };
}
