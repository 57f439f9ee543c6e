/**
 * What every function asks of its arguments before it works with them.
 *
 * A caller in plain JavaScript, or one with data from outside, gets a `LorawanError` with a code
 * instead of a TypeError from somewhere inside.
 */
import { LorawanError } from "./lorawan-error.ts";

/** @throws {LorawanError} `out_of_range` unless `value` is a whole number from `min` to `max`. */
export function wholeNumber(value: number, min: number, max: number, name: string): number {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new LorawanError("out_of_range", `${name} must be a whole number from ${min} to ${max}`);
  }
  return value;
}

/** @throws {LorawanError} `bad_argument` unless `value` is a Uint8Array (a Buffer is one). */
export function byteArray(value: Uint8Array, name: string): Uint8Array {
  if (!(value instanceof Uint8Array))
    throw new LorawanError("bad_argument", `${name} must be a Uint8Array`);
  return value;
}

/** @throws {LorawanError} `bad_argument` unless `value` is an object. */
export function objectValue<T extends object>(value: T, name: string): T {
  if (typeof value !== "object" || value === null)
    throw new LorawanError("bad_argument", `${name} must be an object`);
  return value;
}

/** The highest 32-bit frame counter. */
export const MAX_FCNT = 0xffff_ffff;
