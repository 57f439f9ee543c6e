/**
 * `numbers`: numbers out of JSON, where some servers write them as text and most leave out zero.
 */
import { Fault } from "#shared/model/fault.ts";

const DECIMAL = /^-?\d+(\.\d+)?([eE][+-]?\d{1,3})?$/;

/** A finite number, from a number or decimal text; undefined when it is absent or neither. */
export function looseNumber(value: unknown): number | undefined {
  const number =
    typeof value === "string" && value.length < 40 && DECIMAL.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/**
 * A whole number within `[min, max]`; `absent` (0 unless given) when the field is left out or null.
 *
 * @throws Fault "invalid" naming `field` when it is there and no such number
 */
export function readInteger<A extends number | null = 0>(
  value: unknown,
  field: string,
  { min, max, absent }: { min: number; max: number; absent?: A },
): number | A {
  if (value === undefined || value === null) return absent === undefined ? 0 : absent;
  const number = looseNumber(value);
  if (number === undefined || !Number.isInteger(number) || number < min || number > max)
    throw new Fault("invalid", `${field} is not a whole number from ${min} to ${max}.`, { field });
  return number;
}

const asFrameCounter = { min: 0, max: 0xffffffff };
/** A frame counter; absent means 0. */
export const readFrameCounter = (value: unknown, field: string): number =>
  readInteger(value, field, asFrameCounter);

/** A port 1–255, or null: port 0 carries no application data, and absent means 0. */
export function readPort(value: unknown, field: string): number | null {
  const port = readInteger(value, field, { min: 0, max: 255 });
  return port === 0 ? null : port;
}
