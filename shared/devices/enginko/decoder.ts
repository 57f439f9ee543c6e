/**
 * Enginko (formerly MCF88): indoor air, plugs and meters at a socket, weather stations. The first byte
 * says what is told; lowest byte first. Frames of indoor air hold two or three measurements, each
 * with its own moment, told to two seconds in 32 bits.
 *
 * What the air's sensor says of volatile compounds is an index in older frames and ppb in newer ones.
 *
 * @see the uplink decoders that Enginko publishes, and its "MCF-LW12TER", "MCF-LW12MET" payloads
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

/** A clock that was never set counts from 2000. */
const CLOCK_SET_MS = Date.UTC(2018, 0, 1);
/** A metering frame without powers, voltage and current. */
const SHORT_METERING = 21;

type Part = (reader: ByteReader) => Value[];

const word =
  (register: RegisterId, scale: number, unit: Unit): Part =>
  (reader) => [exact(register, reader.u16le(), scale, unit)];
const signed =
  (register: RegisterId, scale: number, unit: Unit): Part =>
  (reader) => [exact(register, reader.i16le(), scale, unit)];
const long =
  (register: RegisterId, unit: Unit): Part =>
  (reader) => [exact(register, reader.i32le(), 0, unit)];

const climate: readonly Part[] = [
  signed("temperature", -2, "C"),
  (reader) => [exact("humidity", reader.u8() * 5, -1, "%")],
  (reader) => [exact("pressure", reader.u24le(), -2, "hPa")],
];
const light = word("illuminance", 0, "lux");
const airIndex = word("iaq", 0, "none");
const airDensity: Part = (reader) => [exact("tvoc", reader.u24le(), 0, "ppb")];
const carbonDioxide = signed("co2", 0, "ppm");
const particles: readonly Part[] = [
  word("pm1", 0, "ug/m3"),
  word("pm2_5", 0, "ug/m3"),
  word("pm10", 0, "ug/m3"),
];
const battery: Part = (reader) => [exact("battery", reader.u8(), 0, "%")];
const all = (reader: ByteReader, parts: readonly Part[]) => parts.flatMap((part) => part(reader));

/** Epoch ms; undefined when the clock was never set or the bits are no date. */
function moment(reader: ByteReader): number | undefined {
  const bits = reader.u32le();
  const [month, day] = [(bits >>> 21) & 0xf, (bits >>> 16) & 0x1f];
  const [hour, minute, second] = [(bits >>> 11) & 0x1f, (bits >>> 5) & 0x3f, (bits & 0x1f) * 2];
  const ms = Date.UTC(2000 + (bits >>> 25), month - 1, day, hour, minute, second);
  const isDate = new Date(ms).getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return isDate && ms >= CLOCK_SET_MS ? ms : undefined;
}

/** One moment; without a clock it is now. */
function once(reader: ByteReader, parts: readonly Part[]): DecodedReading[] {
  const time = moment(reader);
  const values = all(reader, parts);
  return [time === undefined ? { values } : { time, values }];
}

/** Several moments, then the battery; what follows is kept free by the maker. */
const several =
  (count: number, parts: readonly Part[]) =>
  (reader: ByteReader): DecodedReading[] => {
    const told = Array.from({ length: count }, () => once(reader, parts)).flat();
    const charge = battery(reader);
    reader.skip(reader.left);
    return told.map((reading, i) =>
      i === 0 ? { ...reading, values: [...reading.values, ...charge] } : reading,
    );
  };

function metering(reader: ByteReader, size: number): DecodedReading[] {
  const energies = [long("1-0:1.8.0", "Wh"), long("1-0:3.8.0", "varh"), long("1-0:9.8.0", "VAh")];
  const activation: Part = (rest) => [exact("operating_time", rest.u32le(), 0, "s")];
  const frequency: Part = (rest) => {
    const microseconds = rest.u16le();
    return microseconds === 0
      ? []
      : [exact("1-0:14.7.0", Math.round(100_000_000 / microseconds), -2, "Hz")];
  };
  const moments: readonly Part[] = [
    signed("1-0:1.7.0", 0, "W"),
    signed("1-0:3.7.0", 0, "var"),
    signed("1-0:9.7.0", 0, "VA"),
    word("1-0:12.7.0", -1, "V"),
    word("1-0:11.7.0", -3, "A"),
    frequency,
  ];
  return once(reader, [...energies, ...(size <= SHORT_METERING ? [] : moments), activation]);
}

/** To two digits, as the maker rounds what it converts. */
const converted = (register: RegisterId, value: number, unit: Unit) =>
  exact(register, Math.round(value * 100), -2, unit);

