/**
 * `measured-values`: values out of the named numbers that smart devices publish as JSON.
 */
import { createHash } from "node:crypto";
import { decimalOf } from "#shared/devices/exact.ts";
import { Fault } from "#shared/model/fault.ts";
import { DeviceId } from "#shared/model/ids.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import { looseNumber } from "./numbers.ts";

/** A name's register; its number counts 10^`scale` (0 unless given) of `unit`. */
export interface NamedValue {
  readonly register: RegisterId;
  readonly unit: Unit;
  readonly scale?: number;
}

/** One number as a value, kept to the 15 digits a JSON number has; undefined when it is none. */
export function valueFrom(
  number: unknown,
  { register, unit, scale = 0 }: NamedValue,
): Value | undefined {
  const decimal = decimalOf(looseNumber(number) ?? Number.NaN, 15);
  if (decimal === undefined || !Number.isSafeInteger(decimal.n)) return undefined;
  return { register, n: decimal.n, scale: decimal.scale + scale, unit };
}

/** The values of all names of `table` that `fields` has a number for. */
export function valuesFrom(
  fields: Readonly<Record<string, unknown>>,
  table: Readonly<Record<string, NamedValue>>,
): Value[] {
  return Object.entries(table).flatMap(([name, named]) =>
    Object.hasOwn(fields, name) ? (valueFrom(fields[name], named) ?? []) : [],
  );
}

/** Yes and no, in the words devices use, as 1 and 0; undefined for anything else. */
export function flagFrom(value: unknown): 0 | 1 | undefined {
  const word = typeof value === "string" ? value.toLowerCase() : value;
  if (word === true || word === 1 || word === "on" || word === "true") return 1;
  return word === false || word === 0 || word === "off" || word === "false" ? 0 : undefined;
}

const digest = (text: string, digits: number) =>
  createHash("sha256").update(text).digest("hex").slice(0, digits);

/** In lower case, of what an id may hold; letters it may not hold leave a mark of theirs behind. */
function plain(part: string): string {
  const kept = part
    .toLowerCase()
    .replaceAll(/[^a-z0-9._]+/g, "-")
    .replace(/^[-._]+|[-._]+$/g, "");
  const isWhole = /^[\x20-\x7e]*$/.test(part);
  return isWhole ? kept : [kept, digest(part, 8)].filter((piece) => piece !== "").join("-");
}

/** Longest id, characters. */
const MOST_CHARS = 63;

/**
 * The id of a device that has no DevEUI: `x-`, its family, then what tells it apart, in lower case.
 * Of a long one the end is a mark of the whole.
 *
 * @throws Fault "invalid" when nothing tells it apart
 */
export function sourceId(family: string, ...parts: readonly string[]): DeviceId {
  const names = parts.map(plain);
  const whole = `x-${[plain(family), ...names].join("-")}`;
  const text =
    whole.length <= MOST_CHARS ? whole : `${whole.slice(0, MOST_CHARS - 13)}-${digest(whole, 12)}`;
  const id = DeviceId.safeParse(text);
  if (!id.success || names.length === 0 || names.includes(""))
    throw new Fault("invalid", "The message does not say which device it is from.", {
      field: "topic",
    });
  return id.data;
}
