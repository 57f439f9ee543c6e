/**
 * Enless Wireless TX transmitters: climate, air, probes, loops and pulse counters. One frame: serial
 * number, a type that says what is measured, a counter, a version, the numbers (highest byte
 * first), the alarms as bits, the state. Pulses are indexes.
 *
 * CO₂ is taken in whole ppm: the maker's decoder divides it by ten, which leaves less than any air has.
 *
 * @see the uplink decoder that Enless publishes
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";
import type { RegisterId, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

type Part = (reader: ByteReader) => Value[];

const signed =
  (register: RegisterId): Part =>
  (reader) => [exact(register, reader.i16be(), -1, "C")];
const pulses =
  (register: RegisterId): Part =>
  (reader) => [exact(register, reader.u32be(), 0, "count")];
const unused: Part = (reader) => {
  reader.skip(2);
  return [];
};
const temperature = signed("temperature");
const humidity: Part = (reader) => [exact("humidity", reader.u16be(), -1, "%")];
const voc: Part = (reader) => [exact("tvoc", reader.u16be(), -1, "ppb")];
const carbonDioxide: Part = (reader) => [exact("co2", reader.u16be(), 0, "ppm")];
const loop: Part = (reader) => [exact("current_input", reader.i16be(), -6, "A")];

const oneProbe = [temperature, unused];
const twoProbes = [temperature, signed("temperature_2")];
const counters = [pulses("pulses"), pulses("pulses_2"), pulses("pulses_3")];

const PULSE_TYPES: readonly number[] = [0x08, 0x09, 0x0a, 0x0b];
const types: Readonly<Record<number, readonly Part[]>> = {
  0x04: [temperature, humidity, unused, unused],
  0x05: [temperature, humidity, voc, unused],
  0x06: [temperature, humidity, voc, carbonDioxide],
  0x07: oneProbe,
  0x08: counters,
  0x09: counters,
  0x0a: counters,
  0x0b: counters,
  0x0c: twoProbes,
  0x0d: [loop],
  0x0e: [temperature, humidity],
  0x0f: oneProbe,
  0x10: oneProbe,
  0x11: twoProbes,
};
/** Which bit of the state tells that an input is closed. */
const inputs: readonly (readonly [RegisterId, number])[] = [
  ["input", 4],
  ["input_2", 5],
  ["input_3", 6],
];

/** @param own the type of frame that the model sends */
function read(payload: Uint8Array, own: number): DecodedReading[] {
  const reader = new ByteReader(payload);
  reader.skip(3); // serial number
  const type = reader.u8();
  const parts = types[type];
  if (type !== own || parts === undefined) return reader.fail(`is of type ${type}, not ${own}`);
  reader.skip(2); // a counter of frames, the version
  const values = parts.flatMap((part) => part(reader));
  values.push(exact("alarm", reader.u16be(), 0, "none"));
  const state = reader.u16be();
  reader.end();
  // Quarters that are gone.
  values.push(exact("battery", 100 - 25 * ((state >> 2) & 3), 0, "%"));
  if (PULSE_TYPES.includes(type))
    for (const [register, bit] of inputs)
      values.push(exact(register, (state >> bit) & 1, 0, "none"));
  return [{ values }];
}

const climate: readonly RegisterId[] = ["temperature", "humidity"];
const pulse: readonly RegisterId[] = [
  ...(["pulses", "pulses_2", "pulses_3"] as const),
  ...(["input", "input_2", "input_3"] as const),
];

const transmitter = (
  type: number,
  name: string,
  registers: readonly RegisterId[],
  kind: MeterKindId = "temperature",
): Decoder => ({
  model: `enless-wireless/tx-${name}`,
  version: 1,
  title: `Enless Wireless TX ${name.toUpperCase()}`,
  kind,
  registers: [...registers, "alarm", "battery"],
  decode: (payload) => read(payload, type),
});

export const enless: readonly Decoder[] = [
  transmitter(0x04, "trh-amb-600-021", climate),
  transmitter(0x05, "voc-amb-600-022", [...climate, "tvoc"]),
  transmitter(0x06, "amb-600-023", [...climate, "tvoc", "co2"]),
  transmitter(0x07, "temp-ins-600-031", ["temperature"]),
  transmitter(0x0f, "temp-cont1-600-032", ["temperature"]),
  transmitter(0x10, "temp-cont1-mp-600-033", ["temperature"]),
  transmitter(0x0e, "temp-cont2-600-034", climate),
  transmitter(0x0d, "4-20ma-600-035", ["current_input"]),
  transmitter(0x08, "pulse-600-036", pulse, "cold_water"),
  transmitter(0x09, "pulse-atex-600-037", pulse, "gas"),
  transmitter(0x0a, "pulse-led-600-038", pulse, "electricity"),
  transmitter(0x0b, "contact-600-039", pulse, "cold_water"),
  transmitter(0x0c, "temp-cont2-600-232", ["temperature", "temperature_2"]),
  transmitter(0x11, "temp-cont2-mp-600-233", ["temperature", "temperature_2"]),
];
