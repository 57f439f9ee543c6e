/**
 * SEZO's sensors of air, light and sound: channels as Cayenne has them, a number and a type, and types of
 * SEZO's own from 200 on. Highest byte first.
 *
 * @see the uplink decoders that SEZO publishes
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

type Channel = (reader: ByteReader) => Value[];

const skip =
  (size: number): Channel =>
  (reader) => {
    reader.skip(size);
    return [];
  };
const byte =
  (register: RegisterId, unit: Unit, factor = 1, scale = 0): Channel =>
  (reader) => [exact(register, reader.u8() * factor, scale, unit)];
const word =
  (register: RegisterId, scale: number, unit: Unit): Channel =>
  (reader) => [exact(register, reader.u16be(), scale, unit)];
const signed =
  (register: RegisterId, scale: number, unit: Unit): Channel =>
  (reader) => [exact(register, reader.i16be(), scale, unit)];

const channels: Readonly<Record<number, Channel>> = {
  0: byte("input", "none"),
  1: byte("output", "none"),
  2: signed("analog", -2, "none"),
  3: skip(2), // an output
  4: word("pulses", 0, "count"),
  101: word("illuminance", 0, "lux"),
  102: byte("occupied", "none"),
  103: signed("temperature", -1, "C"),
  104: byte("humidity", "%", 5, -1),
  113: skip(6), // how it lies and where
  114: skip(6),
  115: word("pressure", -1, "hPa"),
  134: skip(6),
  136: skip(9),
  200: word("battery_voltage", -2, "V"),
  201: signed("sound", -2, "dB"),
  202: byte("pm1", "ug/m3"),
  203: byte("pm2_5", "ug/m3"),
  204: skip(1), // particles up to 4 µm
  205: byte("pm10", "ug/m3"),
  206: word("iaq", 0, "none"),
  207: skip(2), // ultraviolet
  208: signed("temperature_external", -1, "C"),
  209: skip(1), // humidity and pressure outside
  210: skip(2),
  211: skip(1), // how sure the air's index is
};

function decode(payload: Uint8Array): DecodedReading[] {
  const reader = new ByteReader(payload);
  if (reader.left === 0) reader.fail("is empty");
  const said = new Map<RegisterId, Value>();
  while (reader.left > 0) {
    reader.skip(1); // the channel's number
    const type = reader.u8();
    const channel = channels[type];
    if (channel === undefined) return reader.fail(`has a channel of the unknown type ${type}`);
    for (const value of channel(reader)) said.set(value.register, value);
  }
  return said.size === 0 ? [] : [{ values: [...said.values()] }];
}

export const sezo: readonly Decoder[] = ["sezoal", "sezocl", "sezoel", "sezosl"].map((name) => ({
  model: `sezo/${name}`,
  version: 1,
  title: `SEZO ${name.slice(4).toUpperCase()}`,
  kind: "temperature",
  registers: [
    ...(["temperature", "humidity", "pressure", "illuminance", "sound", "iaq"] as const),
    ...(["pm1", "pm2_5", "pm10", "temperature_external", "occupied", "pulses"] as const),
    ...(["input", "output", "analog", "battery_voltage"] as const),
  ],
  decode,
}));
