/**
 * Ewattch: Squid (clamps on up to twelve circuits), Tyness (French meters' customer output, M-Bus meters),
 * Ambiance (rooms). A frame of data begins with 0, one about the device with something else; then its
 * length, then objects, each announced by its type. In that byte the highest bit says "error", the
 * lowest that a byte with socket and channel follows. Lowest byte first.
 *
 * @see the uplink decoder that Ewattch publishes
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { decimalOf, exact } from "../exact.ts";

const ERROR = 0x80;
const PLACED = 0x01;
const TYPE = 0x7e;
const CHANNEL = 0x1f;
const FLOAT_DIGITS = 7;

const numbered = (name: "charge" | "current" | "energy" | "power", first: RegisterId) =>
  Array.from({ length: 12 }, (_, i) => (i === 0 ? first : `${name}_${i + 1}`) as RegisterId);
const charges = numbered("charge", "charge");
const currents = numbered("current", "current");
const energies = numbered("energy", "1-0:1.8.0");
const powers = numbered("power", "1-0:1.7.0");

/** What an object means: on a meter's bus some of it is that meter's. */
interface Meaning {
  readonly volume: RegisterId;
  readonly energy: RegisterId;
  readonly flow: RegisterId;
}
const alone: Meaning = { volume: "8-0:1.0.0", energy: "1-0:1.8.0", flow: "8-0:9.0.0" };
/** By the code of the meter on the bus: heat, water, electricity, gas. */
const meters: readonly Meaning[] = [
  { volume: "6-0:2.0.0", energy: "6-0:1.0.0", flow: "6-0:9.0.0" },
  alone,
  alone,
  { ...alone, volume: "7-0:3.0.0" },
];

type ObjectOf = (reader: ByteReader, channel: number, meaning: Meaning) => Value[];

const word =
  (register: RegisterId, scale: number, unit: Unit): ObjectOf =>
  (reader) => [exact(register, reader.u16le(), scale, unit)];
const signed =
  (register: RegisterId, scale: number, unit: Unit): ObjectOf =>
  (reader) => [exact(register, reader.i16le(), scale, unit)];
const skip =
  (size: number): ObjectOf =>
  (reader) => {
    reader.skip(size);
    return [];
  };
const u24 = (reader: ByteReader) => reader.u24le();
const i24 = (reader: ByteReader) => {
  const n = reader.u24le();
  return n >= 0x800000 ? n - 0x1000000 : n;
};

interface Measure {
  readonly registers: readonly RegisterId[];
  readonly read: (reader: ByteReader) => number;
  readonly scale: number;
  readonly unit: Unit;
}
/** An index counts tens. */
const chargeIndex: Measure = { registers: charges, read: u24, scale: -2, unit: "Ah" };
const clampCurrent: Measure = { registers: currents, read: u24, scale: -3, unit: "A" };
const first = (register: RegisterId, scale: number, unit: Unit, read = u24): Measure => ({
  registers: [register],
  read,
  scale,
  unit,
});
const measures: Readonly<Record<number, Measure>> = {
  0: chargeIndex,
  1: clampCurrent,
  3: { registers: energies, read: u24, scale: 1, unit: "Wh" },
  4: { registers: powers, read: i24, scale: 0, unit: "W" },
  5: first("1-0:2.8.0", 1, "Wh"),
  6: first("1-0:3.8.0", 1, "varh"),
  7: first("1-0:4.8.0", 1, "varh"),
  8: first("1-0:3.7.0", 0, "var", i24),
  9: first("1-0:9.8.0", 1, "VAh"),
  10: first("1-0:12.7.0", -1, "V", (reader) => reader.u16le()),
  11: first("1-0:9.7.0", 0, "VA"),
  12: first("1-0:14.7.0", -2, "Hz", (reader) => reader.u16le()),
};

/** Several channels of one measure; those beyond what we have names for are left out. */
const clamps = (reader: ByteReader, channel: number, count: number, measure: Measure): Value[] =>
  Array.from({ length: count }, (_, i) => {
    const n = measure.read(reader);
    const register = measure.registers[channel + i];
    return register === undefined ? [] : [exact(register, n, measure.scale, measure.unit)];
  }).flat();

const clamp: ObjectOf = (reader, channel) => {
  const head = reader.u8();
  const [count, code] = [head >> 4, head & 0xf];
  // An index and a current, all of the one before all of the other.
  if (code === 2)
    return [
      ...clamps(reader, channel, count, chargeIndex),
      ...clamps(reader, channel, count, clampCurrent),
    ];
  const measure = measures[code] ?? reader.fail(`has an unknown measure ${code}`);
  return clamps(reader, channel, count, measure);
};

/** The meter's own word that it is at fault or not there. */
const isFaulty = (code: number) => code === 0 || (code & 0xf) >= 0xe;
/** By the subscription: one price, two, mobile peaks, days of three colours by day and night. */
const PRICES: readonly number[] = [1, 2, 2, 6];
const sum = (ns: readonly number[], scale: number, unit: Unit) => [
  exact(
    "1-0:1.8.0",
    ns.reduce((all, n) => all + n, 0),
    scale,
    unit,
  ),
];
const list = (count: number, read: () => number) => Array.from({ length: count }, read);

