/**
 * Adeunis indoor sensors: Comfort, Comfort CO2, Breath, Delta P, Motion. The first byte names the
 * frame, the second is the state; samples follow, the newest first.
 *
 * How far apart samples are is a setting the frame does not tell, so that only the newest one is
 * kept. A frame's own time, where it has one, is the newest sample's.
 *
 * @see Adeunis user guides, "Uplink frames"
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const LOW_BATTERY = 0x02;
const HAS_TIME = 0x04;
/** Devices count seconds from 1 January 2013. */
const BEGIN_SECONDS = 1_356_998_400;
/** Frames of settings, versions, keep-alive and of digital inputs, which measure nothing. */
const silentFrames = [0x10, 0x11, 0x12, 0x1f, 0x20, 0x30, 0x33, 0x37, 0x51, 0x52];

interface Frame {
  /** Bytes of the frame before the first sample. */
  readonly head?: (reader: ByteReader) => Value[];
  readonly size: number;
  readonly sample: (reader: ByteReader) => Value[];
  /** An alarm carries one sample and no more. */
  readonly isAlarm?: boolean;
}
const air = (reader: ByteReader): Value[] => [
  exact("temperature", reader.i16be(), -1, "C"),
  exact("humidity", reader.u8(), 0, "%"),
];
const alarm = (reader: ByteReader): Value[] => [exact("alarm", reader.u8(), 0, "none")];
const micrograms = (register: RegisterId, reader: ByteReader) =>
  exact(register, reader.u16be(), 0, "ug/m3");

/** What is over a limit, as bits, in front of the value. */
const overLimit = (
  size: number,
  sample: (reader: ByteReader) => Value[],
  head: (reader: ByteReader) => Value[] = alarm,
): Frame => ({ head, size, sample, isAlarm: true });
const flag = (reader: ByteReader): Value[] => [exact("alarm", reader.u8() > 0 ? 1 : 0, 0, "none")];
const pascals = (reader: ByteReader) => [exact("pressure_difference", reader.i16be(), 0, "Pa")];
const millivolts = (reader: ByteReader) => [exact("voltage_input", reader.i16be(), -3, "V")];
const lit = (reader: ByteReader) => [exact("brightness", reader.u8(), 0, "%")];
const motions = (reader: ByteReader) => [exact("motion_count", reader.u16be(), 0, "count")];
const dust = (reader: ByteReader): Value[] => [
  micrograms("tvoc", reader),
  micrograms("pm10", reader),
  micrograms("pm2_5", reader),
  micrograms("pm1", reader),
];
const airAndCo2 = (reader: ByteReader): Value[] => [
  ...air(reader),
  exact("co2", reader.u16be(), 0, "ppm"),
];

const frames: Readonly<Record<number, Frame>> = {
  0x4c: { size: 3, sample: air },
  0x4d: { head: alarm, size: 3, sample: air, isAlarm: true },
  // Motion of older firmware: all motions, then those of each period with the light.
  0x4e: {
    head: motions,
    size: 3,
    sample: (reader) => {
      reader.skip(2);
      return lit(reader);
    },
  },
  0x4f: overLimit(2, (reader) => [exact("activity", reader.u16be(), 0, "none")], motions),
  0x50: overLimit(1, lit, flag),
  0x53: { size: 2, sample: pascals },
  0x54: overLimit(2, pascals, flag),
  0x55: { size: 2, sample: millivolts },
  0x56: overLimit(2, millivolts, flag),
  0x5d: overLimit(1, lit, flag),
  0x5c: {
    head: (reader) => [exact("occupied", reader.u8() > 0 ? 1 : 0, 0, "none")],
    size: 2,
    sample: (reader) => [
      exact("presence", reader.u8(), 0, "%"),
      exact("brightness", reader.u8(), 0, "%"),
    ],
  },
  0x6a: { size: 5, sample: airAndCo2 },
  0x6b: overLimit(5, airAndCo2),
  0x6d: { size: 8, sample: dust },
  0x6e: overLimit(8, dust),
};

/** All samples of a frame, the newest first; only the newest has a known time. */
export function samplesOf(payload: Uint8Array, codes: readonly number[]): DecodedReading[] {
  const reader = new ByteReader(payload);
  const code = reader.u8();
  if (silentFrames.includes(code)) return [];
  const frame = codes.includes(code) ? frames[code] : undefined;
  if (frame === undefined) return reader.fail(`is an unknown frame ${code.toString(16)}`);
  const state = reader.u8();
  const timeSize = state & HAS_TIME ? 4 : 0;
  const head = [
    exact("error_flags", state & LOW_BATTERY, 0, "none"),
    ...(frame.head?.(reader) ?? []),
  ];
  const count = (reader.left - timeSize) / frame.size;
  if (!Number.isInteger(count) || count < 1 || (frame.isAlarm === true && count !== 1))
    reader.fail("holds no whole number of samples");
  const samples = Array.from({ length: count }, () => frame.sample(reader));
  const time = timeSize > 0 ? { time: (reader.u32be() + BEGIN_SECONDS) * 1000 } : {};
  return samples.map((values, place) =>
    place === 0 ? { ...time, values: [...values, ...head] } : { values },
  );
}

const sensor = (
  name: string,
  title: string,
  codes: readonly number[],
  registers: readonly RegisterId[],
): Decoder => ({
  model: `adeunis/${name}`,
  version: 2,
  title,
  kind: "temperature",
  registers: [...registers, "error_flags"],
  decode: (payload) => samplesOf(payload, codes).slice(0, 1),
});

export const adeunisComfort = sensor(
  "comfort",
  "Adeunis Comfort",
  [0x4c, 0x4d],
  ["temperature", "humidity", "alarm"],
);
export const adeunisComfortCo2 = sensor(
  "comfort-co2",
  "Adeunis Comfort CO2",
  [0x6a, 0x6b],
  ["temperature", "humidity", "co2", "alarm"],
);
export const adeunisBreath = sensor(
  "breath",
  "Adeunis Breath",
  [0x6d, 0x6e],
  ["tvoc", "pm1", "pm2_5", "pm10", "alarm"],
);
export const adeunisDeltaP = sensor(
  "deltap",
  "Adeunis Delta P",
  [0x53, 0x54, 0x55, 0x56],
  ["pressure_difference", "voltage_input", "alarm"],
);
export const adeunisMotion = sensor(
  "motion",
  "Adeunis Motion",
  [0x4e, 0x4f, 0x50, 0x5c, 0x5d],
  ["occupied", "presence", "brightness", "alarm", "motion_count", "activity"],
);
/** Every frame of this file, for whoever compares all samples. */
export const allFrames: readonly number[] = Object.keys(frames).map(Number);
