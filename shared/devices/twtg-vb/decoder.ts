/**
 * TWTG NEON DS-VB: vibration of a machine. The upper half of the first byte is the protocol, the lower what
 * the message is; lowest byte first, each of a length of its own. Of the lowest, the highest and the
 * mean the mean is kept. Spectra are not: they are told in pieces.
 *
 * @see TWTG, DS-VB communication protocol, document E
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const PROTOCOLS: readonly number[] = [1, 2];
const EVENT = 3;
const STATUS = 4;
/** Started, switched on, switched off, an event, a status, a piece of a spectrum. */
const SIZES: Readonly<Record<number, number>> = { 0: 46, 1: 7, 2: 3, 3: 45, 4: 24, 8: 46 };

function mean(reader: ByteReader, read: () => number, register: RegisterId, unit: Unit): Value {
  reader.skip(4);
  return exact(register, read(), -2, unit);
}

function event(reader: ByteReader): Value[] {
  reader.skip(1); // why
  const speed = () => reader.u16le();
  const signed = () => reader.i16le();
  const values = [
    mean(reader, speed, "velocity_x", "mm/s"),
    mean(reader, speed, "velocity_y", "mm/s"),
    mean(reader, speed, "velocity_z", "mm/s"),
    mean(reader, signed, "acceleration_x", "m/s2"),
    mean(reader, signed, "acceleration_y", "m/s2"),
    mean(reader, signed, "acceleration_z", "m/s2"),
    mean(reader, signed, "temperature", "C"),
  ];
  return [...values, exact("alarm", reader.u8(), 0, "none")];
}

function status(reader: ByteReader): Value[] {
  reader.skip(2);
  const loaded = exact("battery_voltage", reader.u16le(), -3, "V");
  const rested = exact("battery_voltage_rest", reader.u16le(), -3, "V");
  reader.skip(4); // what it settles at; the lowest and the highest temperature
  const degrees = exact("ambient_temperature", reader.i8(), 0, "C");
  reader.skip(reader.left); // how well it is heard, checks, counters
  return [loaded, rested, degrees];
}

function decode(payload: Uint8Array): DecodedReading[] {
  const reader = new ByteReader(payload);
  const head = reader.u8();
  if (!PROTOCOLS.includes(head >> 4)) reader.fail(`is of the protocol ${head >> 4}`);
  const message = head & 0xf;
  if (SIZES[message] !== payload.length)
    reader.fail(`of the message ${message} has ${payload.length} bytes`);
  if (message === EVENT) return [{ values: event(reader) }];
  return message === STATUS ? [{ values: status(reader) }] : [];
}

export const twtgVibration: Decoder = {
  model: "twtg/ds-vb-01-xx",
  version: 1,
  title: "TWTG NEON DS-VB",
  kind: "temperature",
  registers: [
    ...(["velocity_x", "velocity_y", "velocity_z"] as const),
    ...(["acceleration_x", "acceleration_y", "acceleration_z"] as const),
    ...(["temperature", "alarm", "ambient_temperature"] as const),
    ...(["battery_voltage", "battery_voltage_rest"] as const),
  ],
  decode,
};
