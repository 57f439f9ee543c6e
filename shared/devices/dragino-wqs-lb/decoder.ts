/**
 * Dragino WQS-LB: the quality of water, by whichever probes are connected, and a probe for the temperature. Port 2.
 *
 * @see Dragino WQS-LB user manual, "Uplink payload"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { Value } from "#shared/model/registers.ts";
import type { ByteReader } from "../byte-reader.ts";
import { byPort, clockTime, millivolts, status, type Message } from "../dragino-frame.ts";
import { exact } from "../exact.ts";

/** What the bits of the probes' byte stand for, the highest first; each is a word. */
const probes: readonly (readonly [bit: number, read: (word: ByteReader) => Value])[] = [
  [5, (word) => exact("turbidity", word.u16be(), -1, "none")],
  [4, (word) => exact("oxygen", word.u16be(), -2, "mg/L")],
  [3, (word) => exact("redox", word.i16be(), 0, "mV")],
  // The same water through a cell of constant 10, or 1: what comes later stands.
  [2, (word) => exact("water_conductivity", word.u16be(), 1, "uS/cm")],
  [1, (word) => exact("water_conductivity", word.u16be(), 0, "uS/cm")],
  [0, (word) => exact("ph", word.u16be(), -2, "pH")],
];
const NOT_CONNECTED = 0x7fff;
const RECORD = 11;
const PROBES_AT = 6;
const MOST_STORED = 3;

function read(reader: ByteReader, connected: number, most = probes.length): Value[] {
  const values = new Map<string, Value>();
  for (const [, of] of probes.filter(([bit]) => (connected >> bit) & 1).slice(0, most)) {
    const value = of(reader);
    values.set(value.register, value);
  }
  return [...values.values()];
}

const now: Message = (reader) => {
  const battery = millivolts(reader.u16be());
  const degrees = reader.i16be();
  const flags = reader.u8();
  const probe = degrees === NOT_CONNECTED ? [] : [exact("temperature_external", degrees, -1, "C")];
  return [
    battery,
    ...probe,
    exact("alarm", (flags >> 7) & 1, 0, "none"),
    ...read(reader, flags & 0x3f),
  ];
};

/** Up to three probes, which ones, and the time. */
const stored: Message = (reader, heardAt) => {
  if (reader.left % RECORD !== 0) reader.fail("holds no whole number of records");
  const readings = [];
  while (reader.left > 0) {
    const words = reader.fork();
    reader.skip(PROBES_AT);
    const values = read(words, reader.u8() & 0x3f, MOST_STORED);
    const time = clockTime(reader.u32be(), heardAt);
    if (time !== undefined && values.length > 0) readings.push({ time, values });
  }
  return readings;
};

export const wqsLb: Decoder = {
  model: "dragino/wqs-lb",
  version: 1,
  title: "Dragino WQS-LB",
  kind: "temperature",
  registers: [
    ...(["battery_voltage", "temperature_external", "alarm", "turbidity", "oxygen"] as const),
    ...(["redox", "water_conductivity", "ph"] as const),
  ],
  decode: byPort(2, { 2: now, 3: stored, 5: status }),
};
