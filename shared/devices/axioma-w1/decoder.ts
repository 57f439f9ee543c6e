/**
 * Axioma Qalcosonic W1: an ultrasonic water meter that sends its index with hourly history, in
 * one of two extended forms; port 100. Alarms come alone, on port 103.
 *
 * The first form has the index of now, one of an earlier hour and its increments, of 16 bits each,
 * with the water's temperature in newer firmware. The second has the day before in increments of
 * 14 bits. Times are UTC.
 *
 * @see Axioma Metering, "W1 LoRa payload (long) extended", V01.8 and later
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const DATA_PORT = 100;
const ALARM_PORT = 103;
const ALARM_SIZE = 5;
const INCREMENTS_SIZE = 47;
/** Some servers' meters add bytes of filler. */
const FILLER = 0x2f;
const PACKED_SIZE = 51;
const PACKED_VERSION = 1;
const PACKED_COUNT = 23;
const PACKED_BITS = 14;
const MULTIPLIER_BITS = 0x3fn;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const index = (litres: number) => exact("8-0:1.0.0", litres, -3, "m3");
const flags = (status: number) => exact("error_flags", status, 0, "none");

/** Indexes after `first`, one hour apart. */
function hourly(
  first: { time: number; litres: number },
  increments: readonly number[],
): DecodedReading[] {
  const readings: DecodedReading[] = [{ time: first.time, values: [index(first.litres)] }];
  let { time, litres } = first;
  for (const increment of increments) {
    time += HOUR_MS;
    litres += increment;
    readings.push({ time, values: [index(litres)] });
  }
  return readings;
}

/** A log begins in the two days before the message. */
const isLogOf = (logTime: number, time: number) => logTime <= time && logTime > time - 2 * DAY_MS;

function increments(payload: Uint8Array): DecodedReading[] {
  const reader = new ByteReader(payload.subarray(0, INCREMENTS_SIZE));
  const time = reader.u32le() * 1000;
  const status = reader.u8();
  const litres = reader.u32le();
  // With the temperature the log's date stands two bytes further on.
  const view = new DataView(payload.buffer, payload.byteOffset);
  const isWarm =
    !isLogOf(view.getUint32(9, true) * 1000, time) &&
    isLogOf(view.getUint32(11, true) * 1000, time);
  const warmth = isWarm ? [exact("water_temperature", reader.i16le(), -2, "C")] : [];
  const logTime = reader.u32le() * 1000;
  if (!isLogOf(logTime, time)) reader.fail("has a log of another time");
  const first = { time: logTime, litres: reader.u32le() };
  const hours: number[] = [];
  while (reader.left > 0) hours.push(reader.u16le());
  const log = hourly(first, hours);
  if ((log.at(-1)?.time ?? 0) > time + HOUR_MS)
    reader.fail("has a log that runs ahead of its time");
  return [{ time, values: [index(litres), flags(status), ...warmth] }, ...log];
}

function packed(payload: Uint8Array): DecodedReading[] {
  const reader = new ByteReader(payload);
  if (reader.u8() !== PACKED_VERSION) reader.fail("has an unknown version");
  const time = reader.u32le() * 1000;
  const status = reader.u8();
  const litres = reader.u32le();
  const bits = reader.bytes(reader.left).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  // How a multiplier of the increments counts is not published: with one, the first index alone is sure.
  const hasMultiplier = ((bits >> BigInt(PACKED_COUNT * PACKED_BITS)) & MULTIPLIER_BITS) !== 0n;
  const hours = Array.from({ length: hasMultiplier ? 0 : PACKED_COUNT }, (_, i) =>
    Number((bits >> BigInt(i * PACKED_BITS)) & 0x3fffn),
  );
  // The first index is that of one o'clock on the day before, the last that of midnight.
  const dayBefore = Math.floor(time / DAY_MS) * DAY_MS - DAY_MS;
  const log = hourly({ time: dayBefore + HOUR_MS, litres }, hours).toReversed();
  return log.map((reading, place) =>
    place === 0 ? { ...reading, values: [...reading.values, flags(status)] } : reading,
  );
}

export const axiomaW1: Decoder = {
  model: "axioma/qalcosonic-w1",
  version: 2,
  title: "Axioma Qalcosonic W1",
  kind: "cold_water",
  registers: ["8-0:1.0.0", "error_flags", "water_temperature"],
  decode(payload, { fPort }) {
    const reader = new ByteReader(payload);
    if (fPort === ALARM_PORT) {
      if (payload.length !== ALARM_SIZE)
        reader.fail(`has ${payload.length} bytes, an alarm has ${ALARM_SIZE}`);
      return [{ time: reader.u32le() * 1000, values: [flags(reader.u8())] }];
    }
    if (fPort !== null && fPort !== DATA_PORT) reader.fail(`came on port ${fPort}`);
    if (payload.length === PACKED_SIZE) return packed(payload);
    const isFilled = payload.subarray(INCREMENTS_SIZE).every((byte) => byte === FILLER);
    if (payload.length < INCREMENTS_SIZE || !isFilled)
      reader.fail(`has ${payload.length} bytes, which is no extended form`);
    return increments(payload);
  },
};
