/**
 * `milesight-channels`: the channels every Milesight device may send beside what it measures:
 * versions, serial number, class, restart, and its answers to settings.
 *
 * @see Milesight LoRaWAN user guides, "Basic Information" and "Downlink Commands"
 */
import { all, nothing, number, type Channel, type ChannelTable } from "./channels.ts";

const basics: ChannelTable = {
  0xff01: nothing(1), // protocol version
  0xff08: nothing(6), // serial number, older devices
  0xff09: nothing(2), // hardware version
  0xff0a: nothing(2), // firmware version
  0xff0b: nothing(1), // switched on
  0xff0f: nothing(1), // LoRaWAN class
  0xff16: nothing(8), // serial number
  0xff1f: nothing(4), // firmware version, long
  0xff7c: nothing(43), // number of a sensor inside
  0xfffe: nothing(1), // restarted
  0xffff: nothing(2), // version of the thing description
};

/**
 * Bytes that follow an answer to a setting (channels FEh and FFh), by the setting's number, where
 * all models agree or nearly so; several where they do not.
 */
const answerSizes: Readonly<Record<number, number | readonly number[]>> = {
  0x02: 2, // collection interval
  0x03: 2, // report interval, s
  0x04: 1,
  0x05: 3,
  0x06: 9, // alarm thresholds
  0x10: 1, // restart
  0x11: 4, // time
  0x12: 2,
  0x13: [1, 3],
  0x17: 2, // time zone
  0x18: 2,
  0x1a: [1, 3],
  0x1b: 5,
  0x1c: 2,
  0x1e: 4,
  0x22: 4,
  0x23: 2,
  0x24: 2,
  0x25: [2, 1], // button lock
  0x26: 1,
  0x27: 1, // history cleared
  0x28: 1, // status asked for
  0x2a: 1,
  0x2c: 1,
  0x2d: [1, 3],
  0x2e: 1,
  0x2f: [1, 2],
  0x30: 2,
  0x32: 5,
  0x34: 3,
  0x35: 8,
  0x39: [5, 1],
  0x3a: [2, 7],
  0x3b: 1,
  0x3c: 1,
  0x3d: 1,
  0x3e: 1,
  0x40: 1,
  0x41: 1,
  0x42: 1,
  0x43: 1,
  0x44: 1,
  0x45: 1,
  0x46: [1, 3],
  0x48: 1,
  0x4a: 1, // time asked for
  0x4e: 2,
  0x4f: 5,
  0x50: 1,
  0x51: 1,
  0x52: 4,
  0x54: 5,
  0x56: 1,
  0x57: 1,
  0x58: 4,
  0x59: 1,
  0x5a: 2,
  0x5e: 1,
  0x61: 2,
  0x62: 1,
  0x63: 8,
  0x64: 1,
  0x65: [1, 2],
  0x66: [1, 2],
  0x67: 1,
  0x68: 1, // history switched on
  0x69: 1, // repeats switched on
  0x6a: 3, // interval of repeats
  0x6b: 1,
  0x6d: 1,
  0x70: 2,
  0x71: 1,
  0x72: 2,
  0x73: 1,
  0x74: 1,
  0x75: [6, 7],
  0x76: 2,
  0x77: 2,
  0x79: [6, 4],
  0x7a: 3,
  0x7d: 1,
  0x7e: [5, 4],
  0x7f: 1,
  0x80: 2,
  0x81: 2,
  0x82: 1,
  0x83: [5, 3],
  0x84: 1,
  0x85: 1,
  0x86: 1,
  0x87: [1, 3],
  0x88: 8,
  0x89: [5, 4],
  0x8a: 3,
  0x8d: [1, 6],
  0x8e: 3, // report interval, min
  0x8f: [2, 1],
  0x90: 1,
  0x91: 5,
  0x92: 5,
  0x95: 2,
  0x96: 8,
  0x97: 1,
  0x98: 5,
  0x99: 5,
  0xa1: 7,
  0xa2: 9,
  0xa3: 2,
  0xa4: 2,
  0xa5: 1,
  0xa6: 1,
  0xa7: 2,
  0xa8: 1,
  0xa9: 1,
  0xaa: 1,
  0xab: 3,
  0xac: [1, 2],
  0xad: 1,
  0xae: 1,
  0xaf: 4,
  0xb0: 3,
  0xb1: 3,
  0xb2: 1,
  0xb3: 1,
  0xb4: 1,
  0xb5: 1,
  0xb6: 1,
  0xb7: 2,
  0xb8: 2,
  0xba: 10,
  0xbb: 3,
  0xbd: 2, // time zone, min
  0xbe: 1,
  0xc0: 2,
  0xc2: 1,
  0xc3: 1,
  0xc4: 2,
  0xc5: 1,
  0xc7: 1,
  0xc8: 5,
  0xca: 3,
  0xe9: 1,
  0xea: 3, // calibration
  0xeb: 1,
  0xec: 1,
  0xed: 3,
  0xef: 3,
  0xf0: 4,
  0xf1: 4,
  0xf2: 2, // how often an alarm is sent
  0xf3: 1,
  0xf4: 1,
  0xf5: 1,
  0xf6: 1,
  0xf8: 1,
  0xf9: 3,
  0xfa: 3,
  0xfb: 1,
  0xfc: 1,
  0xfd: 1,
};