function weather(reader: ByteReader): DecodedReading[] {
  reader.skip(2);
  const values = [
    converted("pressure", (reader.u16le() / 1000) * 33.863886666667, "hPa"), // inches of mercury
    converted("temperature", (reader.i16le() / 10 - 32) / 1.8, "C"),
    converted("wind_speed", reader.u8() * 0.44704, "m/s"), // miles an hour
  ];
  reader.skip(1); // wind of ten minutes
  values.push(exact("wind_direction", reader.u16le(), 0, "deg"));
  values.push(exact("humidity", reader.u8(), 0, "%"));
  reader.skip(reader.left); // rain, sun, soil, leaves, forecast
  return [{ values }];
}

function report(reader: ByteReader): DecodedReading[] {
  const kind = reader.u8() >> 4;
  if (kind === 1 || kind === 4) {
    reader.skip(reader.left); // what a Modbus device answered, in pieces
    return [];
  }
  const form = reader.u8();
  if (kind === 2 && form === 0) return weather(reader);
  if (kind === 2 && form === 1) return once(reader, particles);
  if (kind !== 3 || form !== 0) return reader.fail(`is an unknown report ${kind}/${form}`);
  const [reading] = once(reader, [...climate, ...particles]);
  const charge = reader.left > 0 ? battery(reader) : [];
  return reading ? [{ ...reading, values: [...reading.values, ...charge] }] : [];
}

function inputs(reader: ByteReader): DecodedReading[] {
  const readings = once(reader, [(rest) => [exact("states", rest.u32le(), 0, "none")]]);
  reader.skip(8); // outputs, and which input set it off
  return readings;
}

type Frame = (reader: ByteReader, size: number) => DecodedReading[];
const frames: Readonly<Record<number, Frame>> = {
  // Asks for the time.
  0x01(reader) {
    reader.skip(9);
    reader.skip(reader.left);
    return [];
  },
  0x04: several(3, climate),
  0x09: metering,
  0x0a: inputs,
  0x0b: report,
  0x0c: several(2, [...climate, light, airIndex]),
  0x0e: several(2, [...climate, light, airIndex, carbonDioxide]),
  0x12: several(2, [...climate, light, airDensity]),
  0x13: several(2, [...climate, light, airDensity, carbonDioxide]),
};

/** Everything a frame says, in its order, where its time is unknown too. */
export function enginkoSamples(payload: Uint8Array): DecodedReading[] {
  const reader = new ByteReader(payload);
  const id = reader.u8();
  const frame = frames[id];
  if (frame === undefined) return reader.fail(`is an unknown frame ${id}`);
  const readings = frame(reader, payload.length);
  reader.end();
  return readings;
}

function decode(payload: Uint8Array): DecodedReading[] {
  const told = enginkoSamples(payload);
  if (told.length < 2) return told;
  const charge = told.flatMap(({ values }) => values.filter(({ register: r }) => r === "battery"));
  // Of several moments those count that are known, and one moment once.
  const dated = [...new Map(told.map((reading) => [reading.time, reading])).values()]
    .filter(({ time }) => time !== undefined)
    .toSorted((a, b) => (b.time ?? 0) - (a.time ?? 0));
  const [newest, ...older] = dated.map(({ time, values }) => ({
    ...(time === undefined ? {} : { time }),
    values: values.filter(({ register: r }) => r !== "battery"),
  }));
  if (newest === undefined) return [{ values: charge }];
  return [{ ...newest, values: [...newest.values, ...charge] }, ...older];
}

const model = (
  name: string,
  title: string,
  kind: MeterKindId,
  registers: readonly RegisterId[],
): Decoder => ({
  model: `enginko/${name}`,
  version: 1,
  title: `Enginko ${title}`,
  kind,
  registers,
  decode,
});

const air: readonly RegisterId[] = [
  ...(["temperature", "humidity", "pressure", "illuminance", "co2", "tvoc", "iaq"] as const),
  ...(["pm1", "pm2_5", "pm10", "wind_speed", "wind_direction"] as const),
];
const electric: readonly RegisterId[] = [
  ...(["1-0:1.8.0", "1-0:3.8.0", "1-0:9.8.0", "1-0:1.7.0", "1-0:3.7.0", "1-0:9.7.0"] as const),
  ...(["1-0:12.7.0", "1-0:11.7.0", "1-0:14.7.0", "operating_time"] as const),
];
/** Any device may send any frame. */
const registers: readonly RegisterId[] = [...air, ...electric, "states", "battery"];

export const enginko: readonly Decoder[] = [
  ...["ter", "terpm", "terwp", "voc", "co2", "co2e"].map((name) =>
    model(`mcf-lw12${name}`, `MCF-LW12${name.toUpperCase()}`, "temperature", registers),
  ),
  ...["lw06davk", "lw06davpk", "lwws00", "lwws01", "lwws02", "lwws03"].map((name) =>
    model(`mcf-${name}`, `MCF-${name.toUpperCase()}`, "temperature", registers),
  ),
  model("mcf-lw12met", "MCF-LW12MET", "electricity", registers),
  model("mcf-lw12plg", "MCF-LW12PLG", "electricity", registers),
  model("egk-lw22plg", "EGK-LW22PLG", "electricity", registers),
];
