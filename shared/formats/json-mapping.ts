/**
 * `json-mapping`: a mapping that an operator wrote (`shared/model/json-mapping.ts`), as a format, and
 * tried on a sample.
 *
 * @see RFC 6901, JSON Pointer; MQTT 5.0, section 4.7, topic filters
 */
import { Fault, isFault } from "#shared/model/fault.ts";
import type { DeviceId } from "#shared/model/ids.ts";
import type { JsonMapping } from "#shared/model/json-mapping.ts";
import { registers, type RegisterId, type Value } from "#shared/model/registers.ts";
import { readEui } from "./eui.ts";
import { result, type Format, type FormatContext, type Message } from "./format.ts";
import { readInstant } from "./instants.ts";
import { sourceId, valueFrom } from "./measured-values.ts";
import { fieldsOf } from "./message.ts";
import { looseNumber } from "./numbers.ts";
import { covers } from "./topic-filter.ts";

/** What `pointer` points to in `body`, among its own fields only; undefined when there is nothing. */
export function pointTo(body: unknown, pointer: string): unknown {
  let found = body;
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    const isIndex = Array.isArray(found) && /^(0|[1-9]\d{0,6})$/.test(key);
    const parent: unknown = found;
    if (isIndex) found = (parent as unknown[])[Number(key)];
    else if (fieldsOf(parent) !== undefined && Object.hasOwn(parent as object, key))
      found = (parent as Record<string, unknown>)[key];
    else return undefined;
  }
  return found;
}

function deviceOf({ device, name }: JsonMapping, { topic, body }: Message): DeviceId {
  const word =
    "pointer" in device ? pointTo(body, device.pointer) : topic?.split("/")[device.topicLevel];
  const text = typeof word === "number" ? String(word) : word;
  if (typeof text !== "string")
    throw new Fault("invalid", "The mapping finds no device in the message.", { field: "device" });
  try {
    return readEui(text, "device") as DeviceId;
  } catch {
    return sourceId(name, text); // no EUI: a name of its own
  }
}

function timeOf({ time }: JsonMapping, body: unknown): number | undefined {
  if (time === null) return undefined;
  const found = pointTo(body, time.pointer);
  if (found === undefined || found === null) return undefined;
  const number = looseNumber(found);
  const ms =
    time.form === "rfc3339"
      ? readInstant(found)
      : number === undefined
        ? undefined
        : number * (time.form === "seconds" ? 1000 : 1);
  if (ms === undefined || ms < 0 || ms > 4.1e12)
    throw new Fault("invalid", "The mapping's time is no moment.", { field: time.pointer });
  return Math.floor(ms);
}

function valueAt(
  { pointer, register, unit, scale }: JsonMapping["values"][number],
  body: unknown,
): Value | undefined {
  const named = { register, unit: unit ?? registers[register].unit, scale };
  const found = pointTo(body, pointer);
  return valueFrom(typeof found === "boolean" ? Number(found) : found, named);
}

function valuesOf({ values }: JsonMapping, body: unknown): Value[] {
  const found = new Map<RegisterId, Value>();
  for (const rule of values) {
    const value = found.has(rule.register) ? undefined : valueAt(rule, body);
    if (value !== undefined) found.set(rule.register, value);
  }
  return [...found.values()];
}

/** True for a JSON object or list: anything else has no inside to point into. */
const hasInside = (body: unknown) => Array.isArray(body) || fieldsOf(body) !== undefined;

/** The format a mapping describes. It recognises a message when its topic fits and a value is there. */
export function mappedFormat(mapping: JsonMapping): Format {
  const name = `json-${mapping.name}`;
  const isFor = (topic: string | null) =>
    mapping.topic === null || (topic !== null && covers(mapping.topic, topic));
  return {
    name,
    recognises: ({ topic, body }) =>
      hasInside(body) && isFor(topic) && valuesOf(mapping, body).length > 0,
    parse(message: Message, { heardAt }: FormatContext) {
      const deviceId = deviceOf(mapping, message);
      const values = valuesOf(mapping, message.body);
      if (values.length === 0) return result({ other: "empty", about: deviceId });
      const time = timeOf(mapping, message.body);
      return result({
        measured: [
          {
            deviceId,
            reading: {
              time: time ?? heardAt,
              timeSource: time === undefined ? "gateway" : "device",
              values,
            },
          },
        ],
      });
    },
  };
}

/** What became of one part of a mapping with a sample: what it reads, or why it reads nothing. */
export interface Tried<T> {
  readonly is: T | null;
  readonly why: string | null;
}

/** A mapping tried on one sample, part by part. */
export interface MappingTrial {
  readonly isForTopic: boolean;
  readonly device: Tried<DeviceId>;
  /** Epoch ms. */
  readonly time: Tried<number>;
  /** In the order of the mapping's values. */
  readonly values: readonly Tried<Value>[];
}

function tried<T>(read: () => T | undefined, absent: string): Tried<T> {
  try {
    const is = read();
    return is === undefined ? { is: null, why: absent } : { is, why: null };
  } catch (error) {
    if (!isFault(error)) throw error;
    return { is: null, why: error.message };
  }
}

/** Why a rule finds no value, in words for whoever writes the mapping. */
function whyNot({ pointer }: JsonMapping["values"][number], body: unknown): string {
  const found = pointTo(body, pointer);
  if (found === undefined) return "There is nothing at this place.";
  if (found === null) return "There is null at this place.";
  if (typeof found === "object") return "There is no number at this place, but more JSON.";
  return "What stands at this place is no number.";
}

/** Dry run: what `mapping` makes of a sample, and of each part of it that gives nothing the reason. */
export function tryMapping(message: Message, mapping: JsonMapping): MappingTrial {
  const { topic, body } = message;
  const taken = new Set<RegisterId>();
  const values = mapping.values.map((rule): Tried<Value> => {
    if (taken.has(rule.register))
      return { is: null, why: "A line above has this register already." };
    const one = tried(() => valueAt(rule, body), whyNot(rule, body));
    if (one.is !== null) taken.add(rule.register);
    return one;
  });
  return {
    isForTopic: mapping.topic === null || (topic !== null && covers(mapping.topic, topic)),
    device: tried(() => deviceOf(mapping, message), ""),
    time: tried(
      () => timeOf(mapping, body),
      mapping.time === null
        ? "The mapping takes the time of arrival."
        : "There is nothing at this place: the time of arrival is taken.",
    ),
    values,
  };
}
