/**
 * KLAX by Alpha-Omega Technology: reads an electricity meter's optical interface. A header, the number
 * of the message, then parts that tell four registers of the meter, or the last four values of one.
 * Highest byte first; floats, and whole numbers in the first firmware.
 *
 * Which registers of the meter are told is set at the device; the parts say a place (0 to 3) and a
 * unit. As delivered the first place is 1.8.0, the second 2.8.0; energies in the others go to
 * channels without a direction. Of the last four values no moment is told, but an index only grows:
 * the greatest is the newest. Modbus registers have no unit and are not kept.
 *
 * @see Alpha-Omega Technology, KLAX LoRaWAN payload, and the decoder it publishes
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { decimalOf, exact } from "../exact.ts";

const PLACES = 4;
const DATA_PORT = 3;
/** Bytes of settings after the header, by port; the search for registers is of any length. */
const settings: Readonly<Record<number, number>> = { 100: 2, 101: 2, 103: 2, 104: 13, 105: 23 };
const SEARCH = 103;
const FLOAT_DIGITS = 7;
const FULL = 100;

const energies: readonly RegisterId[] = ["1-0:1.8.0", "1-0:2.8.0", "energy_2", "energy_3"];
/** By the code of the unit: energy goes by its place, the rest by its unit. */
const WATT_HOURS = 1;
const byUnit: Readonly<Record<number, readonly [RegisterId, Unit]>> = {
  2: ["1-0:1.7.0", "W"],
  3: ["1-0:12.7.0", "V"],
  4: ["1-0:11.7.0", "A"],
  5: ["1-0:14.7.0", "Hz"],
  6: ["1-0:3.8.0", "varh"],
  7: ["1-0:3.7.0", "var"],
  9: ["1-0:9.7.0", "VA"],
};

type Form = (reader: ByteReader) => { n: number; scale: number };
const whole: Form = (reader) => ({ n: reader.i32be(), scale: 0 });
const float: Form = (reader) => {
  const value = reader.f32be();
  // An index of many digits is whole, and a float tells it exactly as far as it can.
  if (Number.isSafeInteger(value)) return { n: value, scale: 0 };
  return decimalOf(value, FLOAT_DIGITS) ?? reader.fail("has a value that is no number");
};

type Said = Map<RegisterId, Value>;

function put(said: Said, place: number, unit: number, { n, scale }: ReturnType<Form>): void {
  const energy = energies[place];
  const [register, shown] =
    unit === WATT_HOURS && energy !== undefined ? [energy, "Wh" as const] : (byUnit[unit] ?? []);
  if (register === undefined || shown === undefined || said.has(register)) return;
  said.set(register, exact(register, n, scale, shown));
}

/** Four registers of one moment. */
function moment(reader: ByteReader, said: Said, form: Form): void {
  const flags = reader.u8();
  const [first, second] = [reader.u8(), reader.u8()];
  const units = [first & 0xf, first >> 4, second & 0xf, second >> 4];
  for (const [place, unit] of units.entries()) {
    // Set below, valid above.
    const isTold = ((flags >> place) & (flags >> (place + PLACES)) & 1) === 1;
    if (isTold) put(said, place, unit, form(reader));
    else reader.skip(4);
  }
}

/** The last values of one register: of an energy the newest is known. */
function lastValues(
  reader: ByteReader,
  said: Said,
  register: { place: number; unit: number; isValid: (i: number) => boolean },
  form: Form,
): void {
  const { place, unit, isValid } = register;
  const told: ReturnType<Form>[] = [];
  for (let i = 0; i < PLACES; i++)
    if (isValid(i)) told.push(form(reader));
    else reader.skip(4);
  const number = ({ n, scale }: ReturnType<Form>) => n * 10 ** scale;
  const newest = told.toSorted((a, b) => number(b) - number(a))[0];
  if (unit === WATT_HOURS && newest !== undefined) put(said, place, unit, newest);
}

function oneRegister(reader: ByteReader, said: Said): void {
  const head = reader.u8();
  const valid = reader.u8();
  const isActive = (head & 1) === 1;
  const isValid = (i: number) => isActive && ((valid >> i) & 1) === 1;
  lastValues(reader, said, { place: (head >> 1) & 3, unit: head >> 4, isValid }, float);
}

/** Of the first firmware: two registers at once. */
function twoRegisters(reader: ByteReader, said: Said): void {
  const mask = reader.u8();
  const units = reader.u8();
  for (const shift of [0, 4]) {
    const bits = mask >> shift;
    const isTold = (bits & 1) === 1 && (bits & 8) === 8;
    const register = { place: (bits >> 1) & 3, unit: (units >> shift) & 0xf };
    lastValues(reader, said, { ...register, isValid: () => isTold }, whole);
  }
}

/** Sizes of the parts that are not kept: the meter's number, Modbus, the device's number. */
const unkept: Readonly<Record<number, number>> = { 3: 10, 4: 10, 5: 18, 6: 34, 7: 1, 8: 4 };

function part(reader: ByteReader, said: Said, version: number): void {
  const id = reader.u8();
  if (id === 1) (version === 0 ? twoRegisters : oneRegister)(reader, said);
  else if (id === 2) moment(reader, said, version === 0 ? whole : float);
  else reader.skip(unkept[id] ?? reader.fail(`has an unknown part ${id}`));
}

function decode(payload: Uint8Array, { fPort }: { fPort: number | null }): DecodedReading[] {
  const reader = new ByteReader(payload);
  const version = reader.u8() >> 2;
  const status = reader.u8();
  // Tenths in the first firmware, fifths since.
  const charge = version === 0 ? (status & 0xf) * 10 : (status & 7) * 20;
  const said: Said = new Map();
  const port = fPort ?? DATA_PORT;
  if (port === DATA_PORT) {
    reader.skip(2); // number of the message, and of how many
    while (reader.left > 0) part(reader, said, version);
  } else {
    reader.skip(settings[port] ?? reader.fail(`came on port ${port}`));
    if (port === SEARCH) reader.skip(reader.left);
    reader.end();
  }
  // More than full is a code that is not described.
  if (charge <= FULL) said.set("battery", exact("battery", charge, 0, "%"));
  return said.size === 0 ? [] : [{ values: [...said.values()] }];
}

export const klax: Decoder = {
  model: "alpha-omega-technology/klax",
  version: 1,
  title: "Alpha-Omega Technology KLAX",
  kind: "electricity",
  registers: [...energies, ...Object.values(byUnit).map(([register]) => register), "battery"],
  decode,
};
