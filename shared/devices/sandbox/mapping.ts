/**
 * `mapping`: from the names a maker's decoder gives its fields to registers and units.
 *
 * Proposed by `propose-mapping.ts`, confirmed by a person, applied to every answer. Whole numbers
 * all the way: a value is never rounded by a float.
 */
import type { DecodedReading } from "#shared/model/decoder.ts";
import { Fault } from "#shared/model/fault.ts";
import type { FieldMapping, FieldRule, ReadingRule } from "#shared/model/field-mapping.ts";
import type { RegisterId, Value } from "#shared/model/registers.ts";
import { decimalFrom } from "./decimal-value.ts";
import { pathsOf, valueAt } from "./field-path.ts";

/** Epoch seconds end and epoch ms begin here: the year 2286 in the one, April 1970 in the other. */
const FIRST_MS = 1e10;

function timeFrom(value: unknown, path: string): number {
  const ms =
    typeof value === "number"
      ? Math.round(value < FIRST_MS ? value * 1000 : value)
      : Date.parse(typeof value === "string" ? value : "");
  if (Number.isSafeInteger(ms)) return ms;
  throw new Fault("invalid", `The decoder's ${path} is no time.`, { field: path });
}

function valueFrom(rule: FieldRule, found: unknown): Value {
  const { path, register, unit, scale = 0, words = {} } = rule;
  const word = typeof found === "string" ? found.trim().toLowerCase() : null;
  const known = Object.entries(words).find(([text]) => text.toLowerCase() === word)?.[1];
  const decimal = decimalFrom(known ?? (typeof found === "boolean" ? Number(found) : found));
  if (decimal === undefined)
    throw new Fault("invalid", `The decoder's ${path} is no number that can be kept.`, {
      field: path,
    });
  return { register, n: decimal.n, scale: decimal.n === 0 ? 0 : decimal.scale + scale, unit };
}

function readingFrom(rule: ReadingRule, data: unknown): DecodedReading | undefined {
  const values: Value[] = [];
  const taken = new Set<RegisterId>();
  for (const field of rule.fields) {
    const found = taken.has(field.register) ? null : valueAt(data, field.path);
    // JSON has no NaN: a number that is none comes as null.
    if (found === undefined || found === null) continue;
    values.push(valueFrom(field, found));
    taken.add(field.register);
  }
  if (values.length === 0) return undefined;
  const time = rule.time === undefined ? undefined : valueAt(data, rule.time);
  if (rule.time === undefined || time === undefined || time === null) return { values };
  return { time: timeFrom(time, rule.time), values };
}

/**
 * The readings in a decoder's answer, the current one first. A field that is absent or null is no
 * value; an answer without any mapped field has no readings, which is valid.
 *
 * @throws Fault "invalid", naming the field, when one holds no number, no known word or no time
 */
export function applyMapping(mapping: FieldMapping, data: object): DecodedReading[] {
  const current = readingFrom(mapping, data);
  const past = (mapping.lists ?? []).flatMap(({ at, time, fields }) => {
    const items: unknown = valueAt(data, at);
    if (!Array.isArray(items)) return [];
    return items.flatMap((item: unknown) => {
      const reading = readingFrom({ time, fields }, item);
      if (reading === undefined) return [];
      if (reading.time === undefined)
        throw new Fault("invalid", `An item of the decoder's ${at} has no ${time}.`, { field: at });
      return [reading];
    });
  });
  return current === undefined ? past : [current, ...past];
}

/** Paths in an answer that no rule reads, at most 200. */
export function unmappedFields(mapping: FieldMapping, data: object): string[] {
  const mapped = new Set([
    ...mapping.fields.map(({ path }) => path),
    ...(mapping.lists ?? []).map(({ at }) => at),
    mapping.time,
  ]);
  return pathsOf(data, 200).filter((path) => !mapped.has(path));
}
