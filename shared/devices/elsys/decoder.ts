/**
 * Elsys ERS, EMS, ELT and ESM: one payload for all, a byte that says what, then what was measured, highest byte first.
 *
 * Pulses are sent both as a total and since the last message; the latter are no index and have a register of their own.
 * Where the device is, and the 64 points of a heat camera, are read past.
 *
 * @see Elsys, "Sensor payload" (Sensor_payload.pdf)
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";
import type { RegisterId } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { all, nothing, number, type Channel, type Said } from "../channels.ts";
import { exact } from "../exact.ts";

/** Counts for one g. */
const PER_G = 63;

const acceleration = (register: RegisterId): Channel => {
  return (reader, said) => {
    said.now.set(register, exact(register, Math.round((reader.i8() / PER_G) * 1e6), -6, "g"));
  };
};
const flag =
  (register: RegisterId): Channel =>
  (reader, said) => {
    said.now.set(register, exact(register, reader.u8() > 0 ? 1 : 0, 0, "none"));
  };
/** Several probes on one cable come one after the other under the same type. */
const PROBES = ["temperature_2", "temperature_3"] as const;
const furtherProbe: Channel = (reader, said) => {
  const n = reader.i16be();
  const register = PROBES.find((id) => !said.now.has(id));
  if (register !== undefined) said.now.set(register, exact(register, n, -1, "C"));
};
const settings: Channel = (reader) => reader.skip(reader.u8());

const types: Readonly<Record<number, Channel>> = {
  0x01: number("i16be", "temperature", -1, "C"),
  0x02: number("u8", "humidity", 0, "%"),
  0x03: all(
    acceleration("acceleration_x"),
    acceleration("acceleration_y"),
    acceleration("acceleration_z"),
  ),
  0x04: number("u16be", "illuminance", 0, "lux"),
  0x05: number("u8", "activity", 0, "none"),
  0x06: number("u16be", "co2", 0, "ppm"),
  0x07: number("u16be", "battery_voltage", -3, "V"),
  0x08: number("u16be", "voltage_input", -3, "V"),
  0x09: nothing(6), // where it is
  0x0a: number("u16be", "pulses_period", 0, "count"),
  0x0b: number("u32be", "pulses", 0, "count"),
  0x0c: number("i16be", "temperature_external", -1, "C"),
  0x0d: number("u8", "input", 0, "none"),
  0x0e: number("u16be", "distance", 0, "mm"),
  0x0f: number("u8", "shakes", 0, "none"),
  0x10: all(nothing(2), number("i16be", "surface_temperature", -1, "C")),
  0x11: number("u8", "occupied", 0, "none"),
  0x12: flag("leak"),
  0x13: nothing(65), // a heat camera's points
  0x14: number("u32be", "pressure", -3, "hPa"),
  0x15: all(number("u8", "sound_max", 0, "dB"), number("u8", "sound", 0, "dB")),
  0x16: number("u16be", "pulses_period_2", 0, "count"),
  0x17: number("u32be", "pulses_2", 0, "count"),
  0x18: number("u16be", "voltage_input_2", -3, "V"),
  0x19: furtherProbe,
  0x1a: number("u8", "input_2", 0, "none"),
  0x1b: number("i32be", "voltage_input_3", -6, "V"),
  0x1c: number("u16be", "tvoc", 0, "ppb"),
  0x3d: nothing(4), // for the maker
  0x3e: settings,
};

function decode(payload: Uint8Array): ReturnType<Decoder["decode"]> {
  const reader = new ByteReader(payload);
  if (payload.length === 0) reader.fail("is empty");
  const said: Said = { now: new Map(), history: [] };
  while (reader.left > 0) {
    const type = reader.u8();
    const read = Object.hasOwn(types, type) ? types[type] : undefined;
    if (read === undefined) reader.fail(`has an unknown type ${type.toString(16)}`);
    else read(reader, said);
  }
  return said.now.size > 0 ? [{ values: [...said.now.values()] }] : [];
}

const registers: readonly RegisterId[] = [
  ...(["temperature", "humidity", "illuminance", "activity", "co2", "battery_voltage"] as const),
  ...(["acceleration_x", "acceleration_y", "acceleration_z", "shakes", "pressure"] as const),
  ...(["voltage_input", "voltage_input_2", "voltage_input_3", "input", "input_2"] as const),
  ...(["pulses", "pulses_2", "pulses_period", "pulses_period_2", "distance", "leak"] as const),
  ...(["temperature_external", "temperature_2", "temperature_3", "surface_temperature"] as const),
  ...(["occupied", "sound", "sound_max", "tvoc"] as const),
];

/** Models by what they are mounted for. */
const models: Readonly<Record<string, MeterKindId>> = {
  ers: "temperature",
  "ers-lite": "temperature",
  "ers-co2": "temperature",
  "ers-co2-lite": "temperature",
  "ers-eye": "temperature",
  "ers-sound": "temperature",
  "ers-voc": "temperature",
  esm5k: "temperature",
  ems: "temperature",
  "ems-lite": "leak",
  "ems-desk": "temperature",
  "ems-door": "temperature",
  "elt-2": "temperature",
  "elt-ultrasonic": "leak",
};

export const elsys: readonly Decoder[] = Object.entries(models).map(([name, kind]) => ({
  model: `elsys/${name}`,
  version: 1,
  title: `Elsys ${name.toUpperCase()}`,
  kind,
  registers,
  decode,
}));
