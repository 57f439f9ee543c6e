/**
 * KELLER ADT1 and ARC1: pressure and temperature of pipes and levels. One message holds what the
 * connected sensors measure: which kind of connection, which of its channels, then a float for each,
 * the lowest channel first; bar and °C, highest byte first. Another tells of the device itself.
 *
 * @see KELLER, ADT1 LoRa data communication protocol
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { decimalOf, exact } from "../exact.ts";

const MEASUREMENTS = 1;
const ABOUT = 12;
const FLOAT_DIGITS = 7;
const CHANNELS = 16;

/** Register, and the power of ten from what the device says to our unit. */
type Channel = readonly [RegisterId, number, Unit];
const PD: Channel = ["pressure_difference", 5, "Pa"];
const P1: Channel = ["pressure_pipe", 2, "kPa"];
const TOB1: Channel = ["water_temperature", 0, "C"];
const BARO: Channel = ["pressure", 3, "hPa"];
const TBARO: Channel = ["ambient_temperature", 0, "C"];
const VOLT1: Channel = ["voltage_input", 0, "V"];
const VOLT2: Channel = ["voltage_input_2", 0, "V"];
const COUNTER: Channel = ["pulses", 0, "count"];
/** A second sensor, a derived value, another bus: not kept. */
const NONE = undefined;

const pair = [PD, P1, NONE, NONE, TOB1, NONE, BARO, TBARO, VOLT1, VOLT2] as const;
/** By the kind of connection, what its channels are. */
const connections: Readonly<Record<number, readonly (Channel | undefined)[]>> = {
  0: pair.slice(0, 6),
  1: pair.slice(0, 6),
  2: pair.slice(0, 8),
  3: pair.slice(0, 8),
  4: pair,
  5: pair,
  6: [...pair, NONE, NONE, NONE, NONE, COUNTER],
  7: [BARO, TBARO, VOLT1, VOLT2],
  8: [P1, TOB1, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, VOLT1, VOLT2, BARO, TBARO, COUNTER],
  9: pair,
  10: pair,
  11: [P1, TOB1, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, BARO, TBARO, COUNTER],
  13: [P1, NONE, TOB1, NONE, NONE, NONE, NONE, NONE, BARO, TBARO, VOLT1, VOLT2, COUNTER],
};

function float(reader: ByteReader, [register, power, unit]: Channel): Value[] {
  const told = decimalOf(reader.f32be(), FLOAT_DIGITS);
  if (told === undefined) return [];
  // Powers of ten move the point and round nothing.
  const scale = told.scale + power;
  return [
    scale > 0
      ? exact(register, told.n * 10 ** scale, 0, unit)
      : exact(register, told.n, scale, unit),
  ];
}

function measured(reader: ByteReader): Value[] {
  const kind = reader.u8();
  const channels = connections[kind];
  if (channels === undefined) return reader.fail(`is of an unknown connection ${kind}`);
  const told = reader.u16be();
  const values: Value[] = [];
  for (let place = 0; place < CHANNELS; place++) {
    if (((told >> place) & 1) === 0) continue;
    const channel = channels[place];
    if (channel === undefined) reader.skip(4);
    else values.push(...float(reader, channel));
  }
  return values;
}

function about(reader: ByteReader): Value[] {
  reader.skip(13); // versions, serial number, its clock
  const voltage = float(reader, ["battery_voltage", 0, "V"]);
  const charge = exact("battery", reader.u8(), 0, "%");
  return [...voltage, charge, exact("humidity", reader.u8(), 0, "%")];
}

function decode(payload: Uint8Array): DecodedReading[] {
  const reader = new ByteReader(payload);
  const code = reader.u8();
  if (code !== MEASUREMENTS && code !== ABOUT) reader.fail(`is an unknown message ${code}`);
  const values = code === MEASUREMENTS ? measured(reader) : about(reader);
  reader.end();
  return values.length === 0 ? [] : [{ values }];
}

const registers: readonly RegisterId[] = [
  ...[PD, P1, TOB1, BARO, TBARO, VOLT1, VOLT2, COUNTER].map(([register]) => register),
  ...(["battery_voltage", "battery", "humidity"] as const),
];

export const keller: readonly Decoder[] = ["adt1-box", "adt1-tube", "arc1-box", "arc1-tube"].map(
  (name) => ({
    model: `keller/${name}`,
    version: 1,
    title: `KELLER ${name.toUpperCase()}`,
    kind: "temperature",
    registers,
    decode,
  }),
);
