/**
 * Talkpool OY1320: an add-on that counts the pulses of a water meter. What one pulse is worth
 * depends on the meter it sits on: the device's multiplier says so.
 *
 * @see Talkpool OY1320 user manual, "Payload"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

export const oy1320: Decoder = {
  model: "talkpool/oy1320",
  version: 1,
  title: "Talkpool OY1320",
  kind: "cold_water",
  registers: ["pulses"],
  decode(payload) {
    const reader = new ByteReader(payload);
    reader.skip(2); // kind of message
    const values = [exact("pulses", reader.u32be(), 0, "count")];
    reader.end();
    return [{ values }];
  },
};
