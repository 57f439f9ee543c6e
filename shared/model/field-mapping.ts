/**
 * `field-mapping`: which of a foreign decoder's fields is which register, in which unit.
 *
 * Proposed from samples, confirmed by a person, carried to the gateways beside the script it is about.
 * `shared/devices/sandbox/mapping.ts` applies it.
 */
import { z } from "zod";
import { meterKindIds } from "./meter-kinds.ts";
import { registerIds, units } from "./registers.ts";
import { fits, misfit } from "./unit-families.ts";

const Path = z.string().min(1).max(200);

export const FieldRule = z
  .object({
    path: Path,
    register: z.enum(registerIds),
    unit: z.enum(units),
    /** The field counts 10^scale of `unit`: −3 for litres into m³. */
    scale: z.int().min(-3).max(6).optional(),
    /** Whole numbers for a state's words; letter case does not count. */
    words: z.record(z.string().max(50), z.int()).optional(),
  })
  .superRefine(({ register, unit }, context) => {
    if (!fits(register, unit))
      context.addIssue({ code: "custom", path: ["unit"], message: misfit(register) });
  });

/** What is read out of one answer, or out of each item of a list in it. */
export const ReadingRule = z.object({
  /** Where the device's own time stands: ISO 8601 text, or epoch seconds or ms. */
  time: Path.optional(),
  /** Of several rules for one register the first that finds a value counts. */
  fields: z.array(FieldRule).max(100),
});

export const FieldMapping = z.object({
  ...ReadingRule.shape,
  /** What the device is for, as proposed from its registers; the operator's word wins. */
  kind: z.enum(meterKindIds).optional(),
  /** Lists of past values. Their items need a time. */
  lists: z
    .array(z.object({ at: Path, time: Path, fields: z.array(FieldRule).max(100) }))
    .max(10)
    .optional(),
});
export type FieldMapping = z.infer<typeof FieldMapping>;
export type FieldRule = z.infer<typeof FieldRule>;
export type ReadingRule = z.infer<typeof ReadingRule>;
