/**
 * `index-reading`: what somebody read off a counter, as they write it: `123.456`, as text or as a
 * number. Kept as a whole number and a power of ten, so that no digit is lost. Pure.
 */
import { z } from "zod";
import type { Unit } from "#shared/model/registers.ts";

/** Digits before and after the point that a counter may have. */
const INDEX = /^[0-9]{1,12}(\.[0-9]{1,6})?$/;

export const IndexReading = z
  .union([z.string(), z.number()])
  .transform((given) => (typeof given === "number" ? String(given) : given.trim()))
  .pipe(
    z
      .string()
      .regex(INDEX, 'an index is written "123.456": at most 12 digits and 6 decimals')
      .refine(
        (text) => Number.isSafeInteger(Number(text.replace(".", ""))),
        "an index has at most 15 digits",
      ),
  );

/** `"12.340"` is 12340 × 10⁻³. */
export function readOffOf(text: string): { readonly n: number; readonly scale: number } {
  const decimals = text.split(".")[1]?.length ?? 0;
  return { n: Number(text.replace(".", "")), scale: decimals === 0 ? 0 : -decimals };
}

/** `12340 × 10⁻³` is `"12.340"`. */
export function indexText(n: number, scale: number): string {
  if (scale >= 0) return String(n * 10 ** scale);
  const digits = String(Math.abs(n)).padStart(1 - scale, "0");
  const point = digits.length + scale;
  return `${n < 0 ? "-" : ""}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** What an installation keeps of its counter: both readings in one scale. */
export interface ReadOffs {
  readonly startN?: number | undefined;
  readonly endN?: number | undefined;
  readonly scale?: number | undefined;
  readonly indexUnit?: Unit | undefined;
}

/** Takes over what is told; `null` takes a reading away. Decimals of the one that stays are kept. */
export function withReadOffs(
  before: ReadOffs,
  told: {
    readonly start?: string | null | undefined;
    readonly end?: string | null | undefined;
    readonly unit?: Unit | undefined;
  },
): ReadOffs {
  const held = (n: number | undefined) =>
    n === undefined || before.scale === undefined ? undefined : { n, scale: before.scale };
  const taken = (text: string | null | undefined, n: number | undefined) =>
    text === undefined ? held(n) : text === null ? undefined : readOffOf(text);
  const start = taken(told.start, before.startN);
  const end = taken(told.end, before.endN);
  const scale = Math.min(start?.scale ?? 0, end?.scale ?? 0);
  const inScale = (one: { n: number; scale: number }) => one.n * 10 ** (one.scale - scale);
  const indexUnit = told.unit ?? before.indexUnit;
  return {
    ...(start ? { startN: inScale(start) } : {}),
    ...(end ? { endN: inScale(end) } : {}),
    ...(start || end ? { scale } : {}),
    ...(indexUnit === undefined ? {} : { indexUnit }),
  };
}
