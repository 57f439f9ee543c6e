/**
 * `profile`: compact profiles: a row of earlier (or later) values, each as a difference from the
 * one before, at equal distances in time.
 *
 * @see EN 13757-3:2018, annex F
 */
import { ByteReader } from "../byte-reader.ts";

/** One value of a row: epoch ms, and n in the base record's unit and scale. */
export interface ProfileValue {
  readonly time: number;
  readonly n: number;
}

/** Modifiers of the value information block that announce a profile. */
export const INVERSE_PROFILE = 0x13;
export const FORWARD_PROFILES: readonly number[] = [0x1e, 0x1f];

const STEP_MS = [1000, 60_000, 3_600_000, 86_400_000] as const;
const HALF_MONTH = 253;
const MONTHS = 254;

/** The moment one step from `time`; undefined for spacings that are reserved. */
function step(time: number, unit: number, value: number, direction: 1 | -1): number | undefined {
  if (value > 0 && value <= 250) return time + direction * value * (STEP_MS[unit] ?? 0);
  const months = value === MONTHS ? [undefined, 6, 3, 1][unit] : undefined;
  if (value === HALF_MONTH || months === undefined) return undefined;
  const date = new Date(time);
  date.setUTCMonth(date.getUTCMonth() + direction * months);
  return date.getTime();
}

/** Size of the elements → what says "no value". */
const absent = (size: number, isSigned: boolean) =>
  isSigned ? -(2 ** (8 * size - 1)) : 2 ** (8 * size) - 1;

function element(reader: ByteReader, size: number, isSigned: boolean): number | undefined {
  const unsigned = reader.bytes(size).reduceRight((sum, byte) => sum * 256 + byte, 0);
  const n = isSigned && unsigned >= 2 ** (8 * size - 1) ? unsigned - 2 ** (8 * size) : unsigned;
  return n === absent(size, isSigned) ? undefined : n;
}

/**
 * The row's values in its order. It ends at the first element that has no value: what follows
 * would hang in the air.
 *
 * @param base the value and time the row begins from
 * @throws Fault "invalid" when the row's description makes no sense
 */
export function profileValues(
  bytes: Uint8Array,
  base: ProfileValue,
  isInverse: boolean,
): ProfileValue[] {
  const reader = new ByteReader(bytes);
  const control = reader.u8();
  const spacing = reader.u8();
  const size = control & 0x0f;
  const unit = (control >> 4) & 3;
  const mode = control >> 6; // 0 absolute, 1 rising, 2 falling, 3 signed
  if (size < 1 || size > 4 || reader.left % size !== 0)
    reader.fail("has a profile of an unknown form");
  const direction = isInverse ? -1 : 1;
  const sign = (mode === 2 ? -1 : 1) * direction;
  const values: ProfileValue[] = [];
  let { time, n } = base;
  while (reader.left > 0) {
    const change = element(reader, size, mode === 3);
    const next = step(time, unit, spacing, direction);
    if (change === undefined || next === undefined) break;
    n = mode === 0 ? change : n + sign * change;
    if (n < 0 && mode !== 3) reader.fail("has a profile that goes below zero");
    time = next;
    values.push({ time, n });
  }
  return values;
}
