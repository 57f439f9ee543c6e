/**
 * Netvox R3, R7, R8, RA, RB and RP series: contacts, leaks, climate, air, level, sockets, breakers.
 *
 * What a dry contact means only the installer knows: it is an input. Many models are one device in
 * several housings; each has its own type byte.
 *
 * @see Netvox LoRaWAN Application Command, "ReportDataCmd" of each device type
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import type { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";
import { netvox, type Reports } from "../netvox-frame.ts";

/** Reads one value, or none where no sensor is connected. */
export type Part = (reader: ByteReader) => Value[];
type Form = "u8" | "i8" | "u16be" | "i16be" | "u24be" | "u32be";

/** `absent`: what is sent in place of a value. */
export const part =
  (form: Form, register: RegisterId, scale: number, unit: Unit, absent?: number): Part =>
  (reader) => {
    const n = reader[form]();
    return n === absent ? [] : [exact(register, n, scale, unit)];
  };
export const parts =
  (...list: readonly Part[]) =>
  (reader: ByteReader): Value[] =>
    list.flatMap((one) => one(reader));
export const skip =
  (size: number): Part =>
  (reader) => {
    reader.skip(size);
    return [];
  };
/** Any number but zero is yes. */
export const flag =
  (register: RegisterId): Part =>
  (reader) => [exact(register, reader.u8() === 0 ? 0 : 1, 0, "none")];
export const bits = (register: RegisterId) => part("u8", register, 0, "none");

const NONE_16 = 0xffff;
const cold = (scale: -1 | -2) => part("i16be", "temperature", scale, "C");
const damp = part("u16be", "humidity", -2, "%");
const lux16 = part("u16be", "illuminance", 0, "lux");
const input = bits("input");
const twoInputs = parts(input, bits("input_2"));

interface Housing {
  readonly registers: readonly RegisterId[];
  readonly reports: Reports;
  readonly kind?: MeterKindId;
  /** Report types that carry the battery; all, unless given. */
  readonly withBattery?: readonly number[];
}

/** One device in several housings, by name and type byte. */
function housings(types: Readonly<Record<string, number>>, housing: Housing): Decoder[] {
  const { registers, reports, kind = "temperature", withBattery } = housing;
  return Object.entries(types).map(([name, type]) =>
    netvox(
      name,
      `Netvox ${name.toUpperCase()}`,
      type,
      ["battery_voltage", ...registers],
      reports,
      withBattery,
      kind,
    ),
  );
}

const MOST_VIBRATION = 1e6;

/** Floats of two bytes, the lower first, shown to six decimals; a number nobody can measure is none. */
const halves =
  (...registers: readonly RegisterId[]): Part =>
  (reader) =>
    registers.flatMap((register) => {
      const float = reader.bf16le();
      return Math.abs(float) < MOST_VIBRATION
        ? [exact(register, Math.round(float * 1e6), -6, register.startsWith("v") ? "mm/s" : "m/s2")]
        : [];
    });

/** The sensors that hang at a large box, three words a report. */
const word = (register: RegisterId, scale: number, unit: Unit) =>
  part("u16be", register, scale, unit, NONE_16);
const signed = (register: RegisterId, scale: number, unit: Unit) =>
  part("i16be", register, scale, unit, -1);
