/**
 * deZem HarvyLR: the current in a conductor, harvesting its power from it. What is told is the current in
 * the clamp, before its ratio, highest byte first; an interval's mean, lowest and highest stand beside it.
 *
 * @see the uplink decoder that deZem publishes
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

function decode(payload: Uint8Array): DecodedReading[] {
  const reader = new ByteReader(payload);
  reader.skip(5); // version, shunt, gain
  const supply = exact("voltage_input", reader.u16be(), -4, "V");
  reader.skip(6); // the supply's extremes, the amplifier
  const now = exact("current_secondary", reader.u16be(), -5, "A");
  reader.skip(4); // means, long and short
  const lowest = exact("current_min", reader.u16be(), -5, "A");
  const highest = exact("current_max", reader.u16be(), -5, "A");
  reader.skip(4); // measurements, seconds since the last message
  const temperature = exact("temperature", reader.i16be(), -1, "C");
  const alarm = exact("alarm", reader.u8(), 0, "none");
  reader.end();
  return [{ values: [now, lowest, highest, temperature, supply, alarm] }];
}

export const harvy: readonly Decoder[] = ["harvy-lr-36", "harvy-lr-360"].map((name) => ({
  model: `dezem/${name}`,
  version: 1,
  title: `deZem ${name.replace("harvy-lr-", "HarvyLR ")}`,
  kind: "electricity",
  registers: [
    ...(["current_secondary", "current_min", "current_max", "temperature"] as const),
    ...(["voltage_input", "alarm"] as const),
  ],
  decode,
}));
