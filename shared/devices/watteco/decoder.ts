/**
 * NKE Watteco: climate, air, contacts, light, plugs and three-phase meters, by reports in the form of ZigBee's cluster
 * library: who (endpoint), what (cluster and attribute), a type, a value; alarms add why at the end.
 *
 * Batches come compressed by the maker's own code (`batch`); which values stand behind their numbers is the
 * model's own. Of models whose numbers nobody has told they are refused.
 *
 * @see NKE Watteco, "LoRaWAN application layer", frame formats and clusters
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";
import { samplesIn, type Series } from "./batch.ts";
import { phaseMeter, plugEnergy, plugQuality } from "./energy.ts";

const STANDARD = 0x01;
const READ_RESPONSE = 0x01;
const CONFIGURED = 0x07;
const REPORT = 0x0a;
const ALARM = 0x8a;
/** Set in the first byte of what follows the value: why it was sent. */
const REASONS = 0x80;

/** Types of values: how to read one, as a number. */
const numberTypes: Readonly<Record<number, (reader: ByteReader) => number>> = {
  0x10: (reader) => reader.u8(),
  0x16: (reader) => reader.u8(),
  0x18: (reader) => reader.u8(),
  0x19: (reader) => reader.u16be(),
  0x20: (reader) => reader.u8(),
  0x21: (reader) => reader.u16be(),
  0x23: (reader) => reader.u32be(),
  0x28: (reader) => reader.i8(),
  0x29: (reader) => reader.i16be(),
  0x2b: (reader) => reader.i32be(),
  0x30: (reader) => reader.u8(),
  0x39: (reader) => reader.f32be(),
};
const BYTES = 0x41;
const TEXT = 0x42;

/** The value of an attribute: a number, or bytes. */
type Said = { readonly n: number } | { readonly bytes: Uint8Array };
/** What an attribute measures, by endpoint. */
type Attribute = (said: Said, endpoint: number) => Value[];

const n =
  (register: RegisterId, scale: number, unit: Unit): Attribute =>
  (said) =>
    "n" in said ? [exact(register, said.n, scale, unit)] : [];
/** One register for each endpoint, in order. */
const each =
  (registers: readonly RegisterId[], unit: Unit): Attribute =>
  (said, endpoint) => {
    const register = registers[endpoint];
    return "n" in said && register !== undefined ? [exact(register, said.n, 0, unit)] : [];
  };
const bytes =
  (read: (reader: ByteReader, endpoint: number) => Value[]): Attribute =>
  (said, endpoint) =>
    "bytes" in said ? read(new ByteReader(said.bytes), endpoint) : [];

/** Thousandths of what an analogue input measures. */
const analogue =
  (register: RegisterId, unit: Unit): Attribute =>
  (said) =>
    "n" in said ? [exact(register, Math.round(said.n * 1000), -3, unit)] : [];

/** Which supplies there are, then a voltage for each; a battery's is the one of interest. */
const RECHARGEABLE = 0x02;
const DISPOSABLE = 0x04;
const supplies = bytes((reader) => {
  reader.skip(1);
  const present = reader.u8();
  const values: Value[] = [];
  for (let bit = 1; bit <= 0x10; bit <<= 1) {
    if ((present & bit) === 0) continue;
    const millivolts = reader.u16be();
    if (bit === RECHARGEABLE || bit === DISPOSABLE)
      values.splice(0, 1, exact("battery_voltage", millivolts, -3, "V"));
  }
  return values;
});

type Clusters = Readonly<Record<number, Attribute>>;
const none: Attribute = () => [];
/** `cluster << 16 | attribute`, the same for all models. */
const common: Clusters = {
  0x00000000: none,
  0x00000001: none,
  0x00000002: none,
  0x00000005: none,
  0x00000006: none,
  0x00000010: none,
  0x00060000: n("on", 0, "none"),
  0x000f0055: each(["input", "input_2", "input_3", "input_4"], "none"),
  0x000f0400: none,
  0x000f0402: each(["pulses", "pulses_2", "pulses_3", "pulses_4"], "count"),
  0x00500004: none,
  0x00500006: supplies,
  0x00520000: bytes(plugEnergy),
  0x04000000: n("illuminance", 0, "lux"),
  0x04020000: n("temperature", -2, "C"),
  0x04030000: n("pressure", 0, "hPa"),
  0x04050000: n("humidity", -2, "%"),
  0x04060000: n("occupied", 0, "none"),
  0x80040000: none,
  0x80040001: none,
  0x80040002: none,
  0x80080000: n("pressure_difference", 0, "Pa"),
  ...Object.fromEntries(
    Object.entries(phaseMeter).map(([id, read]): [number, Attribute] => [Number(id), bytes(read)]),
  ),
  0x80520000: bytes(plugQuality),
  0x000c0055: analogue("analog", "none"),
};
const gases: Attribute = (said, endpoint) => {
  if (!("n" in said)) return [];
  return endpoint === 0 ? [exact("iaq", said.n, 0, "none")] : [exact("co2", said.n, 0, "ppm")];
};

