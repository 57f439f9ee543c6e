/**
 * Fludia FM432: sensors stuck on electricity meters (e, ir), gas meters (g), pulse outputs (p), and a
 * thermometer (t). A data message tells the index as it stands now and by how much it grew in each
 * step before, oldest first; so the indexes of those moments are known too. Highest byte first.
 *
 * The infrared head reads the meter's own energies, in tenths of a watt hour or whole ones; the others
 * count turns and pulses since they were started.
 *
 * @see Fludia, FM432 User Guide (FLD10068), "Decoding messages", and the decoders that Fludia publishes
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

/** In front of the infrared head's older messages. */
const PREFIX = 0xf0;
const MINUTE_MS = 60_000;
const WHOLE_64 = 2 ** 32;
/** From here on a step of the infrared head is none: five codes say why. */
const NO_STEP = 0xfffb;

/** What an index counts. */
interface Counted {
  readonly register: RegisterId;
  readonly scale: number;
  readonly unit: Unit;
}
const pulses: Counted = { register: "pulses", scale: 0, unit: "count" };
const gas: Counted = { register: "pulses", scale: -1, unit: "count" };
const energy = (register: RegisterId, scale: number): Counted => ({ register, scale, unit: "Wh" });
const IMPORT = "1-0:1.8.0";
const EXPORT = "1-0:2.8.0";
const NET = "1-0:16.8.0";

const value = ({ register, scale, unit }: Counted, n: number) => exact(register, n, scale, unit);

/** 64 bits; undefined where all are set: the meter was not read. */
function wide(reader: ByteReader, isSigned: boolean): number | undefined {
  const [high, low] = [reader.u32be(), reader.u32be()];
  if (high === WHOLE_64 - 1 && low === WHOLE_64 - 1) return undefined;
  return (isSigned && high >= WHOLE_64 / 2 ? high - WHOLE_64 : high) * WHOLE_64 + low;
}

/** An index now, and what it was at the end of each step before, newest first. */
function backwards(now: number, steps: readonly (number | undefined)[]): number[] {
  const indexes = [now];
  for (const step of steps.toReversed()) {
    if (step === undefined) break;
    const before = (indexes.at(-1) ?? now) - step;
    // It was started in between.
    if (before < 0 && now >= 0) break;
    indexes.push(before);
  }
  return indexes;
}

/** Readings of several indexes at once, the newest of the uplink's own moment. */
function series(
  told: readonly { readonly counted: Counted; readonly indexes: readonly number[] }[],
  stepMinutes: number,
  heardAt: number,
): DecodedReading[] {
  const longest = Math.max(0, ...told.map(({ indexes }) => indexes.length));
  // Without a step there is no telling when.
  const count = stepMinutes > 0 ? longest : Math.min(longest, 1);
  return Array.from({ length: count }, (_, ago) => ({
    ...(ago === 0 ? {} : { time: heardAt - ago * stepMinutes * MINUTE_MS }),
    values: told.flatMap(({ counted, indexes }) => {
      const n = indexes[ago];
      return n === undefined ? [] : [value(counted, n)];
    }),
  })).filter(({ values }) => values.length > 0);
}

const steps = (reader: ByteReader, count: number) =>
  Array.from({ length: count }, () => reader.u16be());
const energySteps = (reader: ByteReader, count: number, isSigned: boolean) =>
  Array.from({ length: count }, () => {
    const n = reader.u16be();
    if (n >= NO_STEP) return undefined;
    return isSigned && n >= 0x8000 ? n - 0x10000 : n;
  });

type Message = (reader: ByteReader, heardAt: number) => DecodedReading[];

/** A message of known size that measures nothing: about the head's optics, a start. */
const nothing =
  (...sizes: number[]): Message =>
  (reader) => {
    if (!sizes.includes(reader.left + reader.position)) reader.fail("has another size");
    reader.skip(reader.left);
    return [];
  };

/** Eight steps of a known length. */
const eight =
  (stepMinutes: number, width: 24 | 32, counted: Counted): Message =>
  (reader, heardAt) => {
    const now = width === 24 ? reader.u24be() : reader.u32be();
    return series([{ counted, indexes: backwards(now, steps(reader, 8)) }], stepMinutes, heardAt);
  };
/** As many steps as there is room for. */
const adjustable =
  (counted: Counted): Message =>
  (reader, heardAt) => {
    const stepMinutes = reader.u8();
    const now = reader.u32be();
    const indexes = backwards(now, steps(reader, reader.left >> 1));
    return series([{ counted, indexes }], stepMinutes, heardAt);
  };
/** A minute's powers follow the index. */
const minutely: Message = (reader) => {
  const now = value(pulses, reader.u32be());
  reader.skip(40);
  return [{ values: [now] }];
};

const oneEnergy =
  (counted: Counted, count?: number): Message =>
  (reader, heardAt) => {
    const stepMinutes = reader.u8();
    const isSigned = reader.u8() !== 0;
    const now = wide(reader, isSigned);
    const told = energySteps(reader, count ?? reader.left >> 1, isSigned);
    return now === undefined
      ? []
      : series([{ counted, indexes: backwards(now, told) }], stepMinutes, heardAt);
  };
/** Minutes: powers follow the index. */
const minutelyEnergy =
  (counted: Counted): Message =>
  (reader) => {
    reader.skip(1);
    const now = wide(reader, reader.u8() !== 0);
    reader.skip(30);
    return now === undefined ? [] : [{ values: [value(counted, now)] }];
  };
const ofSize =
  (bySize: Readonly<Record<number, Message>>): Message =>
  (reader, heardAt) => {
    const message = bySize[reader.left + reader.position];
    return message ? message(reader, heardAt) : reader.fail("has another size");
  };
