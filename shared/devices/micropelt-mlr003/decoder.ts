/**
 * Micropelt MLR003: a radiator's valve that lives on the heat it regulates. Nine bytes and two of what it was
 * told; halves and quarters of degrees.
 *
 * @see Micropelt, MLR003 generic decoder and its example
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

/** Failures of both thermometers, of the radio, of the motor. */
const FAILURES = 0x1d;
/** In which a room temperature was asked for. */
const BY_TEMPERATURE = 2;

export const mlr003: Decoder = {
  model: "micropelt/mlr003",
  version: 1,
  title: "Micropelt MLR003",
  kind: "heat",
  registers: [
    ...(["valve_position", "temperature", "surface_temperature", "temperature_target"] as const),
    ...(["error_flags", "battery_voltage"] as const),
  ],
  decode(payload) {
    const reader = new ByteReader(payload);
    const position = exact("valve_position", reader.u8(), 0, "%");
    reader.skip(1); // the pipe, not corrected
    const pipe = exact("surface_temperature", reader.u8() * 5, -1, "C");
    reader.skip(1); // the room, not corrected
    const room = exact("temperature", reader.u8() * 25, -2, "C");
    const failures = exact("error_flags", reader.u8() & FAILURES, 0, "none");
    const storage = exact("battery_voltage", reader.u8() * 2, -2, "V");
    reader.skip(2); // currents used and harvested
    const mode = reader.u8() & 3;
    const values: Value[] = [position, room, pipe, failures, storage];
    if (reader.left > 0) {
      const asked = reader.u8();
      if (mode === BY_TEMPERATURE) values.push(exact("temperature_target", asked * 5, -1, "C"));
    }
    reader.end();
    return [{ values }];
  },
};