function valueIn(reader: ByteReader): Said {
  const type = reader.u8();
  if (type === BYTES || type === TEXT) return { bytes: reader.bytes(reader.u8()) };
  const read = Object.hasOwn(numberTypes, type) ? numberTypes[type] : undefined;
  if (read === undefined) return reader.fail(`has a value of an unknown type ${type.toString(16)}`);
  const number = read(reader);
  if (!Number.isFinite(number)) reader.fail("has a value that is no number");
  return { n: number };
}

/** What a batch of a model holds: by number, how it is packed and what it measures. */
interface Batch {
  readonly tagBits: number;
  readonly values: Readonly<
    Record<number, Series & { readonly of: readonly [RegisterId, number, Unit] }>
  >;
}

/** Values of one moment are one reading; the newest come first. */
function readingsIn(payload: Uint8Array, { tagBits, values }: Batch, heardAt: number) {
  const moments = new Map<number, Map<RegisterId, Value>>();
  for (const { tag, n, agoS } of samplesIn(payload, tagBits, values)) {
    const told = values[tag];
    if (!told) continue;
    const [register, scale, unit] = told.of;
    const value = exact(register, told.type === "float" ? Math.round(n * 1000) : n, scale, unit);
    const there = moments.get(agoS);
    // Of two in one second the later stands.
    if (there) there.set(register, value);
    else moments.set(agoS, new Map([[register, value]]));
  }
  return [...moments]
    .sort(([a], [b]) => a - b)
    .map(([agoS, all]): DecodedReading => {
      // Sent right away: the moment of the uplink.
      const time = agoS === 0 ? {} : { time: heardAt - agoS * 1000 };
      return { ...time, values: [...all.values()] };
    });
}

function decode(
  payload: Uint8Array,
  own: Clusters,
  batch: Batch | undefined,
  heardAt: number,
): DecodedReading[] {
  const reader = new ByteReader(payload);
  const control = reader.u8();
  if ((control & STANDARD) === 0) {
    if (batch) return readingsIn(payload, batch, heardAt);
    reader.fail(
      "is a batch in the maker's compressed form, and what this model puts there is not known",
    );
  }
  const endpoint = ((control & 0xe0) >> 5) | ((control & 0x06) << 2);
  const command = reader.u8();
  if (command === CONFIGURED) return [];
  if (command !== REPORT && command !== ALARM && command !== READ_RESPONSE)
    reader.fail(`is an unknown command ${command.toString(16)}`);
  const cluster = reader.u16be() * 0x10000 + reader.u16be();
  // An answer that something could not be read ends here.
  if (command === READ_RESPONSE && reader.u8() !== 0) return [];
  const attribute = own[cluster] ?? common[cluster];
  if (attribute === undefined)
    reader.fail(`reports an unknown attribute ${cluster.toString(16).padStart(8, "0")}`);
  else if (attribute === none) return [];
  else {
    const values = attribute(valueIn(reader), endpoint);
    if (reader.left > 0 && ((reader.peek() ?? 0) & REASONS) === 0) reader.end();
    return values.length > 0 ? [{ values }] : [];
  }
  return [];
}

interface Model {
  readonly own?: Clusters;
  readonly batch?: Batch;
  readonly registers: readonly RegisterId[];
  readonly kind?: MeterKindId;
}
const inputs = ["input", "input_2", "input_3", "input_4"] as const;
const pulses = ["pulses", "pulses_2", "pulses_3", "pulses_4"] as const;
const climate = ["temperature", "humidity"] as const;
const phases: readonly RegisterId[] = [
  ...(["1-0:1.8.0", "1-0:2.8.0", "1-0:3.8.0", "1-0:4.8.0", "1-0:1.7.0", "1-0:3.7.0"] as const),
  ...(["1-0:21.8.0", "1-0:41.8.0", "1-0:61.8.0"] as const),
  ...(["1-0:21.7.0", "1-0:41.7.0", "1-0:61.7.0"] as const),
  ...(["1-0:32.7.0", "1-0:52.7.0", "1-0:72.7.0"] as const),
  ...(["1-0:31.7.0", "1-0:51.7.0", "1-0:71.7.0"] as const),
];
const plug: readonly RegisterId[] = [
  ...(["1-0:1.8.0", "1-0:3.8.0", "1-0:1.7.0", "1-0:3.7.0", "1-0:12.7.0", "1-0:14.7.0"] as const),
];
/** Of devices that can be torn off, the first input says so. */
const violation: Clusters = { 0x000f0055: each(["tamper"], "none") };
const contact: Clusters = { 0x000f0055: each(["tamper", "open", "open_2"], "none") };