const box: Reports = {
  0x01: parts(word("pm1", 0, "ug/m3"), word("pm2_5", 0, "ug/m3"), word("pm10", 0, "ug/m3")),
  0x02: parts(word("pm1", 0, "ug/m3"), word("pm2_5", 0, "ug/m3"), word("pm10", 0, "ug/m3")),
  0x03: parts(
    word("particles_0_3", 0, "count"),
    word("particles_0_5", 0, "count"),
    word("particles_1", 0, "count"),
  ),
  0x04: parts(
    word("particles_2_5", 0, "count"),
    word("particles_5", 0, "count"),
    word("particles_10", 0, "count"),
  ),
  0x05: parts(
    word("ozone", -1, "ppm"),
    word("carbon_monoxide", -1, "ppm"),
    word("nitric_oxide", -1, "ppm"),
  ),
  0x06: parts(
    word("nitrogen_dioxide", -1, "ppm"),
    word("sulfur_dioxide", -1, "ppm"),
    word("hydrogen_sulfide", -1, "ppm"),
  ),
  0x07: parts(word("co2", -1, "ppm"), word("ammonia", -1, "ppm"), word("sound", -1, "dB")),
  0x08: parts(word("ph", -2, "pH"), signed("water_temperature", -2, "C"), signed("redox", 0, "mV")),
  0x09: parts(
    word("turbidity", -1, "none"),
    signed("water_temperature", -2, "C"),
    word("soil_moisture", -2, "%"),
  ),
  0x0a: parts(
    word("soil_moisture", -2, "%"),
    signed("temperature", -2, "C"),
    word("level", 0, "mm"),
    part("u8", "soil_conductivity", 2, "uS/cm", 0xff),
  ),
  0x0b: parts(
    signed("water_temperature", -2, "C"),
    word("oxygen", -2, "mg/L"),
    word("oxygen_saturation", -1, "%"),
  ),
  0x0c: parts(
    signed("temperature", -2, "C"),
    word("humidity", -2, "%"),
    word("wind_speed", -2, "m/s"),
  ),
  0x0d: parts(word("wind_direction", 0, "deg"), part("u32be", "pressure", -2, "hPa", 0xffffffff)),
  0x0e: word("tvoc", -1, "ppb"),
  0x0f: skip(6), // nitrogen, phosphorus and potassium of a field
  0x10: parts(
    word("soil_moisture", -2, "%"),
    signed("temperature", -2, "C"),
    word("soil_conductivity", 0, "uS/cm"),
  ),
};
const boxRegisters: readonly RegisterId[] = [
  "pm1",
  "pm2_5",
  "pm10",
  "particles_0_3",
  "particles_0_5",
  "particles_1",
  "particles_2_5",
  "particles_5",
  "particles_10",
  "ozone",
  "carbon_monoxide",
  "nitric_oxide",
  "nitrogen_dioxide",
  "sulfur_dioxide",
  "hydrogen_sulfide",
  "co2",
  "ammonia",
  "sound",
  "ph",
  "water_temperature",
  "redox",
  "turbidity",
  "soil_moisture",
  "temperature",
  "level",
  "soil_conductivity",
  "oxygen",
  "oxygen_saturation",
  "humidity",
  "wind_speed",
  "wind_direction",
  "pressure",
  "tvoc",
];

/** Which sensors are switched on, then what they say, as bits. Bit 0 of the lower byte: climate is measured. */
const roomOne: Part = (reader) => {
  reader.skip(1);
  const hasClimate = (reader.u8() & 1) === 1;
  const states = exact("states", reader.u16be(), 0, "none");
  const temperature = exact("temperature", reader.i16be(), -2, "C");
  const humidity = exact("humidity", reader.u8() * 5, -1, "%");
  return hasClimate ? [states, temperature, humidity] : [states];
};
/** Low and high alarms of temperature, humidity and light, as bits. */
const alarms = bits("alarm");
const room: Reports = {
  0x01: roomOne,
  0x02: parts(lux16, alarms),
  0x11: parts(skip(3), part("u16be", "states", 0, "none")),
  0x12: parts(cold(-2), damp, lux16, alarms),
};

const socket: Reports = {
  0x01: parts(
    flag("on"),
    part("u32be", "1-0:1.8.0", 0, "Wh"),
    flag("alarm"),
    flag("alarm_2"),
    flag("alarm_3"),
  ),
  0x02: parts(
    part("u16be", "1-0:12.7.0", 0, "V"),
    part("u16be", "1-0:11.7.0", -3, "A"),
    part("u16be", "1-0:1.7.0", 0, "W"),
  ),
};

