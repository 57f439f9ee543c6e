/**
 * EMU Professional II: an electricity meter, in a message made of the values asked for at the meter. Each is a number
 * and what it counts, lowest byte first, between the logger's time and a checksum.
 *
 * The meter counts by tariff; the total of a direction is their sum and is given when both stand in one message.
 *
 * @see EMU Electronic, "EMU Professional II LoRaWAN: payload description"
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

/** A message of one or two bytes only says that the meter is there. */
const ALIVE = 2;
const TIME = 0x01;

type Read = (reader: ByteReader) => number;
const u32: Read = (reader) => reader.u32le();
const i32: Read = (reader) => reader.i32le();
/** No meter counts past 2^53: `exact` refuses what does. */
const u64: Read = (reader) => {
  const low = reader.u32le();
  return reader.u32le() * 2 ** 32 + low;
};
type Entry = readonly [read: Read, register: RegisterId, scale: number, unit: Unit];

const ENERGIES = [
  "1-0:1.8.1",
  "1-0:1.8.2",
  "1-0:2.8.1",
  "1-0:2.8.2",
  "1-0:3.8.1",
  "1-0:3.8.2",
  "1-0:4.8.1",
  "1-0:4.8.2",
] as const satisfies readonly RegisterId[];
const energies = (first: number, read: Read, active: Unit, reactive: Unit) =>
  Object.fromEntries(
    ENERGIES.map((register, place): [number, Entry] => [
      first + place,
      [read, register, 0, place < 4 ? active : reactive],
    ]),
  );

const entries: Readonly<Record<number, Entry>> = {
  ...energies(0x03, u32, "Wh", "varh"),
  0x0b: [i32, "1-0:1.7.0", 0, "W"],
  0x0c: [i32, "1-0:21.7.0", 0, "W"],
  0x0d: [i32, "1-0:41.7.0", 0, "W"],
  0x0e: [i32, "1-0:61.7.0", 0, "W"],
  0x0f: [i32, "1-0:11.7.0", -3, "A"],
  0x10: [i32, "1-0:31.7.0", -3, "A"],
  0x11: [i32, "1-0:51.7.0", -3, "A"],
  0x12: [i32, "1-0:71.7.0", -3, "A"],
  0x13: [i32, "current_neutral", -3, "A"],
  0x14: [i32, "1-0:32.7.0", -1, "V"],
  0x15: [i32, "1-0:52.7.0", -1, "V"],
  0x16: [i32, "1-0:72.7.0", -1, "V"],
  0x17: [(reader) => reader.i8(), "1-0:33.7.0", -2, "none"],
  0x18: [(reader) => reader.i8(), "1-0:53.7.0", -2, "none"],
  0x19: [(reader) => reader.i8(), "1-0:73.7.0", -2, "none"],
  0x1a: [(reader) => reader.i16le(), "1-0:14.7.0", -1, "Hz"],
  0x1b: [i32, "power_mean", 0, "W"],
  ...energies(0x1c, u32, "kWh", "kvarh"),
  ...energies(0x24, u64, "Wh", "varh"),
  0xf0: [(reader) => reader.u8(), "error_flags", 0, "none"],
};
/** What measures nothing, by its number: transformers, serial numbers, versions. */
const asides: Readonly<Record<number, number>> = Object.fromEntries([
  ...[0x00, 0x02, 0xf1, 0xf2].map((number) => [number, 4]),
  ...[0xf3, 0xf4, 0xf5, 0xf6].map((number) => [number, 2]),
  [0xf7, 1],
  ...[0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe].map((number) => [number, 4]),
]);

/** CRC-8 with the polynomial x⁸ + x² + x + 1, beginning with 0. */
function checksum(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x80 ? 0x07 : 0)) & 0xff;
  }
  return crc;
}

const totals: readonly (readonly [total: RegisterId, RegisterId, RegisterId])[] = [
  ["1-0:1.8.0", "1-0:1.8.1", "1-0:1.8.2"],
  ["1-0:2.8.0", "1-0:2.8.1", "1-0:2.8.2"],
  ["1-0:3.8.0", "1-0:3.8.1", "1-0:3.8.2"],
  ["1-0:4.8.0", "1-0:4.8.1", "1-0:4.8.2"],
];
function sums(values: ReadonlyMap<RegisterId, Value>): Value[] {
  return totals.flatMap(([total, first, second]) => {
    const [one, two] = [values.get(first), values.get(second)];
    const areAlike = one !== undefined && two !== undefined && one.unit === two.unit;
    return areAlike ? [exact(total, one.n + two.n, one.scale, one.unit)] : [];
  });
}

function decode(payload: Uint8Array): DecodedReading[] {
  if (payload.length <= ALIVE) {
    if (payload.length === 0) new ByteReader(payload).fail("is empty");
    return [];
  }
  if (checksum(payload.subarray(0, -1)) !== payload.at(-1))
    new ByteReader(payload).fail("does not match its checksum");
  const reader = new ByteReader(payload.subarray(0, -1));
  // Seconds since 1970, of the logger; the meter's own, where it sends one, is nearer to the values.
  let time = reader.u32le();
  const values = new Map<RegisterId, Value>();
  while (reader.left > 0) {
    const id = reader.u8();
    const entry = Object.hasOwn(entries, id) ? entries[id] : undefined;
    const aside = asides[id];
    if (id === TIME) time = reader.u32le();
    else if (entry !== undefined) {
      const [read, register, scale, unit] = entry;
      values.set(register, exact(register, read(reader), scale, unit));
    } else if (aside === undefined) reader.fail(`has an unknown value ${id.toString(16)}`);
    else reader.skip(aside);
  }
  const all = [...values.values(), ...sums(values)];
  return all.length > 0 ? [{ time: time * 1000, values: all }] : [];
}

export const emuProfessional: Decoder = {
  model: "emu/professional-ii",
  version: 1,
  title: "EMU Professional II",
  kind: "electricity",
  registers: [
    ...new Set([
      ...Object.values(entries).map(([, register]) => register),
      ...totals.map(([total]) => total),
    ]),
  ],
  decode,
};
