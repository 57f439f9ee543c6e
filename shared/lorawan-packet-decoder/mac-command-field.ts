/**
 * One value inside a MAC command: where its bits stand, and how they become a number or a flag.
 *
 * The bytes after the command identifier are seen as one little-endian number, so a field that
 * crosses bytes is no special case.
 */
import { wholeNumber } from "./argument.ts";
import { LorawanError } from "./lorawan-error.ts";

/** A field of type `T`, `width` bits from bit `at` upwards. */
export interface Field<T extends number | boolean> {
  readonly at: number;
  readonly width: number;
  read(raw: number): T;
  /** @throws {LorawanError} `out_of_range`, `bad_argument` */
  write(value: T, name: string): number;
}

/** A whole number from 0 to `max`, by default all the bits allow. */
export function uint(at: number, width: number, max = 2 ** width - 1): Field<number> {
  return {
    at,
    width,
    read: (raw) => raw,
    write: (value, name) => wholeNumber(value, 0, max, name),
  };
}

/** A signed whole number in two's complement. */
export function int(at: number, width: number): Field<number> {
  const half = 2 ** (width - 1);
  return {
    at,
    width,
    read: (raw) => (raw >= half ? raw - 2 * half : raw),
    write: (value, name) => (wholeNumber(value, -half, half - 1, name) + 2 * half) % (2 * half),
  };
}

/** One bit. */
export function flag(at: number): Field<boolean> {
  return {
    at,
    width: 1,
    read: (raw) => raw === 1,
    write: (value, name) => {
      if (typeof value !== "boolean")
        throw new LorawanError("bad_argument", `${name} must be true or false`);
      return value ? 1 : 0;
    },
  };
}

/** A frequency in Hz, in 24 bits of 100 Hz. */
export function frequency(at: number): Field<number> {
  return {
    at,
    width: 24,
    read: (raw) => raw * 100,
    write: (value, name) => wholeNumber(value / 100, 0, 0xffffff, `${name} / 100`),
  };
}

/** One of the values listed, by its place. */
export function oneOf(at: number, width: number, values: readonly number[]): Field<number> {
  return {
    at,
    width,
    read: (raw) => values[raw]!,
    write: (value, name) => {
      const raw = values.indexOf(value);
      if (raw < 0)
        throw new LorawanError("out_of_range", `${name} must be one of ${values.join(", ")}`);
      return raw;
    },
  };
}