/** A circuit breaker: its address on a bus first, then by report; energies in steps of 10 Wh. */
const breaker: Reports = {
  0x01: skip(7),
  0x02: parts(
    skip(1),
    part("u16be", "1-0:11.7.0", -2, "A"),
    part("u16be", "1-0:12.7.0", 0, "V"),
    part("u16be", "1-0:1.7.0", 0, "W"),
    part("u8", "temperature", 0, "C"),
  ),
  0x03: parts(
    skip(1),
    part("u32be", "1-0:1.8.0", 1, "Wh"),
    part("u8", "1-0:14.7.0", 0, "Hz"),
    part("u8", "1-0:13.7.0", -2, "none"),
  ),
  0x04: parts(
    skip(1),
    part("u16be", "current_leakage", -3, "A"),
    part("u32be", "switch_count", 0, "count"),
  ),
  0x11: skip(8),
  0x12: parts(skip(3), part("u16be", "1-0:31.7.0", -2, "A"), part("u16be", "1-0:51.7.0", -2, "A")),
  0x13: parts(
    skip(1),
    part("u16be", "1-0:71.7.0", -2, "A"),
    part("u16be", "1-0:32.7.0", 0, "V"),
    part("u16be", "1-0:52.7.0", 0, "V"),
    part("u8", "temperature", 0, "C"),
  ),
  0x14: parts(
    skip(1),
    part("u16be", "1-0:72.7.0", 0, "V"),
    part("u16be", "1-0:21.7.0", 0, "W"),
    part("u16be", "1-0:41.7.0", 0, "W"),
    part("u8", "1-0:14.7.0", 0, "Hz"),
  ),
  0x15: parts(skip(1), part("u16be", "1-0:61.7.0", 0, "W"), part("u32be", "1-0:21.8.0", 1, "Wh")),
  0x16: parts(
    skip(1),
    part("u32be", "1-0:41.8.0", 1, "Wh"),
    part("u8", "1-0:33.7.0", -2, "none"),
    part("u8", "1-0:73.7.0", -2, "none"),
    part("u8", "1-0:53.7.0", -2, "none"),
  ),
  0x17: parts(skip(1), part("u32be", "1-0:61.8.0", 1, "Wh"), skip(1), flag("on")),
  0x18: parts(
    skip(1),
    part("u16be", "current_leakage", -3, "A"),
    part("u32be", "switch_count", 0, "count"),
  ),
};

