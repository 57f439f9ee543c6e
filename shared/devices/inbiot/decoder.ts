/**
 * inBiot MICA, MINI, PLUS and WELL: indoor air. All send one frame; four letters in it say which
 * model speaks, and so which of its numbers are measured. Highest byte first.
 *
 * Indexes the device works out for itself (ventilation, comfort, virus, mould) are not kept.
 *
 * @see the uplink decoder that inBiot publishes; it names no unit of formaldehyde, ozone and NO₂: µg/m³ and ppb are taken, confirmed by no document
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const SETTINGS = 0;
const MEASUREMENT = 1;
const VERSIONS = 2;
/** What is sent while a sensor warms up. */
const WARMING_UP = 0xffff;
const LOUDNESS_WARMING_UP = 0xff;

/** From the simplest model on: MINI 0, MICA 1, PLUS 2, WELL 3; a device without letters is a WELL. */
const models: Readonly<Record<string, number>> = {
  MINI: 0,
  MICA: 1,
  PLUS: 2,
  WELL: 3,
  "\0\0\0\0": 3,
};
/** The numbers in the order of the frame, and the simplest model that measures them. */
const numbers: readonly (readonly [RegisterId | null, number, Unit, number])[] = [
  ["temperature", -1, "C", 0],
  ["humidity", -1, "%", 0],
  ["co2", 0, "ppm", 0],
  ["hcho", -3, "mg/m3", 2],
  ["tvoc", 0, "ppb", 1],
  ["pm1", 0, "ug/m3", 2],
  ["pm2_5", 0, "ug/m3", 1],
  [null, 0, "ug/m3", 2], // up to 4 µm
  ["pm10", 0, "ug/m3", 1],
  ["ozone", -3, "ppm", 3],
  ["nitrogen_dioxide", -3, "ppm", 3],
  ["carbon_monoxide", -1, "ppm", 3],
];

function measured(reader: ByteReader): Value[] {
  const words = numbers.map(() => reader.u16be());
  reader.skip(2); // a counter of frames
  const letters = String.fromCharCode(...reader.bytes(4));
  const model = Object.hasOwn(models, letters) ? models[letters] : undefined;
  if (model === undefined) return reader.fail("names no known model");
  reader.skip(4); // a pad, ventilation, comfort, virus
  const iaq = exact("iaq", reader.u8(), 0, "none");
  reader.skip(1); // mould
  const values = numbers.flatMap(([register, scale, unit, simplest], place) => {
    const word = words[place] ?? WARMING_UP;
    const isMeasured = register !== null && model >= simplest && word !== WARMING_UP;
    if (!isMeasured) return [];
    // Frost is told in two's complement.
    const n = register === "temperature" && word > 0x7fff ? word - 0x1_0000 : word;
    return [exact(register, n, scale, unit)];
  });
  const loudness = reader.left > 0 ? reader.u8() : 0;
  if (loudness !== 0 && loudness !== LOUDNESS_WARMING_UP)
    values.push(exact("sound", loudness, 0, "dB"));
  return [...values, iaq];
}

function decode(payload: Uint8Array): DecodedReading[] {
  const reader = new ByteReader(payload);
  const kind = reader.u8();
  if (kind === SETTINGS || kind === VERSIONS) return [];
  if (kind !== MEASUREMENT) return reader.fail(`is an unknown frame ${kind}`);
  const values = measured(reader);
  reader.end();
  return [{ values }];
}

const simple = ["temperature", "humidity", "co2", "iaq", "sound"] as const;
const all: readonly RegisterId[] = [
  ...simple,
  ...(["hcho", "tvoc", "pm1", "pm2_5", "pm10"] as const),
  ...(["ozone", "nitrogen_dioxide", "carbon_monoxide"] as const),
];

export const inbiot: readonly Decoder[] = ["mini", "mica", "plus", "well"].flatMap((name) =>
  ["lora", "lora-mdb"].map((radio) => ({
    model: `inbiot/${name}-${radio}`,
    version: 1,
    title: `inBiot ${name.toUpperCase()} LoRaWAN${radio === "lora" ? "" : " and Modbus"}`,
    kind: "temperature" as const,
    registers: all,
    decode,
  })),
);
