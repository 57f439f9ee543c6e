/**
 * Tektelic COMFORT smart room sensor: temperature, humidity, door, light, motion.
 *
 * @see Tektelic Smart Room Sensor Technical Reference Manual, "Uplink frame formats", port 10
 */
import type { Decoder } from "#shared/model/decoder.ts";
import { channels, nothing, number, type ChannelTable } from "../channels.ts";
import { halfPercents } from "../milesight-channels.ts";

const table: ChannelTable = {
  0x00ff: number("i16be", "battery_voltage", -2, "V"),
  0x0100: nothing(1), // magnet near or far
  0x0200: nothing(1), // light or dark
  0x0367: number("i16be", "temperature", -1, "C"),
  0x0468: halfPercents,
  0x0502: nothing(2), // impact
  0x0771: nothing(6), // acceleration
  0x0804: number("u16be", "open_count", 0, "count"),
  0x0900: nothing(1), // moisture
  0x0a00: nothing(1), // motion
  0x0b67: nothing(2), // temperature of the chip
  0x0c00: nothing(1), // impact alarm
  0x0d04: nothing(2), // motions
  0x0e00: nothing(1), // external input
  0x0f04: number("u16be", "pulses", 0, "count"),
  0x1102: nothing(2), // external analogue input
};
const PORT = 10;
const decodeChannels = channels(table);

export const roomSensor: Decoder = {
  model: "tektelic/smart-room-base",
  version: 1,
  title: "Tektelic COMFORT Smart Room Sensor",
  kind: "temperature",
  registers: ["temperature", "humidity", "battery_voltage", "open_count", "pulses"],
  decode: (payload, context) =>
    context.fPort === PORT || context.fPort === null ? decodeChannels(payload, context) : [],
};