/** The same for the later settings (channel F9h; F8h with a byte more that says how it went). */
const laterSizes: Readonly<Record<number, number | readonly number[]>> = {
  0x0b: 7,
  0x0c: 4,
  0x0d: 3,
  0x0e: 2,
  0x10: 1,
  0x11: 1,
  0x12: 1,
  0x13: 1,
  0x14: 2,
  0x15: 2,
  0x16: 1,
  0x31: 1,
  0x32: [1, 3],
  0x39: 2,
  0x3d: 1,
  0x3e: [1, 9],
  0x3f: 1,
  0x40: 1,
  0x41: [1, 5],
  0x42: [1, 5],
  0x43: [1, 3],
  0x44: [3, 6],
  0x63: 4,
  0x66: [1, 2],
  0x69: [1, 2],
  0x6b: 1,
  0x6c: 1,
  0x6e: 1,
  0x6f: 1,
  0x72: [1, 2, 9],
  0x84: [1, 3],
  0x85: [2, 1],
  0x86: 1,
  0x87: 1,
  0x88: [1, 2],
  0x8b: [1, 2],
  0x8c: 1,
  0x8d: 4,
  0x90: [1, 6],
  0x91: [1, 5],
  0x92: [1, 3],
  0x93: 1,
  0x95: [1, 6],
  0x9a: 2,
  0xa2: 1,
  0xa3: 1,
  0xa7: 3,
  0xa8: 8,
  0xc9: 1,
  0xd9: 1,
  0xbd: 2,
};

const sizesOf = (sizes: number | readonly number[]) =>
  typeof sizes === "number" ? [sizes] : sizes;

function answers(): Record<number, Channel | readonly Channel[]> {
  const table: Record<number, Channel | readonly Channel[]> = {};
  const add = (channel: number, setting: string, sizes: readonly number[]) => {
    const ways = sizes.map((size) => nothing(size));
    const [only] = ways;
    table[(channel << 8) | Number(setting)] = ways.length === 1 && only !== undefined ? only : ways;
  };
  for (const [setting, sizes] of Object.entries(answerSizes))
    for (const channel of [0xfe, 0xff]) add(channel, setting, sizesOf(sizes));
  for (const [setting, sizes] of Object.entries(laterSizes)) {
    add(0xf9, setting, sizesOf(sizes));
    add(
      0xf8,
      setting,
      sizesOf(sizes).map((size) => size + 1),
    );
  }
  return table;
}

/** What measures nothing. Devices that say something else under one of these numbers override it. */
export const milesightBasics: ChannelTable = { ...answers(), ...basics };

/** Battery in percent, as all battery-driven devices send it. */
export const milesightBattery: ChannelTable = { 0x0175: number("u8", "battery", 0, "%", [0xff]) };

/** Relative humidity in halves of a percent, kept exact as tenths. */
export const halfPercents: Channel = (reader, said) => {
  const n = reader.u8();
  if (n !== 0xff)
    said.now.set("humidity", { register: "humidity", n: n * 5, scale: -1, unit: "%" });
};

/** Tenths of a degree; read failed and over range are left out. */
export const tenths = number("i16le", "temperature", -1, "C", [-1, -3]);

/** Tenths of a degree with an alarm's state behind them. */
export const alarmedTenths = all(tenths, number("u8", "temperature_alarm", 0, "none"));

/** Tenths of a degree, by how much they jumped, and an alarm's state. */
export const jumpedTenths = all(
  tenths,
  number("i16le", "temperature_change", -1, "K"),
  number("u8", "temperature_alarm", 0, "none"),
);

/** A byte that is a state. */
export const state = (register: Parameters<typeof number>[1]) => number("u8", register, 0, "none");
