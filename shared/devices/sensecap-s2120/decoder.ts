/**
 * SenseCAP sensors of the second form (S2120 weather station): blocks, each a number and as many
 * bytes as that number says.
 *
 * @see Seeed SenseCAP S2120 User Guide, "Decoding"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import { all, nothing, number, type Channel, type Said } from "../channels.ts";
import { ByteReader } from "../byte-reader.ts";

/** Degrees in tenths, humidity, light, UV index (tenths), wind in tenths. */
const air = all(
  number("i16be", "temperature", -1, "C"),
  number("u8", "humidity", 0, "%"),
  number("u32be", "illuminance", 0, "lux"),
  nothing(1),
  number("u16be", "wind_speed", -1, "m/s"),
);
const sky = all(
  number("u16be", "wind_direction", 0, "deg"),
  number("u32be", "rain", -3, "mm"),
  number("u16be", "pressure", -1, "hPa"), // sent in steps of 10 Pa
);
const battery = number("u8", "battery", 0, "%");

/** What follows each number. */
const blocks: Readonly<Record<number, Channel>> = {
  0x01: air,
  0x02: sky,
  0x03: battery,
  0x04: all(battery, nothing(8)), // versions and intervals
  0x05: nothing(4),
  0x06: nothing(1), // an error of the sensor
  0x10: nothing(9), // a sensor came or went
};

export const sensecapS2120: Decoder = {
  model: "sensecap/s2120",
  version: 1,
  title: "SenseCAP S2120",
  kind: "temperature",
  registers: [
    ...(["temperature", "humidity", "illuminance", "wind_speed", "wind_direction"] as const),
    ...(["rain", "pressure", "battery"] as const),
  ],
  decode(payload) {
    const reader = new ByteReader(payload);
    if (payload.length === 0) reader.fail("is empty");
    const said: Said = { now: new Map(), history: [] };
    while (reader.left > 0) {
      const id = reader.u8();
      const read = blocks[id] ?? reader.fail(`has an unknown block ${id}`);
      read(reader, said);
    }
    return said.now.size > 0 ? [{ values: [...said.now.values()] }] : [];
  },
};
