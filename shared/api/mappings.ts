/** `mappings`: what is said over HTTP about the formats an organization writes itself. */
import { z } from "zod";
import { JsonMapping, MappingName } from "#shared/model/json-mapping.ts";

/** A message as it came: its topic, and its body as text. */
export const MappingSample = z.strictObject({
  topic: z.string().max(1_000).nullable().default(null),
  body: z.string().max(64 * 1024),
});

export const MappingRow = z.object({
  name: z.string(),
  title: z.string(),
  topic: z.string().nullable(),
  /** The one community it is for; null: all of the organization. */
  community: z.object({ id: z.string(), name: z.string() }).nullable(),
  updated_at: z.string(),
});
export type MappingRow = z.infer<typeof MappingRow>;

export const MappingDetails = MappingRow.extend({
  mapping: JsonMapping,
  sample: MappingSample.nullable(),
});
export type MappingDetails = z.infer<typeof MappingDetails>;

export const MappingDraft = z.strictObject({
  title: z.string().trim().min(1).max(200),
  mapping: JsonMapping.omit({ name: true }),
  sample: MappingSample.nullable().default(null),
});
export type MappingDraft = z.infer<typeof MappingDraft>;

export const NewMapping = MappingDraft.extend({
  name: MappingName,
  /** Id or `tenant_name` of the one community it is for. */
  community: z.string().max(64).optional(),
});

export const MappingTrialAsked = z.strictObject({
  mapping: JsonMapping.omit({ name: true }).extend({ name: MappingName.default("trial") }),
  sample: MappingSample,
});

/** What one part of a mapping reads out of the sample, or why it reads nothing. */
const part = <T extends z.ZodType>(is: T) =>
  z.object({ is: is.nullable(), why: z.string().nullable() });

export const MappingTrialOutcome = z.object({
  /** The format of ours that knows this message already, if one does. */
  known_as: z.string().nullable(),
  is_for_topic: z.boolean(),
  device: part(z.string()),
  time: part(z.string()),
  values: z.array(
    part(
      z.object({
        register: z.string(),
        n: z.number(),
        scale: z.int(),
        unit: z.string(),
      }),
    ),
  ),
  /** Places in the sample that hold a number or yes and no, for whoever writes the mapping. */
  places: z.array(
    z.object({ pointer: z.string(), value: z.union([z.number(), z.string(), z.boolean()]) }),
  ),
});
export type MappingTrialOutcome = z.infer<typeof MappingTrialOutcome>;
