/** `energy`: what Watteco's plugs and three-phase meters put into one attribute: rows of numbers, highest byte first. */
import type { RegisterId, Value } from "#shared/model/registers.ts";
import type { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const SIGN_24 = 0x800000;
const i24 = (reader: ByteReader): number => {
  const n = reader.u24be();
  return n >= SIGN_24 ? n - 2 * SIGN_24 : n;
};

/** A plug: energies, how many samples, powers. */
export function plugEnergy(reader: ByteReader): Value[] {
  const active = exact("1-0:1.8.0", i24(reader), 0, "Wh");
  const reactive = exact("1-0:3.8.0", i24(reader), 0, "varh");
  reader.skip(2);
  return [
    active,
    reactive,
    exact("1-0:1.7.0", reader.i16be(), 0, "W"),
    exact("1-0:3.7.0", reader.i16be(), 0, "var"),
  ];
}

/** Frequencies are told as a distance from this, mHz. */
const FREQUENCY_BASE = 22_232;
/** A plug's mains: frequency and voltage, each with its lowest and highest. */
export function plugQuality(reader: ByteReader): Value[] {
  const frequency = exact("1-0:14.7.0", reader.i16be() + FREQUENCY_BASE, -3, "Hz");
  reader.skip(4);
  return [frequency, exact("1-0:12.7.0", reader.u16be(), -1, "V")];
}

/** The three phases, then their sum. */
const energies = ["1-0:21.8.0", "1-0:41.8.0", "1-0:61.8.0", "1-0:1.8.0"] as const;
const powers = ["1-0:21.7.0", "1-0:41.7.0", "1-0:61.7.0", "1-0:1.7.0"] as const;
const volts = ["1-0:32.7.0", "1-0:52.7.0", "1-0:72.7.0"] as const;
const amps = ["1-0:31.7.0", "1-0:51.7.0", "1-0:71.7.0"] as const;
const SUM = 3;

/** One endpoint: energies and powers, each taken and given, active and reactive. */
function endpointEnergy(reader: ByteReader, endpoint: number): Value[] {
  const [taken = 0, given = 0, reactive = 0, reactiveGiven = 0, power = 0, powerGiven = 0] =
    Array.from({ length: 8 }, () => reader.u32be());
  const [energy, watts] = [energies[endpoint], powers[endpoint]];
  if (energy === undefined || watts === undefined) return [];
  const values = [exact(energy, taken, 0, "Wh"), exact(watts, power - powerGiven, 0, "W")];
  if (endpoint === SUM)
    values.push(
      exact("1-0:2.8.0", given, 0, "Wh"),
      exact("1-0:3.8.0", reactive, 0, "varh"),
      exact("1-0:4.8.0", reactiveGiven, 0, "varh"),
    );
  return values;
}
function phase(reader: ByteReader, place: number): Value[] {
  const [voltage, current] = [reader.u16be(), reader.u16be()];
  reader.skip(2); // angle between them
  const [v, a] = [volts[place], amps[place]];
  if (v === undefined || a === undefined) return [];
  return [exact(v, voltage, -1, "V"), exact(a, current, -1, "A")];
}
const threePhases = (reader: ByteReader): Value[] =>
  [0, 1, 2].flatMap((place) => phase(reader, place));

/** Active and reactive of each phase and of their sum. */
const rows =
  (active: readonly RegisterId[], unit: "Wh" | "W", sum: RegisterId) =>
  (reader: ByteReader): Value[] =>
    active.flatMap((register, place) => {
      const values = [exact(register, reader.i32be(), 0, unit)];
      const reactive = reader.i32be();
      if (place === SUM) values.push(exact(sum, reactive, 0, unit === "Wh" ? "varh" : "var"));
      return values;
    });

/** `cluster << 16 | attribute` → how to read it. */
export const phaseMeter: Readonly<
  Record<number, (reader: ByteReader, endpoint: number) => Value[]>
> = {
  0x800a0000: endpointEnergy,
  0x800b0000: phase,
  0x800d0000: threePhases,
  0x80100000: rows(energies, "Wh", "1-0:3.8.0"),
  0x80100001: rows(powers, "W", "1-0:3.7.0"),
};