export const netvoxSensors: readonly Decoder[] = [
  ...housings(
    { r311a: 0x02, r718f: 0x1d, r730f: 0x7d },
    { registers: ["input"], reports: { 1: input } },
  ),
  ...housings({ r311b: 0x4b, r311g: 0x04 }, { registers: ["illuminance"], reports: { 1: lux16 } }),
  ...housings(
    {
      r311ca: 0x4c,
      r311cb: 0x56,
      r311cc: 0x6c,
      r718da2: 0x2f,
      r718db2: 0x3d,
      r718f2: 0x3e,
      r718j2: 0x43,
      r718lb2: 0x45,
      r730da2: 0x8a,
      r730db2: 0x8c,
      r730f2: 0x7e,
      r730lb2: 0x8e,
      r311wa: 0x5a,
    },
    { registers: ["input", "input_2"], reports: { 1: twoInputs } },
  ),
  ...housings(
    {
      r311da: 0xa8,
      r311db: 0xa9,
      r311fa: 0x4f,
      r311k: 0x9e,
      r718da: 0x1a,
      r718db: 0x1b,
      r718j: 0x21,
      r718lb: 0x25,
      r718mba: 0x27,
      r718q: 0x5b,
      r718qa: 0x97,
      r718va: 0x9f,
      r720f: 0xb7,
      r730da: 0x89,
      r730db: 0x8b,
      r730lb: 0x8d,
      r730mba: 0x82,
    },
    { registers: ["input"], reports: { 1: input } },
  ),
  ...housings(
    { r718e: 0x1c },
    {
      registers: [
        "acceleration_x",
        "acceleration_y",
        "acceleration_z",
        "velocity_x",
        "velocity_y",
        "velocity_z",
        "temperature",
      ],
      reports: {
        1: halves("acceleration_x", "acceleration_y", "acceleration_z"),
        2: parts(halves("velocity_x", "velocity_y", "velocity_z"), cold(-1)),
      },
      withBattery: [1],
    },
  ),
  ...housings(
    { r311fa1: 0xc7 },
    {
      registers: [
        "acceleration_x",
        "acceleration_y",
        "acceleration_z",
        "velocity_x",
        "velocity_y",
        "velocity_z",
      ],
      reports: {
        1: halves("acceleration_x", "acceleration_y", "acceleration_z"),
        2: halves("velocity_x", "velocity_y", "velocity_z"),
      },
      withBattery: [1],
    },
  ),
  ...housings(
    { r311fb: 0x50, r718mbb: 0x2b, r730mbb: 0x83 },
    {
      registers: ["pulses"],
      reports: { 1: part("u32be", "pulses", 0, "count") },
      kind: "electricity",
    },
  ),
  ...housings(
    { r311fc: 0x51, r718mbc: 0x2c, r730mbc: 0x84 },
    {
      registers: ["operating_time"],
      reports: { 1: part("u32be", "operating_time", 0, "s") },
      kind: "electricity",
    },
  ),
  ...housings(
    { r718wa: 0x32, r718wb: 0x12 },
    { registers: ["leak"], reports: { 1: flag("leak") }, kind: "leak" },
  ),
  ...housings(
    { r311w: 0x06, r718wa2: 0x46, r718wb2: 0x47 },
    {
      registers: ["leak", "leak_2"],
      reports: { 1: parts(flag("leak"), flag("leak_2")) },
      kind: "leak",
    },
  ),
  ...housings(
    Object.fromEntries(
      ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10"].map((number) => [
        `r315${number}`,
        0xd2,
      ]),
    ),
    {
      registers: ["states", "temperature", "humidity", "illuminance", "alarm"],
      reports: room,
    },
  ),
  ...housings(
    { r711: 0x01, r712: 0x01, r718a: 0x0b, r718ab: 0x13, r720a: 0x6e },
    { registers: ["temperature", "humidity"], reports: { 1: parts(cold(-2), damp) } },
  ),
  ...housings(
    { r720b: 0x6f },
    {
      registers: ["temperature", "humidity", "alarm"],
      reports: { 1: parts(cold(-2), damp, flag("alarm")) },
    },
  ),
  ...housings(
    { r718ea: 0x9a },
    {
      registers: ["angle_x", "angle_y", "angle_z", "temperature"],
      reports: {
        1: parts(
          part("i8", "angle_x", 0, "deg"),
          part("i8", "angle_y", 0, "deg"),
          part("i8", "angle_z", 0, "deg"),
          cold(-1),
        ),
      },
    },
  ),
  ...housings(
    { r718eb: 0xc8 },
    {
      registers: ["angle_x", "angle_y", "angle_z"],
      reports: {
        1: parts(
          part("i16be", "angle_x", -1, "deg"),
          part("i16be", "angle_y", -1, "deg"),
          part("i16be", "angle_z", -1, "deg"),
        ),
      },
    },
  ),
  ...housings(
    { r718g: 0x1e },
    { registers: ["illuminance"], reports: { 1: part("u32be", "illuminance", 0, "lux") } },
  ),
  ...housings(
    { r718uba: 0xbb, r718ubb: 0xbb, r718ubd: 0xbb },
    {
      registers: [
        "temperature",
        "humidity",
        "co2",
        "tamper",
        "pressure",
        "illuminance",
        "pm2_5",
        "pm10",
        "tvoc",
      ],
      reports: {
        1: parts(cold(-2), damp, part("u16be", "co2", 0, "ppm"), flag("tamper")),
        2: parts(part("u32be", "pressure", -2, "hPa"), part("u24be", "illuminance", 0, "lux")),
        3: parts(
          part("u16be", "pm2_5", 0, "ug/m3"),
          part("u16be", "pm10", 0, "ug/m3"),
          part("u16be", "tvoc", 0, "ppb"),
        ),
      },
    },
  ),
  ...housings(
    { r718wba: 0x6b, r718waa: 0xbe },
    {
      registers: ["temperature", "humidity", "leak"],
      reports: { 1: parts(cold(-2), damp, flag("leak")) },
      kind: "leak",
    },
  ),
  ...housings(
    { r718fa: 0xbd, r718daa: 0xbf, r718dba: 0xc0, r718ta: 0xc1, r718vaa: 0xc2, r718vba: 0xc3 },
    {
      registers: ["temperature", "humidity", "input"],
      reports: { 1: parts(cold(-2), damp, flag("input")) },
    },
  ),
  ...housings(
    { r718x: 0x34 },
    {
      registers: ["input", "distance", "temperature", "fill", "angle_x"],
      reports: {
        1: parts(
          flag("input"),
          part("u16be", "distance", 0, "mm"),
          cold(-1),
          part("u8", "fill", 0, "%"),
          part("u8", "angle_x", 0, "deg"),
        ),
      },
    },
  ),
  ...housings(
    { r718pe: 0xb1 },
    {
      registers: ["input", "distance", "fill"],
      reports: {
        1: parts(flag("input"), part("u16be", "distance", 0, "mm"), part("u8", "fill", 0, "%")),
      },
    },
  ),
  ...housings(
    { r718y: 0xac },
    {
      registers: ["pressure_difference", "temperature"],
      reports: { 1: parts(part("i16be", "pressure_difference", -1, "Pa"), cold(-1)) },
    },
  ),
  ...housings(
    { r720c: 0x70 },
    {
      registers: ["pressure", "temperature"],
      reports: { 1: parts(part("u32be", "pressure", -2, "hPa"), cold(-2)) },
    },
  ),
  ...housings(
    { r720e: 0xa5 },
    {
      registers: ["tvoc", "iaq", "temperature", "humidity"],
      reports: {
        1: (reader) => {
          const n = reader.u16be();
          const climate = parts(cold(-2), damp)(reader);
          const gas = reader.u8() === 0 ? exact("tvoc", n, 0, "ppb") : exact("iaq", n, 0, "none");
          return [gas, ...climate];
        },
      },
    },
  ),
  ...housings(
    { r720flt: 0xd4 },
    {
      registers: ["pulses", "alarm", "leak"],
      reports: { 1: parts(part("u32be", "pulses", 0, "count"), flag("alarm"), flag("leak")) },
      kind: "leak",
    },
  ),
  ...housings(
    { r720g: 0xb5 },
    {
      // Where it is is no business of a building's.
      registers: ["angle_x", "angle_y", "angle_z"],
      reports: {
        1: parts(
          skip(4),
          part("i8", "angle_x", 0, "deg"),
          part("i8", "angle_y", 0, "deg"),
          part("i8", "angle_z", 0, "deg"),
        ),
        2: skip(7),
      },
    },
  ),
  ...housings(
    {
      ra0708: 0x05,
      ra0710: 0x05,
      ra0715: 0x05,
      ra0723: 0x05,
      r726xx: 0x09,
      r72615a: 0x09,
      r72632a01: 0x09,
      ra0715y: 0x0d,
      r718pa: 0x57,
      r718pb: 0x58,
    },
    { registers: boxRegisters, reports: box },
  ),
  ...housings(
    { ra0716: 0x35, r72616: 0x36, r72716: 0x37, r72616a: 0x6a },
    {
      registers: ["temperature", "humidity", "pm2_5"],
      reports: { 1: parts(cold(-2), damp, part("u16be", "pm2_5", 0, "ug/m3")) },
    },
  ),
  ...housings(
    { r809a: 0x0e, r816b: 0x73 },
    {
      registers: [
        "on",
        "1-0:1.8.0",
        "1-0:12.7.0",
        "1-0:11.7.0",
        "1-0:1.7.0",
        "alarm",
        "alarm_2",
        "alarm_3",
      ],
      reports: socket,
      withBattery: [],
      kind: "electricity",
    },
  ),
  ...housings(
    { ra02c: 0x11 },
    {
      registers: ["alarm", "temperature_alarm"],
      reports: { 1: parts(flag("alarm"), flag("temperature_alarm")) },
    },
  ),
  ...housings(
    { ra02d1: 0xd6 },
    {
      registers: ["gas_leak", "temperature_alarm", "temperature"],
      reports: { 1: parts(flag("gas_leak"), flag("temperature_alarm"), cold(-1)) },
      kind: "leak",
    },
  ),
  ...housings(
    { ra07w: 0x0c, r718we: 0x8f },
    {
      registers: ["leak_place"],
      reports: { 1: part("u16be", "leak_place", 1, "none") },
      kind: "leak",
    },
  ),
  ...housings(
    { rb11e: 0x03 },
    {
      registers: ["temperature", "illuminance", "occupied", "tamper"],
      reports: { 1: parts(cold(-2), lux16, flag("occupied"), flag("tamper")) },
    },
  ),
  ...housings(
    { rp02: 0x9c },
    {
      registers: [
        "1-0:1.8.0",
        "1-0:1.7.0",
        "1-0:11.7.0",
        "1-0:12.7.0",
        "1-0:13.7.0",
        "1-0:14.7.0",
        "temperature",
        "current_leakage",
        "switch_count",
        "on",
        "1-0:31.7.0",
        "1-0:51.7.0",
        "1-0:71.7.0",
        "1-0:32.7.0",
        "1-0:52.7.0",
        "1-0:72.7.0",
        "1-0:21.7.0",
        "1-0:41.7.0",
        "1-0:61.7.0",
        "1-0:21.8.0",
        "1-0:41.8.0",
        "1-0:61.8.0",
        "1-0:33.7.0",
        "1-0:53.7.0",
        "1-0:73.7.0",
      ],
      reports: breaker,
      withBattery: [],
      kind: "electricity",
    },
  ),
];
