/**
 * Nexelec: indoor air (Feel, Rise, Move, Sign; Carbon) and smoke detectors (Guard, Origin). The first
 * byte says the product, the second the message, the rest is packed by bits, highest first; the
 * Carbon has half a byte for each.
 *
 * The logs of the newer ones tell a period, and not which end is the newest: not kept. What was lowest
 * and highest on a day gone by is not kept either.
 *
 * @see the uplink decoders that Nexelec publishes
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import { bits } from "../bits.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const fail = (payload: Uint8Array, what: string) => new ByteReader(payload).fail(what);

/** A field of bits; its three greatest values mean an error, a sensor cut off or switched off. */
interface Field {
  readonly register: RegisterId;
  readonly from: number;
  readonly width: number;
  readonly scale: number;
  readonly unit: Unit;
  readonly factor?: number;
  readonly offset?: number;
}
const CODES = 3;

function values(payload: Uint8Array, fields: readonly Field[], codes = CODES): Value[] {
  return fields.flatMap(({ register, from, width, scale, unit, factor = 1, offset = 0 }) => {
    const n = bits(payload, from, width);
    return n >= 2 ** width - codes ? [] : [exact(register, n * factor + offset, scale, unit)];
  });
}

// Tenths above -30 °C.
const celsius = { register: "temperature", width: 10, scale: -1, unit: "C", offset: -300 } as const;
const periodic: readonly Field[] = [
  { ...celsius, from: 16 },
  { register: "humidity", from: 26, width: 10, scale: -1, unit: "%" },
  { register: "co2", from: 36, width: 14, scale: 0, unit: "ppm" },
  { register: "tvoc", from: 50, width: 14, scale: 0, unit: "ug/m3" },
  { register: "illuminance", from: 64, width: 10, scale: 0, unit: "lux", factor: 5 },
  { register: "sound", from: 75, width: 7, scale: 0, unit: "dB" },
  { register: "sound_max", from: 82, width: 7, scale: 0, unit: "dB" },
  { register: "presence", from: 89, width: 7, scale: 0, unit: "%" },
];
/** Excellent, fair, bad; the others are kept free, and 7 is an error. */
const GRADES: readonly number[] = [0, 2, 4];

function quality(payload: Uint8Array): Value[] {
  const grade = bits(payload, 96, 3);
  return GRADES.includes(grade) ? [exact("iaq", grade, 0, "none")] : [];
}

const READING = 1;
const STATUS = 5;
const SETTINGS = 6;
/** The product and the message, the number of records, their period, the repetitions. */
const LOG_HEAD = 36;
const logs: Readonly<Record<number, Field>> = {
  2: { register: "co2", from: 0, width: 10, scale: 0, unit: "ppm", factor: 5 },
  3: { ...celsius, from: 0 },
  4: { register: "humidity", from: 0, width: 10, scale: -1, unit: "%" },
};

const isOf = (payload: Uint8Array, products: readonly number[]) =>
  products.includes(bits(payload, 0, 8));
const air = [0xa9, 0xaa, 0xab, 0xac, 0xad];

/** Everything an air sensor's message says, where its time is unknown too. */
export function nexelecAirSamples(payload: Uint8Array): DecodedReading[] {
  if (!isOf(payload, air)) fail(payload, "is of another product");
  const message = bits(payload, 8, 8);
  if (message === READING) return [{ values: [...values(payload, periodic), ...quality(payload)] }];
  if (message === STATUS) {
    const fives = bits(payload, 34, 10);
    // On a mains supply the battery is not measured.
    const isMeasured = fives < 1022;
    return [{ values: isMeasured ? [exact("battery_voltage", fives * 5, -3, "V")] : [] }];
  }
  if (message === SETTINGS) return [];
  const log = logs[message];
  if (log === undefined) return fail(payload, `is an unknown message ${message}`);
  return Array.from({ length: bits(payload, 16, 6) }, (_, i) => ({
    values: values(payload, [{ ...log, from: LOG_HEAD + i * log.width }], 1),
  }));
}

function readAir(payload: Uint8Array): DecodedReading[] {
  const told = nexelecAirSamples(payload);
  const isLog = logs[bits(payload, 8, 8)] !== undefined;
  return isLog ? [] : told.filter((reading) => reading.values.length > 0);
}

const detectors = [0xb1, 0xb2, 0xb3, 0xb4];
const ERROR_CODES = 2;
const halves = { register: "humidity", width: 8, scale: -1, unit: "%", factor: 5 } as const;
const state = (register: RegisterId, n: number) => exact(register, n, 0, "none");
/** Whether it was taken from its base: not there, there, just taken, just put back, never there. */
const taken: readonly (0 | 1 | undefined)[] = [1, 0, 1, 0, undefined];
const LOW = 2;

