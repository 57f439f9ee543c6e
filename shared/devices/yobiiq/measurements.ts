/** `measurements`: what Yobiiq's types of numbers mean, for each family of its devices. */
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import type { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

type Read = (reader: ByteReader) => readonly Value[];
/** Type → how to read it; `"time"`: seconds since 1970 of all that stands in the frame. */
export type Types = Readonly<Record<number, Read | "time">>;

const number =
  (form: "u8" | "i8" | "i16be" | "u32be" | "i32be") =>
  (register: RegisterId, scale: number, unit: Unit): Read =>
  (reader) => [exact(register, reader[form](), scale, unit)];
const [u8, i8, i16, u32, i32] = [
  number("u8"),
  number("i8"),
  number("i16be"),
  number("u32be"),
  number("i32be"),
];
/** Versions, phase angles, peaks, and numbers whose unit is not told. */
const nothing =
  (size: number): Read =>
  (reader) => {
    reader.skip(size);
    return [];
  };
const nothings = (size: number, ...types: readonly number[]): Types =>
  Object.fromEntries(types.map((type) => [type, nothing(size)]));
const volts = (register: RegisterId) => i32(register, -1, "V");
const milliamperes = (register: RegisterId) => i32(register, -3, "A");
const watts = (register: RegisterId) => i32(register, 0, "W");

const meter: Types = {
  ...nothings(4, 0x00, 0x01, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2b),
  ...nothings(2, 0x20, 0x21, 0x22, 0xf0, 0xf1, 0xf2),
  0x03: "time",
  0x04: u32("1-0:1.8.1", 0, "Wh"),
  0x05: u32("1-0:1.8.2", 0, "Wh"),
  0x06: u32("1-0:2.8.1", 0, "Wh"),
  0x07: u32("1-0:2.8.2", 0, "Wh"),
  0x08: u32("1-0:3.8.1", 0, "varh"),
  0x09: u32("1-0:3.8.2", 0, "varh"),
  0x0a: u32("1-0:4.8.1", 0, "varh"),
  0x0b: u32("1-0:4.8.2", 0, "varh"),
  0x0c: volts("1-0:32.7.0"),
  0x10: milliamperes("1-0:31.7.0"),
  0x14: watts("1-0:21.7.0"),
  0x1d: i8("1-0:33.7.0", -2, "none"),
  0x23: i16("1-0:14.7.0", -2, "Hz"),
  0x2a: watts("power_mean"),
};

export const singlePhase: Types = {
  ...meter,
  0x17: i32("1-0:3.7.0", 0, "var"),
  0x1a: i32("1-0:9.7.0", 0, "VA"),
};

export const threePhases: Types = {
  ...meter,
  ...nothings(4, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c),
  0x0d: volts("1-0:52.7.0"),
  0x0e: volts("1-0:72.7.0"),
  0x0f: milliamperes("1-0:11.7.0"),
  0x11: milliamperes("1-0:51.7.0"),
  0x12: milliamperes("1-0:71.7.0"),
  0x13: watts("1-0:1.7.0"),
  0x15: watts("1-0:41.7.0"),
  0x16: watts("1-0:61.7.0"),
  0x1e: i8("1-0:53.7.0", -2, "none"),
  0x1f: i8("1-0:73.7.0", -2, "none"),
};

/** What a P1 port says, the device's own climate and two inputs. */
export const dsmr: Types = {
  ...nothings(1, 0x72),
  ...nothings(2, 0x00, 0x0e, 0x46, 0x56, 0x66, 0x76),
  // A telegram's time, failures, sags and swells, power fed in.
  ...nothings(4, 0x02, 0x12, 0x14, 0x1a, 0x1c, 0x1e, 0x1f, 0x20, 0x21, 0x32, 0x33, 0x34),
  // Meters behind this one: a time, and a number without a unit.
  ...nothings(8, 0x50, 0x60, 0x70, 0x80),
  0xfe: "time",
  0x06: u32("1-0:1.8.1", 0, "Wh"),
  0x08: u32("1-0:1.8.2", 0, "Wh"),
  0x0a: u32("1-0:2.8.1", 0, "Wh"),
  0x0c: u32("1-0:2.8.2", 0, "Wh"),
  0x10: watts("1-0:1.7.0"),
  // A log of eight bytes an entry.
  0x18: (reader) => {
    reader.skip(reader.u32be() * 8);
    return [];
  },
  0x22: volts("1-0:32.7.0"),
  0x23: volts("1-0:52.7.0"),
  0x24: volts("1-0:72.7.0"),
  0x26: i32("1-0:31.7.0", 0, "A"),
  0x28: i32("1-0:51.7.0", 0, "A"),
  0x2a: i32("1-0:71.7.0", 0, "A"),
  0x2c: watts("1-0:21.7.0"),
  0x2e: watts("1-0:41.7.0"),
  0x30: watts("1-0:61.7.0"),
  0x71: i16("ambient_temperature", -2, "C"),
  0x81: i16("temperature", -2, "C"),
  0x82: u8("humidity", 0, "%"),
  0xd1: u32("pulses", 0, "count"),
  0xd2: u32("pulses_2", 0, "count"),
};

export const relay: Types = {
  // Overrides by hand, alarms, the humidity inside the case.
  ...nothings(1, 0x10, 0x20, 0x64, 0x78, 0x7b),
  // The second channel's count of switchings has no register.
  ...nothings(4, 0x2c, 0x79),
  0x01: "time",
  0xfe: "time",
  0x1a: u8("relay", 0, "none"),
  0x1c: u32("switch_count", 0, "count"),
  0x2a: u8("relay_2", 0, "none"),
  0x7a: i16("ambient_temperature", -2, "C"),
  0x82: i16("temperature", -2, "C"),
  0x83: u8("humidity", 0, "%"),
};

/** A change of the relay or of the input: 1 is closed. */
export const states: Types = {
  0x01: u8("relay", 0, "none"),
  0x02: u8("input", 0, "none"),
};

/** Settings of the meters; of them only the relay says how something is. Text ends the frame. */
export const meterSettings: Types = {
  ...nothings(1, 0x0b, 0x0f, 0x1f, 0x44, 0x58),
  ...nothings(2, 0x09, 0x0a, 0x1e, 0x21, 0x3c, 0x3d, 0x3e, 0x3f, 0x40, 0x41, 0x42, 0x43),
  ...nothings(2, 0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57),
  ...nothings(4, 0x16, 0x20),
  0x00: u8("relay", 0, "none"),
  0x28: (reader) => {
    reader.skip(reader.left);
    return [];
  },
};
