/**
 * `json-mapping`: a format that an operator writes on a page: where in some JSON the device, the
 * time and the values stand, by JSON pointers.
 *
 * A mapping is data and runs nothing: no expression in it can loop or reach anything.
 *
 * @see RFC 6901, JSON Pointer; MQTT 5.0, section 4.7, topic filters
 */
import { z } from "zod";
import { Fault } from "#shared/model/fault.ts";
import type { DeviceId } from "#shared/model/ids.ts";
import {
  isRegisterId,
  registers,
  type RegisterId,
  type Unit,
  type Value,
} from "#shared/model/registers.ts";
import { readEui } from "./eui.ts";
import { result, type Format, type FormatContext, type Message } from "./format.ts";
import { readInstant } from "./instants.ts";
import { sourceId, valueFrom } from "./measured-values.ts";
import { fieldsOf } from "./message.ts";
import { looseNumber } from "./numbers.ts";
import { covers } from "./topic-filter.ts";

const Pointer = z
  .string()
  .max(200)
  .regex(/^(\/([^~/]|~[01])*)*$/, "a JSON pointer is empty or begins with /");
const Register = z.string().refine(isRegisterId, "no such register");

/** History: 1 = first release. */
export const JsonMapping = z.object({
  /** Names the mapping among others; appears in an uplink's `via`. */
  name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
  /** MQTT topic filter it is for; null takes any topic, and webhooks. */
  topic: z.string().max(200).nullable(),
  /** Where the device's name stands: in the body, or a level of the topic, counted from 0. */
  device: z.union([
    z.object({ pointer: Pointer }),
    z.object({ topicLevel: z.number().int().min(0).max(30) }),
  ]),
  /** Where the time stands and how it is written; null takes the time of arrival. */
  time: z
    .object({ pointer: Pointer, form: z.enum(["rfc3339", "seconds", "milliseconds"]) })
    .nullable(),
  /** `pointer`'s number × 10^`scale` is in `unit`, the register's own unless given. */
  values: z
    .array(
      z.object({
        pointer: Pointer,
        register: Register,
        unit: z.string().optional(),
        scale: z.number().int().min(-12).max(12).default(0),
      }),
    )
    .min(1)
    .max(100),
});
export type JsonMapping = z.infer<typeof JsonMapping>;

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

function valuesOf({ values }: JsonMapping, body: unknown): Value[] {
  const found = new Map<RegisterId, Value>();
  for (const { pointer, register, unit, scale } of values) {
    const value = valueFrom(pointTo(body, pointer), {
      register,
      unit: (unit as Unit | undefined) ?? registers[register].unit,
      scale,
    });
    if (value !== undefined && !found.has(register)) found.set(register, value);
  }
  return [...found.values()];
}

/** The format a mapping describes. It recognises a message when its topic fits and a value is there. */
export function mappedFormat(mapping: JsonMapping): Format {
  const name = `json-${mapping.name}`;
  const isFor = (topic: string | null) =>
    mapping.topic === null || (topic !== null && covers(mapping.topic, topic));
  return {
    name,
    recognises: ({ topic, body }) =>
      fieldsOf(body) !== undefined && isFor(topic) && valuesOf(mapping, body).length > 0,
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
