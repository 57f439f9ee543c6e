/**
 * ELV-LW-SWD: water under a washing machine. Dry, moist and wet are bits of their own; it also tells
 * how far it is tilted. How often it was set off is sent in a length that the maker's decoder and its
 * example do not agree on, so that it is not kept.
 *
 * @see the uplink decoder that ELV publishes for ELV-LW-SWD
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const PORT = 10;
const INFO = 0;
const STATE = 1;
const SENSOR = 2;
const SETTINGS = 3;
const INFO_BYTES = 8;
const SETTINGS_BYTES = 15;
const MOIST = 0x02;
const WET = 0x04;
/** What may follow the angle. */
const MOST_LEFT = 2;

function decode(payload: Uint8Array, { fPort }: { fPort: number | null }): DecodedReading[] {
  const reader = new ByteReader(payload);
  if (fPort !== null && fPort !== PORT) reader.fail(`came on port ${fPort}, not ${PORT}`);
  const supply = reader.u8();
  // Whole volts from one on, and steps of 20 mV.
  const hundredths = (1 + (supply >> 6)) * 100 + (supply & 0x3f) * 2;
  const voltage = exact("battery_voltage", hundredths, -2, "V");
  const frame = reader.u8();
  reader.skip(1); // why it is sent
  if (frame === INFO || frame === SETTINGS) {
    reader.skip(frame === INFO ? INFO_BYTES : SETTINGS_BYTES);
    reader.end();
    return [{ values: [voltage] }];
  }
  if (frame !== STATE && frame !== SENSOR) return reader.fail(`is an unknown frame ${frame}`);
  const errors = exact("error_flags", reader.u8(), 0, "none");
  const bits = reader.u8();
  const angle = exact("angle_x", reader.u8(), 0, "deg");
  reader.skip(Math.min(Math.max(reader.left, 1), MOST_LEFT));
  reader.end();
  return [
    {
      values: [
        exact("leak", bits & WET ? 1 : 0, 0, "none"),
        exact("moisture", bits & MOIST ? 1 : 0, 0, "none"),
        angle,
        errors,
        voltage,
      ],
    },
  ];
}

export const elvSwd: Decoder = {
  model: "elv/elv-lw-swd",
  version: 1,
  title: "ELV Smart Water Detector ELV-LW-SWD",
  kind: "leak",
  registers: ["leak", "moisture", "angle_x", "error_flags", "battery_voltage"],
  decode,
};
