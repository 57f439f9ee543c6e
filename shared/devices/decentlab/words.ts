/**
 * `words`: Decentlab's payload: version 2, the device's number, flags, and for each flag a group of 16-bit words.
 *
 * Words are unsigned; what can be below zero has an offset. A value that is no whole number of steps is kept to
 * ten places.
 *
 * @see Decentlab, "LoRaWAN payload documentation" of each device, protocol version 2
 */
import type { DecodedReading } from "#shared/model/decoder.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const VERSION = 2;
/** Places behind the point: one scale for a series. */
const DIGITS = 10;
/** Middle of the words that can be below zero. */
export const MIDDLE = 32_768;

/** Reads one value out of a group's words, or none. */
export type Word = (words: readonly number[]) => Value[];

/** A group of `size` words and what is in them. */
export interface Group {
  readonly size: number;
  readonly values: readonly Word[];
}
export const group = (size: number, ...values: readonly Word[]): Group => ({ size, values });

const at = (words: readonly number[], place: number): number => words[place] ?? 0;

/** The word at `place`, less `offset`, as `scale` says. */
export const word =
  (place: number, register: RegisterId, scale: number, unit: Unit, offset = 0): Word =>
  (words) => [exact(register, at(words, place) - offset, scale, unit)];
/** The same with a middle of zero. */
export const signed = (place: number, register: RegisterId, scale: number, unit: Unit): Word =>
  word(place, register, scale, unit, MIDDLE);
/** Two words, the lower first. */
export const long =
  (place: number, register: RegisterId, scale: number, unit: Unit): Word =>
  (words) => [exact(register, at(words, place) + at(words, place + 1) * 0x10000, scale, unit)];
/** Worked out of the words. */
export const real =
  (register: RegisterId, unit: Unit, of: (...words: number[]) => number): Word =>
  (words) => {
    const number = of(...words);
    if (!Number.isFinite(number)) return [];
    return [exact(register, Math.round(number * 10 ** DIGITS), -DIGITS, unit)];
  };

/** Decodes a payload of these groups. */
export function readGroups(payload: Uint8Array, groups: readonly Group[]): DecodedReading[] {
  const reader = new ByteReader(payload);
  if (reader.u8() !== VERSION) reader.fail("is of another protocol version");
  reader.skip(2); // the device's number
  const flags = reader.u16be();
  if (flags >> groups.length !== 0) reader.fail("has groups that this model does not");
  const values = groups.flatMap(({ size, values: words }, place) => {
    if (((flags >> place) & 1) === 0) return [];
    const group = Array.from({ length: size }, () => reader.u16be());
    return words.flatMap((of) => of(group));
  });
  reader.end();
  return values.length > 0 ? [{ values }] : [];
}
