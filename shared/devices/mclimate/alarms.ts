/**
 * `alarms`: MClimate's flood sensor and water valve T-Valve, whose frames are told apart by their
 * length and begin with why they were sent (three bits) and what is wrong.
 *
 * @see the uplink decoders that MClimate publishes for its Flood Sensor and T-Valve
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const TAMPER = 0x08;
const FLOOD = 0x02;
const VALVE_OPEN = 0x80;
const flag = (register: "tamper" | "leak" | "valve", isSet: boolean): Value =>
  exact(register, isSet ? 1 : 0, 0, "none");
const wrong = (reader: ByteReader): Value[] => {
  const bits = reader.u8();
  return [flag("tamper", (bits & TAMPER) !== 0), flag("leak", (bits & FLOOD) !== 0)];
};

export const floodSensor: Decoder = {
  model: "mclimate/flood-sensor",
  version: 1,
  title: "MClimate Flood Sensor",
  kind: "leak",
  registers: ["tamper", "leak", "battery_voltage", "temperature"],
  decode(payload) {
    const reader = new ByteReader(payload);
    const values = [...wrong(reader), exact("battery_voltage", reader.u8() * 16, -3, "V")];
    // Later firmware tells the temperature, too.
    if (reader.left > 0) values.push(exact("temperature", reader.u8(), 0, "C"));
    reader.end();
    return [{ values }];
  },
};

export const tValve: Decoder = {
  model: "mclimate/t-valve",
  version: 1,
  title: "MClimate T-Valve",
  kind: "leak",
  registers: [
    "water_temperature",
    "ambient_temperature",
    "valve",
    "tamper",
    "leak",
    "battery_voltage",
  ],
  decode(payload) {
    const reader = new ByteReader(payload);
    if (payload.length <= 2) {
      const water = exact("water_temperature", reader.u8() * 5, -1, "C");
      const state = reader.u8();
      const ambient = exact("ambient_temperature", ((state & 0x7f) - 20) * 5, -1, "C");
      return [{ values: [water, flag("valve", (state & VALVE_OPEN) !== 0), ambient] }];
    }
    const values = wrong(reader);
    reader.skip(3); // what was done by hand, and how long closing and opening take
    values.push(exact("battery_voltage", reader.u8() * 8 + 1600, -3, "V"));
    reader.end();
    return [{ values }];
  },
};
