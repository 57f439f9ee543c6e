/**
 * Radionode RN300 series: temperature and humidity, probes and a door, indoor air. The RN320s say in
 * the first byte whether they check in, tell of now, of what waited on the card, or of a door; lowest
 * byte first. The RN310 speaks in channels.
 *
 * Formaldehyde has no unit in what the maker publishes, so that it is not kept.
 *
 * @see Radionode's published decoders and examples, RN300-Series-Lorawan
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { channels, earlier, number } from "../channels.ts";
import { halfPercents, tenths } from "../milesight-channels.ts";
import { decimalOf, exact } from "../exact.ts";

const CHECK_IN = 11;
const NOW = 12;
const HELD = 13;
const EVENT = 14;
/** How a moment is told: seconds since 1970; others are not described. */
const EPOCH = 0;
/** A card that was never told the time counts from 1970; the first of these devices is of 2024. */
const CLOCK_SET_MS = Date.UTC(2024, 0, 1);
/** Below this nothing is connected. */
const NOTHING_BELOW = -9999;
const NOTHING = 0xffff;
/** Digits a float is told with where the maker does not round. */
const FLOAT_DIGITS = 7;

type Part = (reader: ByteReader) => Value[];

/** @param decimals to which the maker rounds; undefined: as many digits as a float has */
const float =
  (register: RegisterId, unit: Unit, decimals?: number): Part =>
  (reader) => {
    const value = reader.f32le();
    if (!Number.isFinite(value)) reader.fail("has a value that is no number");
    if (value < NOTHING_BELOW) return [];
    const { n, scale } =
      decimals === undefined
        ? (decimalOf(value, FLOAT_DIGITS) ?? reader.fail("has a value that is no number"))
        : { n: Math.sign(value) * Math.round(Math.abs(value) * 10 ** decimals), scale: -decimals };
    return [exact(register, n, scale, unit)];
  };
const word =
  (register: RegisterId, unit: Unit): Part =>
  (reader) => {
    const n = reader.u16le();
    return n === NOTHING ? [] : [exact(register, n, 0, unit)];
  };
const hundredths =
  (register: RegisterId, unit: Unit): Part =>
  (reader) => [exact(register, reader.i16le(), -2, unit)];
const unnamed: Part = (reader) => {
  reader.skip(2);
  return [];
};
/** 0 is closed, 99 open, below that nothing is connected. */
const door: Part = (reader) =>
  float("open", "none", 0)(reader).map(({ n }) => exact("open", n === 0 ? 0 : 1, 0, "none"));

interface Layout {
  /** 1: two bytes a value; 2: floats. */
  readonly form: 1 | 2;
  readonly parts: readonly Part[];
}

function checkIn(reader: ByteReader): DecodedReading[] {
  reader.skip(8); // model, moment of the firmware, interval, a level of 1 to 255
  const voltage = exact("battery_voltage", reader.u16le(), -3, "V");
  reader.skip(2); // band
  reader.end();
  return [{ values: [voltage] }];
}

function read(payload: Uint8Array, { form, parts }: Layout): DecodedReading[] {
  const reader = new ByteReader(payload);
  const head = reader.u8();
  if (head === CHECK_IN) return checkIn(reader);
  if (head !== NOW && head !== HELD && head !== EVENT)
    return reader.fail(`is an unknown message ${head}`);
  reader.skip(1); // model
  const clock = reader.u8();
  const time = reader.u32le() * 1000;
  const told = reader.u8();
  if (told !== form) return reader.fail(`has values of form ${told}, not ${form}`);
  const values = parts.flatMap((part) => part(reader));
  reader.end();
  if (values.length === 0) return [];
  if (head !== HELD) return [{ values }];
  // What waited is worth nothing without its moment.
  return clock === EPOCH && time >= CLOCK_SET_MS ? [{ time, values }] : [];
}

const model = (
  name: string,
  title: string,
  registers: readonly RegisterId[],
  layout: Layout,
): Decoder => ({
  model: `radionode/${name}`,
  version: 1,
  title: `Radionode ${title}`,
  kind: "temperature",
  registers: [...registers, "battery_voltage"],
  decode: (payload) => read(payload, layout),
});

const climate = [hundredths("temperature", "C"), hundredths("humidity", "%")];

export const radionode: readonly Decoder[] = [
  model("rn320bth", "RN320-BTH", ["temperature", "humidity"], {
    form: 2,
    parts: [float("temperature", "C", 2), float("humidity", "%", 2)],
  }),
  model("rn320ex2", "RN320-EX2", ["temperature", "temperature_2", "open"], {
    form: 2,
    parts: [float("temperature", "C"), float("temperature_2", "C"), door],
  }),
  model(
    "rn320pmt",
    "RN320-PMT",
    ["pm2_5", "pm10", "illuminance", "co2", "carbon_monoxide", "temperature", "humidity"],
    {
      form: 1,
      parts: [
        word("pm2_5", "ug/m3"),
        word("pm10", "ug/m3"),
        word("illuminance", "lux"),
        unnamed,
        word("co2", "ppm"),
        word("carbon_monoxide", "ppm"),
        ...climate,
      ],
    },
  ),
  {
    model: "radionode/rn310",
    version: 1,
    title: "Radionode RN310",
    kind: "temperature",
    registers: ["temperature", "humidity", "battery"],
    decode: channels({
      0x0175: number("u8", "battery", 0, "%"),
      0x0367: tenths,
      0x0468: halfPercents,
      0x20ce: earlier(tenths, halfPercents),
    }),
  },
];