/** What a French meter tells its customer. */
const customerOutput: ObjectOf = (reader) => {
  const code = reader.u8();
  if (isFaulty(code)) return [];
  switch (code) {
    case 0x10: {
      reader.skip(1);
      const count = PRICES[reader.u8() >> 5] ?? reader.fail("has an unknown subscription");
      return sum(
        list(count, () => reader.u32le()),
        0,
        "Wh",
      );
    }
    case 0x20:
      reader.skip(1);
      return sum(
        list(4, () => reader.u24le()),
        0,
        "kWh",
      );
    case 0x50:
      reader.skip(2);
      return sum([reader.u32le()], 0, "Wh");
    case 0x51: {
      reader.skip(2);
      const taken = sum([reader.u32le()], 0, "Wh");
      return [...taken, exact("1-0:2.8.0", reader.u32le(), 0, "Wh")];
    }
    default:
      return reader.fail(`is of an unknown meter ${code.toString(16)}`);
  }
};

const volume: ObjectOf = (reader, _, meaning) => {
  const value = reader.f32le();
  const { n, scale } = decimalOf(value, FLOAT_DIGITS) ?? reader.fail("has no number");
  return [exact(meaning.volume, n, scale, "m3")];
};

const METER_CODES = 4;
const bus: ObjectOf = (reader) => {
  reader.skip(1); // its address
  const head = reader.u8();
  const meaning = meters[head >> METER_CODES] ?? reader.fail("is of an unknown meter");
  return list(head & 0xf, () => 0).flatMap(() => {
    const id = reader.u8();
    const channel = id & PLACED ? reader.u8() & CHANNEL : 0;
    const object = simple[id & ~PLACED];
    return object ? object(reader, channel, meaning) : reader.fail(`has an unknown object ${id}`);
  });
};

/** Objects that may stand on a bus as well. */
const simple: Readonly<Record<number, ObjectOf>> = {
  0x00: signed("temperature", -2, "C"),
  0x04: (reader) => [exact("humidity", reader.u8() * 5, -1, "%")],
  0x08: word("co2", 0, "ppm"),
  0x0c: word("pulses", 0, "count"),
  0x0e: skip(3), // a time
  0x10: word("illuminance", 0, "lux"),
  0x14: skip(2), // seconds of movement
  // Hundredths of a bar are kilopascals.
  0x16: signed("pressure_pipe", 0, "kPa"),
  0x18: (reader, _, { flow }) => [exact(flow, reader.u16le(), -2, "m3/h")],
  0x1a: (reader, _, meaning) => [exact(meaning.volume, reader.u16le(), 0, "m3")],
  0x1c: volume,
  0x28: skip(3), // an analogue input, in one of three scales
  0x44: (reader, _, { energy }) => [exact(energy, reader.u32le(), 0, "kWh")],
  0x46: (reader) => [exact("1-0:3.8.0", reader.u32le(), 0, "kvarh")],
};
const objects: Readonly<Record<number, ObjectOf>> = {
  ...simple,
  0x40: clamp,
  0x48: (reader, channel) => clamps(reader, channel, 12, chargeIndex),
  0x50: customerOutput,
  0x58: bus,
};
const about: Readonly<Record<number, ObjectOf>> = {
  0x00: skip(1), // which device
  0x02: skip(2), // firmware
  0x04: (reader) => [exact("battery", reader.u8(), 0, "%")],
  0x08: skip(2), // how often it sends
};

function decode(payload: Uint8Array): DecodedReading[] {
  const reader = new ByteReader(payload);
  const isData = reader.u8() === 0;
  const length = reader.u8();
  if (length !== reader.left) reader.fail(`tells a length of ${length}`);
  const said = new Map<RegisterId, Value>();
  while (reader.left > 0) {
    const head = reader.u8();
    const id = head & TYPE;
    const object = (isData ? objects : about)[id];
    if (object === undefined) return reader.fail(`has an unknown object ${id.toString(16)}`);
    const channel = isData && head & PLACED ? reader.u8() & CHANNEL : 0;
    if (head & ERROR) reader.skip(1);
    else
      for (const value of object(reader, channel, alone))
        // Of one thing on several sockets the first stands.
        if (!said.has(value.register)) said.set(value.register, value);
  }
  return said.size === 0 ? [] : [{ values: [...said.values()] }];
}

const registers: readonly RegisterId[] = [
  ...new Set<RegisterId>([
    ...(["temperature", "humidity", "co2", "illuminance", "pressure_pipe", "pulses"] as const),
    ...Object.values(measures).flatMap((measure) => measure.registers),
    ...meters.flatMap(({ volume: v, energy, flow }) => [v, energy, flow]),
    "battery",
  ]),
];
const device = (name: string, title: string, kind: MeterKindId): Decoder => ({
  model: `ewattch/${name}`,
  version: 1,
  title: `Ewattch ${title}`,
  kind,
  registers,
  decode,
});

export const ewattch: readonly Decoder[] = [
  device("squid", "Squid", "electricity"),
  device("squidpro", "Squid Pro", "electricity"),
  device("tyness", "Tyness", "electricity"),
  device("ambiance", "Ambiance", "temperature"),
];
