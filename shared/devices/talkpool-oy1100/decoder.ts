/**
 * Talkpool OY1100: temperature and humidity, three bytes a sample, the newest first.
 *
 * The frame does not say how far apart its samples are, so that only the newest one is taken.
 *
 * @see Talkpool OY1100 user manual, "Payload"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const SAMPLE = 3;
const MOST = 20;

export const oy1100: Decoder = {
  model: "talkpool/oy1100",
  version: 1,
  title: "Talkpool OY1100",
  kind: "temperature",
  registers: ["temperature", "humidity"],
  decode(payload) {
    const reader = new ByteReader(payload);
    const isWhole =
      payload.length > 0 && payload.length % SAMPLE === 0 && payload.length <= SAMPLE * MOST;
    if (!isWhole) reader.fail(`has ${payload.length} bytes, a sample has ${SAMPLE}`);
    const temperatureHigh = reader.u8();
    const humidityHigh = reader.u8();
    const low = reader.u8();
    const humidity = (humidityHigh << 4) | (low & 0x0f);
    if (humidity > 1000) reader.fail("has a humidity above 100 %");
    const values = [
      exact("temperature", (temperatureHigh << 4) | (low >> 4), -1, "C"),
      exact("humidity", humidity, -1, "%"),
    ];
    return [{ values }];
  },
};
