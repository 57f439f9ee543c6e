/**
 * Mutelcor's MTC sensors of air, carbon dioxide and particles, which are its LoRaButton with sensors. A
 * version, the supply, what the message is, then values, each announced by a bit. Highest byte first.
 *
 * @see the uplink decoder that Mutelcor publishes
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const HEARTBEAT = 0;
const MEASUREMENTS = 3;
const THRESHOLDS = 5;
const SWITCH = 6;
const REMINDER = 7;
/** Alarms, votes, a place, answers: nothing is measured. */
const OTHERS: readonly number[] = [1, 2, 4, 80, 112, 113, 114];
/** In the first byte of bits: another byte of bits follows. */
const MORE = 0x80;

type Part = (reader: ByteReader) => Value[];

const word =
  (register: RegisterId, scale: number, unit: Unit): Part =>
  (reader) => [exact(register, reader.u16be(), scale, unit)];
const parts: readonly Part[] = [
  (reader) => [exact("temperature", reader.i16be(), -1, "C")],
  (reader) => [exact("humidity", reader.u8(), 0, "%")],
  word("pressure", -1, "hPa"),
  word("illuminance", 0, "lux"),
  word("co2", 0, "ppm"),
  word("tvoc", 0, "ppb"),
  word("distance", 0, "mm"),
];
const inputs = ["input", "input_2", "input_3", "input_4"] as const;
const further: readonly Part[] = [
  (reader) => {
    // Which there are below, how they stand above.
    const bits = reader.u8();
    return inputs.flatMap((register, place) =>
      (bits >> place) & 1 ? [exact(register, (bits >> (place + 4)) & 1, 0, "none")] : [],
    );
  },
  (reader) => [
    ...word("pm1", 0, "ug/m3")(reader),
    ...word("pm2_5", 0, "ug/m3")(reader),
    ...word("pm10", 0, "ug/m3")(reader),
  ],
];

const told = (reader: ByteReader, bits: number, list: readonly Part[]) =>
  list.flatMap((part, place) => ((bits >> place) & 1 ? part(reader) : []));

function measured(reader: ByteReader): Value[] {
  const bits = reader.u8();
  const values = told(reader, bits, parts);
  if ((bits & MORE) === 0) return values;
  const more = reader.u8();
  if (more >> further.length !== 0) reader.fail("tells values that are not described");
  return [...values, ...told(reader, more, further)];
}

function decode(payload: Uint8Array): DecodedReading[] {
  const reader = new ByteReader(payload);
  reader.skip(1); // version
  const values: Value[] = [exact("battery_voltage", reader.u16be(), -2, "V")];
  const code = reader.u8();
  const on = () => exact("on", reader.u8() === 0 ? 0 : 1, 0, "none");
  if (code === MEASUREMENTS || code === THRESHOLDS) {
    values.unshift(...measured(reader));
    if (code === THRESHOLDS)
      values.push(exact("alarm", (reader.u8() & 0xf) === 0 ? 0 : 1, 0, "none"));
    if (reader.left > 0) values.push(on());
  } else if (code === SWITCH || code === REMINDER) values.push(on());
  else if (code === HEARTBEAT || OTHERS.includes(code)) reader.skip(reader.left);
  else reader.fail(`is an unknown message ${code}`);
  reader.end();
  return [{ values }];
}

const registers: readonly RegisterId[] = [
  ...(["temperature", "humidity", "pressure", "illuminance", "co2", "tvoc", "distance"] as const),
  ...(["pm1", "pm2_5", "pm10", "alarm", "on", "battery_voltage"] as const),
  ...inputs,
];

export const mutelcor: readonly Decoder[] = ["aq01", "aqb01", "co2-01", "co2-05", "pm01"].map(
  (name) => ({
    model: `mutelcor/mtc-${name}`,
    version: 1,
    title: `Mutelcor MTC-${name.toUpperCase()}`,
    kind: "temperature",
    registers,
    decode,
  }),
);
