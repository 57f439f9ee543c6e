/**
 * Makerfabs' LoRaWAN sensors: a counter of frames, the battery, then what one sensor measures, highest byte
 * first. What follows, a log and the interval, is not described.
 *
 * @see the uplink decoders that Makerfabs publishes
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";
import type { RegisterId, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

type Read = (reader: ByteReader) => Value[];

const leak: Read = (reader) => [
  exact("leak", reader.u8() === 0 ? 0 : 1, 0, "none"),
  exact("leak_count", reader.u16be(), 0, "count"),
];
const carbonDioxide: Read = (reader) => [exact("co2", reader.u16be(), 0, "ppm")];
const climate: Read = (reader) => [
  exact("humidity", reader.u16be(), -1, "%"),
  exact("temperature", reader.i16be(), -1, "C"),
];

function decode(payload: Uint8Array, read: Read): DecodedReading[] {
  const reader = new ByteReader(payload);
  reader.skip(2); // a counter
  const battery = exact("battery_voltage", reader.u8(), -1, "V");
  const values = [...read(reader), battery];
  reader.skip(reader.left);
  return [{ values }];
}

const sensor = (
  name: string,
  title: string,
  kind: MeterKindId,
  registers: readonly RegisterId[],
  read: Read,
): Decoder => ({
  model: `makerfabs/${name}`,
  version: 1,
  title: `Makerfabs ${title}`,
  kind,
  registers: [...registers, "battery_voltage"],
  decode: (payload) => decode(payload, read),
});
const both: readonly RegisterId[] = ["temperature", "humidity"];
const leaks: readonly RegisterId[] = ["leak", "leak_count"];

export const makerfabs: readonly Decoder[] = [
  sensor("positioning-water-leak", "water leak, with its place", "leak", leaks, leak),
  sensor("none-position-rope-water-leak", "water leak, rope", "leak", leaks, leak),
  sensor("makerfabs-co2", "CO₂", "temperature", ["co2"], carbonDioxide),
  sensor("temperature-humidity-sht31", "climate, SHT31", "temperature", both, climate),
  sensor("makerfabs-air-temperature-and-humidity", "climate", "temperature", both, climate),
  sensor("ath20", "climate, AHT20", "temperature", both, climate),
];
