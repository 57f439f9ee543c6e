/**
 * Milesight AM102, AM102L and AM103: indoor temperature, humidity and, in the AM103, carbon dioxide.
 *
 * @see Milesight AM100 Series User Guide, "Sensor Data"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import { channels, earlier, number, type ChannelTable } from "../channels.ts";
import { halfPercents, milesightBasics, milesightBattery } from "../milesight-channels.ts";

const temperature = number("i16le", "temperature", -1, "C");
const co2 = number("u16le", "co2", 0, "ppm", [0xffff]);
const air: ChannelTable = {
  ...milesightBasics,
  ...milesightBattery,
  0x0367: temperature,
  0x0468: halfPercents,
};

const monitor = (
  name: string,
  title: string,
  table: ChannelTable,
  more: Decoder["registers"],
): Decoder => ({
  model: `milesight/${name}`,
  version: 1,
  title,
  kind: "temperature",
  registers: ["temperature", "humidity", "battery", ...more],
  decode: channels(table),
});

const two: ChannelTable = { ...air, 0x20ce: earlier(temperature, halfPercents) };
export const am102 = monitor("am102", "Milesight AM102", two, []);
export const am102l = monitor("am102l", "Milesight AM102L", two, []);
export const am103 = monitor(
  "am103",
  "Milesight AM103",
  { ...air, 0x077d: co2, 0x20ce: earlier(temperature, halfPercents, co2) },
  ["co2"],
);
