/**
 * `vicki`: MClimate's radiator valve. Its keep-alive stands at the end of every frame.
 *
 * @see the uplink decoder that MClimate publishes for Vicki
 */
import type { Decoder } from "#shared/model/decoder.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";
import { humidity, tenthsOfVolts } from "./values.ts";

const SIZE = 9;
/** The two keep-alives differ in how their sensor's byte becomes degrees. */
const KEEP_ALIVE = 0x01;
const KEEP_ALIVE_81 = 0x81;
const WINDOW_OPEN = 0x08;
const CALIBRATION_FAILED = 0x40;

/** Hundred-millionths of a degree. */
function degrees(kind: number, byte: number): number {
  if (kind === KEEP_ALIVE) return byte * 64_453_125 - 4_000_000_000;
  return Math.round(((byte - 28.33333) / 5.66666) * 1e8);
}

export const vicki: Decoder = {
  model: "mclimate/vicki",
  version: 1,
  title: "MClimate Vicki",
  kind: "temperature",
  registers: [
    "temperature_target",
    "temperature",
    "humidity",
    "valve_position",
    "battery_voltage",
    "open",
    "error_flags",
  ],
  decode(payload) {
    const reader = new ByteReader(payload);
    reader.skip(Math.max(0, payload.length - SIZE));
    const kind = reader.u8();
    if (kind !== KEEP_ALIVE && kind !== KEEP_ALIVE_81) reader.fail("has no keep-alive");
    const target = exact("temperature_target", reader.u8(), 0, "C");
    const temperature = exact("temperature", degrees(kind, reader.u8()), -8, "C");
    const [wet] = humidity(reader);
    const [low, rangeLow, high, power, state] = [
      reader.u8(),
      reader.u8(),
      reader.u8(),
      reader.u8(),
      reader.u8(),
    ];
    // The motor counts steps from the valve's open end.
    const [position, range] = [((high >> 4) << 8) | low, ((high & 0x0f) << 8) | rangeLow];
    const opening = range === 0 ? 0 : Math.round((1 - position / range) * 100);
    // Bits 0 to 3: sensor broken, motor draws too little, too much, calibration failed.
    const errors = (power & 0x07) | (state & CALIBRATION_FAILED ? 0x08 : 0);
    return [
      {
        values: [
          target,
          temperature,
          ...(wet ? [wet] : []),
          exact("valve_position", opening, 0, "%"),
          tenthsOfVolts(power),
          exact("open", power & WINDOW_OPEN ? 1 : 0, 0, "none"),
          exact("error_flags", errors, 0, "none"),
        ],
      },
    ];
  },
};
