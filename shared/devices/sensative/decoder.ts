/**
 * Sensative Strips: doors, climate, light, leaks, presence. A number of the report, then parts, each
 * announced by a byte whose highest bit only says that the report is also in the strip's memory.
 * Highest byte first. Port 1 tells of now, port 2 of what was, each with the seconds since.
 *
 * What the maker's decoder says of a door beside a temperature (part 82) contradicts what it says of
 * a door alone, so that door is not read.
 *
 * @see the uplink decoder that Sensative publishes
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

type Part = (reader: ByteReader) => Value[];

const NOW = 1;
const HISTORY = 2;

const skip =
  (size: number): Part =>
  (reader) => {
    reader.skip(size);
    return [];
  };
const byte =
  (register: RegisterId, unit: Unit = "none"): Part =>
  (reader) => [exact(register, reader.u8(), 0, unit)];
const word =
  (register: RegisterId, unit: Unit): Part =>
  (reader) => [exact(register, reader.u16be(), 0, unit)];
const flag =
  (register: RegisterId): Part =>
  (reader) => [exact(register, reader.u8() === 0 ? 0 : 1, 0, "none")];
const temperature: Part = (reader) => [exact("temperature", reader.i16be(), -1, "C")];
/** Halves of a percent. */
const humidity: Part = (reader) => [exact("humidity", reader.u8() * 5, -1, "%")];
const limits = (reader: ByteReader) => [exact("temperature_alarm", reader.u8() & 3, 0, "none")];
const climate: Part = (reader) => [...humidity(reader), ...temperature(reader)];

const parts: Readonly<Record<number, Part>> = {
  0: skip(0),
  1: byte("battery", "%"),
  2: temperature,
  3: limits,
  4: temperature, // a mean
  5: limits,
  6: humidity,
  7: word("illuminance", "lux"),
  8: word("illuminance", "lux"), // between another pair of limits
  // Closed is told.
  9: (reader) => [exact("open", reader.u8() === 0 ? 1 : 0, 0, "none")],
  10: flag("alarm"),
  11: flag("tamper"),
  12: flag("alarm_2"),
  13: byte("moisture"),
  14: flag("leak"),
  15: byte("alarm_3"),
  16: flag("input"),
  17: word("open_count", "count"),
  18: flag("occupied"),
  19: skip(2), // infrared light sent back, without a unit
  20: skip(2),
  21: flag("motion"),
  22: byte("states"), // dirty, occupied, being cleaned, clean
  80: climate,
  81: climate,
  82: (reader) => [...skip(1)(reader), ...temperature(reader)],
  110: skip(8),
  112: skip(2), // capacities, unscaled
  113: skip(2),
  114: skip(2),
};

function part(reader: ByteReader): Value[] {
  const type = reader.u8() & 0x7f;
  const read = parts[type];
  return read === undefined ? reader.fail(`has an unknown part ${type}`) : read(reader);
}

/** Of one register told twice, the first: the value of the moment goes ahead of means. */
const once = (values: readonly Value[]): Value[] =>
  values.filter(
    ({ register }, place) => values.findIndex((value) => value.register === register) === place,
  );

function decode(
  payload: Uint8Array,
  { fPort, heardAt }: { fPort: number | null; heardAt: number },
): DecodedReading[] {
  const reader = new ByteReader(payload);
  if (fPort !== NOW && fPort !== HISTORY) reader.fail(`came on port ${fPort}, not 1 or 2`);
  reader.skip(2); // number of the report
  const now: Value[] = [];
  const history: DecodedReading[] = [];
  while (reader.left > 0) {
    if (fPort === NOW) now.push(...part(reader));
    else {
      const time = heardAt - reader.u32be() * 1000;
      const values = part(reader);
      if (values.length > 0) history.push({ time, values });
    }
  }
  return now.length > 0 ? [{ values: once(now) }] : history;
}

export const sensativeStrips: Decoder = {
  model: "sensative/strips",
  version: 1,
  title: "Sensative Strips",
  kind: "temperature",
  registers: [
    ...(["battery", "temperature", "temperature_alarm", "humidity", "illuminance"] as const),
    ...(["open", "open_count", "alarm", "alarm_2", "alarm_3", "tamper"] as const),
    ...(["moisture", "leak", "input", "occupied", "motion", "states"] as const),
  ],
  decode,
};