const older = (register: RegisterId): Message =>
  ofSize({ 28: oneEnergy(energy(register, -1), 8), 42: minutelyEnergy(energy(register, -1)) });

/** Taken and given, each an index with its steps. */
const twoEnergies =
  (scale: number): Message =>
  (reader, heardAt) => {
    const stepMinutes = reader.u8();
    const signs = reader.u8();
    const count = (reader.left - 16) >> 2;
    if (count < 0) reader.fail("has no room for two indexes");
    const told = [IMPORT, EXPORT].flatMap((register, place) => {
      const isSigned = ((signs >> place) & 1) === 1;
      const now = wide(reader, isSigned);
      const grown = energySteps(reader, count, isSigned);
      if (now === undefined) return [];
      return [{ counted: energy(register as RegisterId, scale), indexes: backwards(now, grown) }];
    });
    return series(told, stepMinutes, heardAt);
  };

const low = (n: number): Value => exact("battery_low", n & 1, 0, "none");
/** A service message: where the index stands among bytes about the device. */
const service =
  (before: number, counted: Counted, after: number, battery?: number): Message =>
  (reader) => {
    const about = reader.bytes(before);
    const now = value(counted, reader.u32be());
    reader.skip(after);
    const byte = battery === undefined ? undefined : about[battery];
    return [{ values: byte === undefined ? [now] : [now, low(byte)] }];
  };
const registersByCode: readonly RegisterId[] = [IMPORT, NET, EXPORT];
const energyService =
  (scale: number, isAdjustable: boolean): Message =>
  (reader) => {
    const about = reader.bytes(isAdjustable ? 11 : 8);
    const register = registersByCode[about[isAdjustable ? 3 : 1] ?? -1];
    const now = wide(reader, register === NET);
    const values: Value[] = [];
    // Both at once have no index here.
    if (register !== undefined && now !== undefined)
      values.push(value(energy(register, scale), now));
    if (isAdjustable) values.push(low(about[7] ?? 0));
    return values.length === 0 ? [] : [{ values }];
  };

function temperatures(reader: ByteReader, heardAt: number): DecodedReading[] {
  const stepMinutes = reader.u8();
  const told = Array.from({ length: 8 }, () => reader.i16be());
  const counted: Counted = { register: "temperature", scale: -2, unit: "C" };
  return series([{ counted, indexes: told.toReversed() }], stepMinutes, heardAt);
}

const prefixed: Readonly<Record<number, Message>> = {
  0x2a: energyService(-1, false),
  0x2e: older(NET),
  0x2f: older(IMPORT),
  0x30: older(EXPORT),
  0x3a: energyService(-1, true),
  0x3b: energyService(0, true),
};
const messages: Readonly<Record<number, Message>> = {
  0x01: nothing(3),
  0x0e: service(4, pulses, 3, 3),
  0x10: service(4, gas, 3),
  0x12: nothing(37, 19),
  0x13: nothing(30, 11),
  0x1d: eight(10, 24, gas),
  0x1e: eight(15, 24, gas),
  0x1f: eight(60, 24, gas),
  0x20: eight(10, 24, pulses),
  0x21: eight(15, 24, pulses),
  0x22: eight(60, 24, pulses),
  0x29: service(3, pulses, 2),
  0x2b: eight(10, 24, pulses),
  0x2c: eight(15, 24, pulses),
  0x2d: eight(60, 24, pulses),
  0x2e: nothing(22),
  0x2f: nothing(42),
  0x48: eight(10, 32, pulses),
  0x49: eight(15, 32, pulses),
  0x4a: eight(60, 32, pulses),
  0x4b: service(4, pulses, 3, 3),
  0x57: temperatures,
  0x58: nothing(12),
  0x5b: minutely,
  0x5f: nothing(9),
  0x69: adjustable(pulses),
  0x6a: service(7, pulses, 4, 6),
  0x6b: adjustable(pulses),
  0x6c: service(3, pulses, 3),
  0x6d: adjustable(gas),
  0x6e: service(7, gas, 3),
  0x6f: adjustable(pulses),
  0x70: service(7, pulses, 4, 6),
  0x71: oneEnergy(energy(NET, -1)),
  0x72: oneEnergy(energy(IMPORT, -1)),
  0x73: oneEnergy(energy(EXPORT, -1)),
  0x74: twoEnergies(-1),
  0x76: oneEnergy(energy(NET, 0)),
  0x77: oneEnergy(energy(IMPORT, 0)),
  0x78: oneEnergy(energy(EXPORT, 0)),
  0x79: twoEnergies(0),
};

function decode(payload: Uint8Array, { heardAt }: { heardAt: number }): DecodedReading[] {
  const reader = new ByteReader(payload);
  const first = reader.u8();
  const id = first === PREFIX ? reader.u8() : first;
  const message = (first === PREFIX ? prefixed : messages)[id];
  if (message === undefined) return reader.fail(`is an unknown message ${id.toString(16)}`);
  const readings = message(reader, heardAt);
  reader.end();
  return readings;
}

const sensor = (
  name: string,
  kind: MeterKindId,
  registers: readonly RegisterId[] = ["pulses"],
): Decoder => ({
  model: `fludia/${name}`,
  version: 1,
  title: `Fludia ${name.toUpperCase()}`,
  kind,
  registers: [...new Set<RegisterId>([...registers, ...all])],
  decode,
});
/** Any of them is read by the same table. */
const all = ["pulses", IMPORT, EXPORT, NET, "temperature", "battery_low"] as const;

export const fludia: readonly Decoder[] = [
  sensor("fm432e", "electricity"),
  sensor("fm432ir", "electricity", [IMPORT, EXPORT, NET]),
  sensor("fm432g", "gas"),
  sensor("fm432p", "cold_water"),
  sensor("fm432t", "temperature", ["temperature"]),
];
