/**
 * Quandify CubicMeter 1.1: an ultrasonic water meter for one home. Its status report is 28 bytes
 * on port 1; its answers to settings on port 6 measure nothing.
 *
 * @see Quandify CubicMeter 1.1 payload description, "Status report"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const STATUS_SIZE = 28;
const ANSWER_PORT = 6;
const NOT_SENSING = 0x8000;

export const cubicMeter11: Decoder = {
  model: "quandify/cubicmeter-1-1",
  version: 1,
  title: "Quandify CubicMeter 1.1",
  kind: "cold_water",
  registers: [
    "8-0:1.0.0",
    "leak",
    "error_flags",
    "sensing",
    "battery_voltage",
    "battery_voltage_rest",
    "water_temperature_min",
    "water_temperature_max",
    "ambient_temperature",
  ],
  decode(payload, { fPort }) {
    const reader = new ByteReader(payload);
    if (fPort === ANSWER_PORT) {
      if (payload.length < 3) reader.fail("is too short for an answer");
      return [];
    }
    if (payload.length !== STATUS_SIZE)
      reader.fail(`has ${payload.length} bytes, a status report has ${STATUS_SIZE}`);
    reader.skip(4); // the meter's running time, not a date
    const state = reader.u16le();
    const litres = reader.u32le();
    reader.skip(12); // of use to the maker's platform only
    const leak = reader.u8();
    // 1.8 V in steps of 8 mV, and −20 °C in steps of half a degree.
    const millivolts = () => 1800 + reader.u8() * 8;
    const tenths = () => reader.u8() * 5 - 200;
    return [
      {
        values: [
          exact("8-0:1.0.0", litres, -3, "m3"),
          exact("leak", leak, 0, "none"),
          exact("error_flags", state & ~NOT_SENSING, 0, "none"),
          exact("sensing", state & NOT_SENSING ? 0 : 1, 0, "none"),
          exact("battery_voltage", millivolts(), -3, "V"),
          exact("battery_voltage_rest", millivolts(), -3, "V"),
          exact("water_temperature_min", tenths(), -1, "C"),
          exact("water_temperature_max", tenths(), -1, "C"),
          exact("ambient_temperature", tenths(), -1, "C"),
        ],
      },
    ];
  },
};