function detectorStatus(payload: Uint8Array): Value[] {
  const tamper = taken[bits(payload, 43, 3)];
  return [
    ...(tamper === undefined ? [] : [state("tamper", tamper)]),
    // Its smoke sensor is at fault, its thermometer is.
    state("error_flags", bits(payload, 40, 2)),
    state("battery_low", bits(payload, 46, 2) >= LOW ? 1 : 0),
    exact("battery_voltage", bits(payload, 48, 8) * 5 + 2000, -3, "V"),
  ];
}

function readDetector(payload: Uint8Array): DecodedReading[] {
  if (!isOf(payload, detectors)) fail(payload, "is of another product");
  switch (bits(payload, 8, 8)) {
    case 0:
      return [{ values: detectorStatus(payload) }];
    case 2: {
      const temperature = values(payload, [{ ...celsius, from: 39 }], ERROR_CODES);
      return [{ values: [state("smoke", bits(payload, 16, 2)), ...temperature] }];
    }
    case 4: {
      const climate = [
        ...values(payload, [{ ...celsius, from: 16 }], ERROR_CODES),
        ...values(payload, [{ ...halves, from: 26 }], 1),
      ];
      return climate.length === 0 ? [] : [{ values: climate }];
    }
    case 1: // settings
    case 3: // of the day
    case 5: // a log
      return [];
    default:
      return fail(payload, "is an unknown message");
  }
}

const CARBON = 7;
const MINUTES_10 = 600_000;
/** Carbon dioxide in twenties, temperature in fifths, humidity in halves. */
const carbonClimate = (payload: Uint8Array, from: number): Value[] => [
  exact("co2", bits(payload, from, 8) * 20, 0, "ppm"),
  exact("temperature", bits(payload, from + 8, 8) * 2, -1, "C"),
  exact("humidity", bits(payload, from + 16, 8) * 5, -1, "%"),
];

function readCarbon(payload: Uint8Array, { heardAt }: { heardAt: number }): DecodedReading[] {
  if (bits(payload, 0, 4) !== CARBON) fail(payload, "is of another product");
  switch (bits(payload, 4, 4)) {
    case 2:
      return [{ values: carbonClimate(payload, 8) }];
    case 5: {
      const step = bits(payload, 80, 4) * MINUTES_10;
      const older = [1, 2].map((ago) => ({
        time: heardAt - ago * step,
        values: carbonClimate(payload, 8 + (2 - ago) * 24),
      }));
      return [{ values: carbonClimate(payload, 56) }, ...(step > 0 ? older : [])];
    }
    case 6:
      return [{ values: [exact("temperature", bits(payload, 8, 8) * 2, -1, "C")] }];
    case 7:
      return [{ values: [exact("co2", bits(payload, 8, 8) * 20, 0, "ppm")] }];
    case 3: // its status
    case 4: // a button
    case 8: // settings
    case 9:
    case 10: // it lives
      return [];
    default:
      return fail(payload, "is an unknown message");
  }
}

const device = (
  name: string,
  title: string,
  registers: readonly RegisterId[],
  decode: Decoder["decode"],
): Decoder => ({
  model: `nexelec/${name}`,
  version: 1,
  title: `Nexelec ${title}`,
  kind: "temperature",
  registers,
  decode,
});
const airRegisters: readonly RegisterId[] = [
  ...(["temperature", "humidity", "co2", "tvoc", "iaq", "illuminance", "sound"] as const),
  ...(["sound_max", "presence", "battery_voltage"] as const),
];
const detectorRegisters: readonly RegisterId[] = [
  ...(["smoke", "temperature", "humidity", "tamper", "error_flags"] as const),
  ...(["battery_low", "battery_voltage"] as const),
];

export const nexelec: readonly Decoder[] = [
  device("feel", "Feel", airRegisters, readAir),
  device("rise", "Rise", airRegisters, readAir),
  device("move", "Move", airRegisters, readAir),
  device("sign", "Sign", airRegisters, readAir),
  device("guard", "Guard", detectorRegisters, readDetector),
  device("guard-plus", "Guard+", detectorRegisters, readDetector),
  device("origin", "Origin", detectorRegisters, readDetector),
  device("origin-plus", "Origin+", detectorRegisters, readDetector),
  device("carbon", "Insafe Carbon", ["co2", "temperature", "humidity"], readCarbon),
];