/** By ten hundredths and by whole ones: what the maker's smallest steps are. */
const climateBatch: Batch = {
  tagBits: 2,
  values: {
    0: { type: "i16", step: 10, of: ["temperature", -2, "C"] },
    1: { type: "u16", step: 100, of: ["humidity", -2, "%"] },
    2: { type: "u16", step: 1, of: ["battery_voltage", -3, "V"] },
  },
};
const atmoBatch: Batch = {
  tagBits: 3,
  values: {
    0: { type: "i16", step: 1, of: ["temperature", -2, "C"] },
    1: { type: "u16", step: 1, of: ["humidity", -2, "%"] },
    2: { type: "i16", step: 1, of: ["pressure", 0, "hPa"] },
    3: { type: "u32", step: 1, of: ["pulses", 0, "count"] },
    4: { type: "u32", step: 1, of: ["pulses_2", 0, "count"] },
    5: { type: "u16", step: 1, of: ["battery_voltage", -3, "V"] },
  },
};
const airBatch: Batch = {
  tagBits: 3,
  values: {
    0: { type: "u8", step: 1, of: ["occupied", 0, "none"] },
    1: { type: "i16", step: 10, of: ["temperature", -2, "C"] },
    2: { type: "u16", step: 100, of: ["humidity", -2, "%"] },
    3: { type: "u16", step: 10, of: ["co2", 0, "ppm"] },
    4: { type: "u16", step: 10, of: ["iaq", 0, "none"] },
    5: { type: "u16", step: 10, of: ["illuminance", 0, "lux"] },
    6: { type: "u16", step: 10, of: ["pressure", -1, "hPa"] },
  },
};
const ventiloBatch: Batch = {
  tagBits: 3,
  values: {
    3: { type: "u16", step: 1, of: ["battery_voltage", -3, "V"] },
    4: { type: "i16", step: 10, of: ["temperature", -2, "C"] },
    5: { type: "i16", step: 1, of: ["pressure_difference", 0, "Pa"] },
    6: { type: "u32", step: 1, of: ["pulses", 0, "count"] },
    7: { type: "u1", step: 1, of: ["input", 0, "none"] },
  },
};
const plugBatch: Batch = {
  tagBits: 1,
  values: { 0: { type: "i24", step: 1, of: ["1-0:1.8.0", 0, "Wh"] } },
};
const clampBatch: Batch = {
  tagBits: 2,
  values: {
    0: { type: "float", step: null, of: ["1-0:11.7.0", -3, "A"] },
    1: { type: "u16", step: null, of: ["battery_voltage", -3, "V"] },
  },
};

/** Acceleration as a whole number; the angle as a float of thousandths of a degree. */
const inclinationBatch: Batch = {
  tagBits: 3,
  values: {
    0: { type: "u16", step: 1, of: ["impact", -3, "g"] },
    1: { type: "float", step: 0.1, of: ["angle_x", -6, "deg"] },
  },
};

const models: Readonly<Record<string, Model>> = {
  atmo: { batch: atmoBatch, registers: [...climate, "pressure", ...inputs, ...pulses] },
  climo: { batch: climateBatch, own: violation, registers: [...climate, "tamper"] },
  closo: { own: contact, registers: ["tamper", "open", "open_2", ...pulses] },
  hygrotempo: { batch: climateBatch, own: violation, registers: [...climate, "tamper", ...pulses] },
  inclino: {
    batch: inclinationBatch,
    own: { 0x000c0055: analogue("angle_x", "deg") },
    registers: ["angle_x", "impact", "occupied", ...inputs, ...pulses],
  },
  intenso: {
    batch: clampBatch,
    own: { 0x000c0055: analogue("1-0:11.7.0", "A") },
    registers: ["1-0:11.7.0"],
    kind: "electricity",
  },
  moveo: { own: violation, registers: [...climate, "occupied", "illuminance", "tamper"] },
  "pulse-senso": { registers: [...inputs, ...pulses], kind: "cold_water" },
  smartplug: { batch: plugBatch, registers: ["on", ...plug], kind: "electricity" },
  triphaso: { registers: ["on", ...inputs, ...pulses, ...phases], kind: "electricity" },
  vaqao: {
    batch: airBatch,
    own: { ...violation, 0x800c0000: gases },
    registers: [...climate, "occupied", "illuminance", "pressure", "iaq", "co2", "tamper"],
  },
  ventilo: {
    batch: ventiloBatch,
    registers: [...climate, "pressure_difference", ...inputs, ...pulses],
  },
};

/** Everything the common table may say, beside a model's own. */
const always: readonly RegisterId[] = [
  "battery_voltage",
  "on",
  "analog",
  ...inputs,
  ...pulses,
  ...plug,
  ...phases,
  ...climate,
  "illuminance",
  "pressure",
  "occupied",
  "pressure_difference",
];

export const watteco: readonly Decoder[] = Object.entries(models).map(
  ([name, { own = {}, batch, registers, kind = "temperature" }]) => ({
    model: `watteco/${name}`,
    version: 3,
    title: `NKE Watteco ${name}`,
    kind,
    registers: [...new Set([...registers, ...always])],
    decode: (payload, { heardAt }) => decode(payload, own, batch, heardAt),
  }),
);
