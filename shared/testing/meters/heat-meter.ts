/**
 * `heat-meter`: what an Elvaco CMi4110 sends, its standard message.
 */
import { bcd, lowFirst, type Frame } from "./payload-bytes.ts";

export interface HeatMeterState {
  /** Counted in whole kWh on the display; what is left over is not sent. */
  readonly energyWh: number;
  readonly volumeLitres: number;
  readonly powerW: number;
  readonly flowLitresPerHour: number;
  readonly flowTenths: number;
  readonly returnTenths: number;
  /** As printed, eight digits. */
  readonly serial: number;
  readonly errorFlags: number;
}

/** Energy in kWh, volume in 10 L, power in 100 W, flow in L/h, temperatures in 0.1 °C. */
export function encodeHeatMeter(state: HeatMeterState): Frame {
  const payload = Uint8Array.from(
    [
      [0x00],
      [0x0c, 0x06, ...bcd(state.energyWh / 1000, 4)],
      [0x0c, 0x14, ...bcd(state.volumeLitres / 10, 4)],
      [0x0b, 0x2d, ...bcd(state.powerW / 100, 3)],
      [0x0b, 0x3b, ...bcd(state.flowLitresPerHour, 3)],
      [0x0a, 0x5a, ...bcd(state.flowTenths, 2)],
      [0x0a, 0x5e, ...bcd(state.returnTenths, 2)],
      [0x0c, 0x78, ...bcd(state.serial, 4)],
      [0x02, 0xfd, 0x17, ...lowFirst(state.errorFlags, 2)],
    ].flat(),
  );
  return { fPort: 2, payload };
}
