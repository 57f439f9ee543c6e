/**
 * Dragino LSE01, SE01-LB and SE02-LB (moisture and conductivity of the soil), LSPH01 and SPH01-LB (its pH value),
 * LLMS01 and LMS01-LB (a leaf's moisture), with a probe outside. Port 2.
 *
 * @see Dragino LSE01 and LSPH01 user manuals, "Uplink payload"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Value } from "#shared/model/registers.ts";
import type { ByteReader } from "../byte-reader.ts";
import { byPort, millivolts, status, type Message } from "../dragino-frame.ts";
import { exact } from "../exact.ts";

const NOT_CONNECTED = 0x7fff;
const SIGN = 0x8000;
const FLAGS_AT = 10;
const RAW = 0x80;

function probe(reader: ByteReader): Value[] {
  const n = reader.i16be();
  return n === NOT_CONNECTED ? [] : [exact("temperature_external", n, -1, "C")];
}
/** Below zero the manual counts down from FFFF, not from 10000. */
function soilDegrees(reader: ByteReader, scale: -1 | -2): Value {
  const word = reader.u16be();
  return exact("temperature_2", word & SIGN ? word - 0xffff : word, scale, "C");
}

const flagsOf = (byte: number): Value[] => [
  exact("alarm", byte & 0x0f, 0, "none"),
  exact("sensing", (byte >> 4) & 0x07, 0, "none"),
];

const moisture: Message = (reader) => {
  const values = [
    millivolts(reader.u16be()),
    ...probe(reader),
    exact("soil_moisture", reader.u16be(), -2, "%"),
    soilDegrees(reader, -2),
    exact("soil_conductivity", reader.u16be(), 0, "uS/cm"),
  ];
  // Older firmware ends here.
  if (reader.left > 0) values.push(...flagsOf(reader.u8()));
  reader.end();
  return values;
};
/** The newer one may say what its probe measured before it was made a moisture, which nobody reads. */
const moistureOrRaw: Message = (reader, heardAt) => {
  const flags = reader.fork();
  flags.skip(FLAGS_AT);
  const byte = flags.u8();
  if ((byte & RAW) === 0) return moisture(reader, heardAt);
  return [millivolts(reader.u16be()), ...probe(reader), ...flagsOf(byte)];
};
const acidity: Message = (reader) => {
  const values = [
    millivolts(reader.u16be()),
    ...probe(reader),
    exact("ph", reader.u16be(), -2, "pH"),
    soilDegrees(reader, -1),
    exact("alarm", reader.u8(), 0, "none"),
  ];
  reader.skip(2);
  reader.end();
  return values;
};

const RAW_OF_TWO_AT = 16;
/** Two probes in the soil. */
const twoMoistures: Message = (reader) => {
  const flags = reader.fork();
  flags.skip(RAW_OF_TWO_AT);
  const byte = flags.u8();
  const values = [millivolts(reader.u16be()), ...probe(reader)];
  if ((byte & RAW) === 0)
    values.push(
      exact("soil_moisture", reader.u16be(), -2, "%"),
      soilDegrees(reader, -2),
      exact("soil_conductivity", reader.u16be(), 0, "uS/cm"),
      exact("soil_moisture_2", reader.u16be(), -2, "%"),
      { ...soilDegrees(reader, -2), register: "temperature_3" },
      exact("soil_conductivity_2", reader.u16be(), 0, "uS/cm"),
    );
  return [
    ...values,
    exact("alarm", byte & 0x0f, 0, "none"),
    exact("sensing", (byte >> 4) & 1, 0, "none"),
  ];
};
/** A leaf's dampness and temperature. */
const leaf: Message = (reader) => {
  const values = [
    millivolts(reader.u16be()),
    ...probe(reader),
    exact("leaf_moisture", reader.u16be(), -1, "%"),
    soilDegrees(reader, -1),
    exact("alarm", reader.u8(), 0, "none"),
  ];
  reader.skip(2);
  reader.end();
  return values;
};

const SOIL = ["soil_moisture", "soil_conductivity", "sensing"] as const;

const sensor = (name: string, more: readonly RegisterId[], read: Message): Decoder => ({
  model: `dragino/${name}`,
  version: 1,
  title: `Dragino ${name.toUpperCase()}`,
  kind: "temperature",
  registers: ["battery_voltage", "temperature_external", "temperature_2", "alarm", ...more],
  decode: byPort(2, { 2: read, 5: status }),
});

export const draginoSoil: readonly Decoder[] = [
  sensor("lse01", SOIL, moisture),
  sensor("lse01-114", SOIL, moisture),
  sensor("se01-lb", SOIL, moistureOrRaw),
  sensor("lsph01", ["ph"], acidity),
  sensor("sph01-lb", ["ph"], acidity),
  sensor(
    "se02-lb",
    [...SOIL, "soil_moisture_2", "soil_conductivity_2", "temperature_3"],
    twoMoistures,
  ),
  sensor("llms01", ["leaf_moisture"], leaf),
  sensor("lms01-lb", ["leaf_moisture"], leaf),
];
