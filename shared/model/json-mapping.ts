/**
 * `json-mapping`: a format that an operator writes on a page: where in some JSON the device, the
 * time and the values stand, by JSON pointers. `shared/formats/json-mapping.ts` applies it.
 *
 * A mapping is data and runs nothing: no expression in it can loop or reach anything.
 *
 * @see RFC 6901, JSON Pointer; MQTT 5.0, section 4.7, topic filters
 */
import { z } from "zod";
import { registerIds, units } from "./registers.ts";
import { fits, misfit } from "./unit-families.ts";

const Pointer = z
  .string()
  .max(200)
  .regex(/^(\/([^~/]|~[01])*)*$/, "a JSON pointer is empty or begins with /");

/** Names a mapping among others; appears in an uplink's `via` and in ids of devices without a DevEUI. */
export const MappingName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, "lower-case letters, digits and hyphens, at most 31");

export const JsonMapping = z.object({
  name: MappingName,
  /** MQTT topic filter it is for; null takes any topic, and webhooks. */
  topic: z.string().max(200).nullable(),
  /** Where the device's name stands: in the body, or a level of the topic, counted from 0. */
  device: z.union([
    z.strictObject({ pointer: Pointer }),
    z.strictObject({ topicLevel: z.int().min(0).max(30) }),
  ]),
  /** Where the time stands and how it is written; null takes the time of arrival. */
  time: z
    .object({ pointer: Pointer, form: z.enum(["rfc3339", "seconds", "milliseconds"]) })
    .nullable(),
  /** `pointer`'s number × 10^`scale` is in `unit`, the register's own unless given. */
  values: z
    .array(
      z
        .object({
          pointer: Pointer,
          register: z.enum(registerIds),
          unit: z.enum(units).optional(),
          scale: z.int().min(-12).max(12).default(0),
        })
        .superRefine(({ register, unit }, context) => {
          if (unit !== undefined && !fits(register, unit))
            context.addIssue({ code: "custom", path: ["unit"], message: misfit(register) });
        }),
    )
    .min(1)
    .max(100),
});
export type JsonMapping = z.infer<typeof JsonMapping>;
