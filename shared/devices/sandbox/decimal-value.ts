/**
 * `decimal-value`: a script's number as a whole number and a power of ten, without a float's noise.
 *
 * A decoder computes `raw / 1000` in floats; the shortest decimal text that stands for the result
 * is what was meant. Text longer than 15 digits is the trail of float arithmetic, and is cut.
 */
import { decimalOf } from "#shared/devices/exact.ts";

/** Decimals kept; a millionth of a litre, counted in m³. */
const MOST_DECIMALS = 9;
/** Digits that every decimal number of a 64-bit float keeps. */
const SURE_DIGITS = 15;
const DECIMAL = /^[+-]?(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

export interface Decimal {
  readonly n: number;
  readonly scale: number;
}

function fromText(text: string): Decimal | undefined {
  const [found, whole = "", fraction = "", exponent = "0"] = DECIMAL.exec(text) ?? [];
  if (found === undefined || whole + fraction === "") return undefined;
  const shown = fraction.replace(/0+$/, "");
  const n = Number(whole + shown) * (text.startsWith("-") ? -1 : 1);
  const scale = Number(exponent) - shown.length;
  if (scale <= 0) return { n: n === 0 ? 0 : n, scale: n === 0 ? 0 : scale };
  return scale > SURE_DIGITS ? undefined : { n: n * 10 ** scale, scale: 0 };
}

/**
 * A number, or text that is one, exactly: at most 9 decimals, whole numbers with scale 0.
 * Undefined for everything else, also for what no safe integer can hold.
 */
export function decimalFrom(value: unknown): Decimal | undefined {
  const text = typeof value === "string" ? value.trim() : String(value);
  const isNumeric = typeof value === "number" || typeof value === "string";
  const exact = isNumeric && text.length <= 40 ? fromText(text) : undefined;
  if (exact === undefined) return undefined;
  if (
    Number.isSafeInteger(exact.n) &&
    exact.scale >= -MOST_DECIMALS &&
    digitsOf(exact.n) <= SURE_DIGITS
  )
    return exact;
  if (Number.isSafeInteger(exact.n) && exact.scale === 0) return exact;
  return rounded(Number(text));
}

const digitsOf = (n: number) => String(Math.abs(n)).length;

function rounded(float: number): Decimal | undefined {
  const sure = decimalOf(float, SURE_DIGITS);
  if (sure === undefined || !Number.isSafeInteger(sure.n) || sure.scale > 0) return undefined;
  if (sure.scale >= -MOST_DECIMALS) return sure;
  let n = Math.round(sure.n / 10 ** (-MOST_DECIMALS - sure.scale));
  let scale = n === 0 ? 0 : -MOST_DECIMALS;
  for (; scale < 0 && n % 10 === 0; scale++) n /= 10;
  return { n: n === 0 ? 0 : n, scale };
}
