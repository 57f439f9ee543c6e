/**
 * Talkpool OY1100, OY1110, OY1200, OY1210 and OY1700: climate, carbon dioxide and particles in rooms.
 *
 * Frames with several samples do not say how far apart these are, so that only the newest is taken.
 *
 * @see Talkpool user manuals of the models, "Payload"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const SAMPLE = 3;
const MOST = 20;

/** Twelve bits each: the higher eight first, then the lower four of both in one byte; tenths above an offset. */
function climate(reader: ByteReader, offsets: { temperature: number; humidity: number }): Value[] {
  const temperatureHigh = reader.u8();
  const humidityHigh = reader.u8();
  const low = reader.u8();
  const temperature = ((temperatureHigh << 4) | (low >> 4)) - offsets.temperature;
  const humidity = ((humidityHigh << 4) | (low & 0x0f)) - offsets.humidity;
  if (humidity > 1000) reader.fail("has a humidity above 100 %");
  return [exact("temperature", temperature, -1, "C"), exact("humidity", humidity, -1, "%")];
}
const NO_OFFSETS = { temperature: 0, humidity: 0 };
const OFFSETS = { temperature: 800, humidity: 250 };

const sensor = (
  name: string,
  more: readonly RegisterId[],
  read: (reader: ByteReader, fPort: number | null, size: number) => Value[],
): Decoder => ({
  model: `talkpool/${name}`,
  version: 1,
  title: `Talkpool ${name.toUpperCase()}`,
  kind: "temperature",
  registers: ["temperature", "humidity", ...more],
  decode: (payload, { fPort }) => [
    { values: read(new ByteReader(payload), fPort, payload.length) },
  ],
});

const isWhole = (size: number) => size > 0 && size % SAMPLE === 0 && size <= SAMPLE * MOST;

export const talkpoolAir: readonly Decoder[] = [
  sensor("oy1100", [], (reader, _, size) => {
    if (!isWhole(size)) reader.fail(`has ${size} bytes, a sample has ${SAMPLE}`);
    return climate(reader, NO_OFFSETS);
  }),
  sensor("oy1110", [], (reader, fPort, size) => {
    // Port 3 carries a byte about the group of samples first.
    const isGroup = fPort === 3 || (fPort !== 2 && size % SAMPLE === 1);
    if (isGroup) reader.skip(1);
    if (!isWhole(size - (isGroup ? 1 : 0)))
      reader.fail(`has ${size} bytes, a sample has ${SAMPLE}`);
    return climate(reader, OFFSETS);
  }),
  sensor("oy1200", ["co2"], (reader) => {
    reader.skip(4); // kind of message, and carbon dioxide before it was filtered
    const co2 = exact("co2", reader.u16be(), 0, "ppm");
    const temperature = exact("temperature", reader.u16be(), -2, "C");
    const humidity = exact("humidity", reader.u16be(), -2, "%");
    reader.skip(2);
    reader.end();
    return [co2, temperature, humidity];
  }),
  sensor("oy1210", ["co2"], (reader) => {
    const values = [...climate(reader, OFFSETS), exact("co2", reader.u16be(), 0, "ppm")];
    reader.end();
    return values;
  }),
  sensor("oy1700", ["pm1", "pm2_5", "pm10"], (reader) => {
    const values = [
      ...climate(reader, OFFSETS),
      exact("pm1", reader.u16be(), 0, "ug/m3"),
      exact("pm2_5", reader.u16be(), 0, "ug/m3"),
      exact("pm10", reader.u16be(), 0, "ug/m3"),
    ];
    reader.end();
    return values;
  }),
];
