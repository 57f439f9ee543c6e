/**
 * `exact`: values as whole numbers and a power of ten, so that an index is never rounded.
 */
import { Fault } from "#shared/model/fault.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";

/**
 * `n` × 10^`scale` `unit` in `register`.
 *
 * @throws Fault "invalid" when `n` is no safe integer: no meter counts that far, so the bytes are wrong
 */
export function exact(register: RegisterId, n: number, scale: number, unit: Unit): Value {
  if (!Number.isSafeInteger(n))
    throw new Fault("invalid", `The payload's value for ${register} is no usable number.`, {
      register,
    });
  return { register, n: n === 0 ? 0 : n, scale, unit };
}

/**
 * A binary float as `n` × 10^`scale`, to as many digits as a float of that size holds
 * (7 for 32 bits, 15 for 64), without zeros behind the point. Undefined for NaN and infinity.
 */
export function decimalOf(float: number, digits: number): { n: number; scale: number } | undefined {
  if (!Number.isFinite(float)) return undefined;
  if (float === 0) return { n: 0, scale: 0 };
  const [mantissa = "0", exponent = "0"] = float.toExponential(digits - 1).split("e");
  const fraction = (mantissa.split(".")[1] ?? "").replace(/0+$/, "");
  const whole = mantissa.split(".")[0] ?? "0";
  const scale = Number(exponent) - fraction.length;
  const n = Number(whole + fraction);
  // Whole numbers stay whole: 170, not 17 × 10, so that a series keeps one scale.
  const isWhole = scale > 0 && scale + fraction.length + whole.length <= digits;
  return isWhole ? { n: n * 10 ** scale, scale: 0 } : { n, scale };
}
