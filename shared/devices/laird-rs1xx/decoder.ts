/**
 * Laird (now Ezurio) Sentrius RS1xx: temperature and humidity, doors. The first byte says which
 * message it is. Numbers travel as hundredths and whole, each a signed byte of its own.
 *
 * A message of many measurements has one time, and no word of whose it is or how far they lie
 * apart: they are read, and only kept where there is a single one. History from before the clock
 * was set has no time either.
 *
 * @see the uplink decoders that Laird and Ezurio publish
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

/** Seconds are counted from here. */
const EPOCH_MS = Date.UTC(2015, 0, 1);
/** Before the first was sold: the clock was never set. */
const CLOCK_SET_MS = Date.UTC(2016, 0, 1);
const AGGREGATED = 0x02;
/** The lowest of six steps: 5 percent or less. */
const LOWEST = 0;
const STEPS = 6;

function hundredths(reader: ByteReader): number {
  const fraction = reader.i8();
  return reader.i8() * 100 + fraction;
}
const climate = (reader: ByteReader): Value[] => [
  exact("humidity", hundredths(reader), -2, "%"),
  exact("temperature", hundredths(reader), -2, "C"),
];
const timeOf = (reader: ByteReader) => EPOCH_MS + reader.u32be() * 1000;
const then = (reader: ByteReader): DecodedReading => ({
  time: timeOf(reader),
  values: climate(reader),
});
function battery(reader: ByteReader): Value {
  const step = reader.u8();
  if (step >= STEPS) reader.fail(`has an unknown step of the battery ${step}`);
  return exact("battery_low", step === LOWEST ? 1 : 0, 0, "none");
}

type Message = (reader: ByteReader) => DecodedReading[];
/** Settings and versions. */
const nothing =
  (size: number): Message =>
  (reader) => {
    reader.skip(size);
    return [];
  };

function aggregated(reader: ByteReader): DecodedReading[] {
  reader.skip(3); // alarms and messages that wait
  const low = battery(reader);
  const count = reader.u8();
  const time = timeOf(reader);
  const readings = Array.from({ length: count }, () => climate(reader));
  const [only] = readings;
  if (count === 1 && only !== undefined) return [{ time, values: [...only, low] }];
  return [{ values: [low] }, ...readings.map((values) => ({ values }))];
}

const messages: Readonly<Record<number, Message>> = {
  0x01: (reader) => {
    const values = [...climate(reader), battery(reader)];
    reader.skip(4); // alarms and messages that wait
    return [{ values }];
  },
  [AGGREGATED]: aggregated,
  0x03: (reader) => [then(reader)],
  0x04: (reader) => Array.from({ length: reader.u8() }, () => then(reader)),
  0x05: nothing(6),
  0x06: nothing(14),
  0x07: nothing(9),
  0x08: nothing(8),
  0x09: (reader) => {
    reader.skip(1); // a door or a button
    const values = [exact("open", reader.u8() & 1, 0, "none")];
    reader.skip(2); // whether an alert ended; a counter
    return [{ values }];
  },
  0x0a: (reader) => [{ values: [exact("battery_voltage", hundredths(reader), -2, "V")] }],
};

/** Everything a message says, where its time is unknown too. */
export function rs1xxSamples(payload: Uint8Array): DecodedReading[] {
  const reader = new ByteReader(payload);
  const type = reader.u8();
  const message = messages[type];
  if (message === undefined) return reader.fail(`is an unknown message ${type}`);
  reader.skip(1); // flags of the device
  const readings = message(reader);
  reader.end();
  return readings;
}

function decode(payload: Uint8Array): DecodedReading[] {
  const all = rs1xxSamples(payload);
  const kept = payload[0] === AGGREGATED ? all.slice(0, 1) : all;
  return kept.filter(({ time }) => time === undefined || time >= CLOCK_SET_MS);
}

const shared: readonly RegisterId[] = ["temperature", "humidity", "battery_low", "battery_voltage"];
const sensor = (maker: string, title: string, name: string): Decoder => ({
  model: `${maker}/rs1xx-${name}`,
  version: 1,
  title: `${title} RS1xx ${name}`,
  kind: "temperature",
  registers: [...shared, "open"],
  decode,
});

export const rs1xx: readonly Decoder[] = [
  "temp-rh-sensor",
  "ext-temp-1w-sensor",
  "ext-multi-sensor",
].flatMap((name) => [
  sensor("laird", "Laird Sentrius", name),
  sensor("ezurio", "Ezurio Sentrius", name),
]);
