/**
 * `reports`: what is told over HTTP of what was used: bills, consumption by calendar, completeness.
 *
 * Dates are local to the community, `from` inclusive and `to` exclusive. Amounts and indexes are
 * decimal text: no digit is lost on the way. A null is something nobody knows, never a zero.
 */
import { z } from "zod";
import { markIds } from "#shared/model/marks.ts";
import { meterKindIds } from "#shared/model/meter-kinds.ts";
import { qualities } from "#shared/model/quality.ts";

const DATE = z.iso.date("a date is written 2026-11-23");

export const Period = z.object({ from: DATE, to: DATE });

export const ReportIndex = z.object({
  at: z.string(),
  index: z.string(),
  /** False: it was computed between the readings around it. */
  is_measured: z.boolean(),
});

export const BillingRow = z.object({
  unit: z.object({ id: z.string(), name: z.string() }),
  building: z.string().nullable(),
  dev_eui: z.string(),
  device_name: z.string(),
  serial_number: z.string().nullable(),
  assignment_id: z.string(),
  kind: z.enum(meterKindIds),
  /** OBIS code of what is counted; null when nothing was read in the period. */
  register: z.string().nullable(),
  unit_of_measure: z.string().nullable(),
  /** The stretch of the period in which it was mounted there. */
  from: z.string(),
  to: z.string(),
  start: ReportIndex.nullable(),
  end: ReportIndex.nullable(),
  /** `end` − `start` + `adjusted`. */
  consumption: z.string().nullable(),
  /** What rollovers, exchanges of digits and steps left out account for. */
  adjusted: z.string().nullable(),
  exchange: z.enum(["none", "taken_away", "mounted", "both"]),
  is_estimated: z.boolean(),
  /** Reports that were due and that were heard. */
  expected: z.number().int(),
  heard: z.number().int(),
  marks: z.array(z.enum(markIds)),
});
export type BillingRow = z.infer<typeof BillingRow>;

export const TotalRow = z.object({
  by: z.enum(["unit", "building", "kind"]),
  /** The unit or building; null for those in no building. */
  id: z.string().nullable(),
  name: z.string(),
  kind: z.enum(meterKindIds),
  unit_of_measure: z.string(),
  consumption: z.string(),
  /** Meters in it; how many of them have no number, and how many are estimates. */
  meters: z.number().int(),
  missing: z.number().int(),
  estimated: z.number().int(),
});
export type TotalRow = z.infer<typeof TotalRow>;

export const Completeness = z.object({
  from: z.string(),
  to: z.string(),
  /** Reports that were due and that were heard, of all meters. */
  expected: z.number().int(),
  heard: z.number().int(),
  meters: z.number().int(),
  /** Meters without a number, or heard less than the share asked for. */
  missing: z.array(
    z.object({
      dev_eui: z.string(),
      device_name: z.string(),
      unit: z.object({ id: z.string(), name: z.string() }),
      kind: z.enum(meterKindIds),
      expected: z.number().int(),
      heard: z.number().int(),
      has_number: z.boolean(),
    }),
  ),
});

export const steps = ["hour", "day", "month", "whole"] as const;

export const ConsumptionPeriodRow = z.object({
  from: z.string(),
  to: z.string(),
  label: z.string(),
  consumption: z.string().nullable(),
  quality: z.enum(qualities),
  marks: z.array(z.enum(markIds)),
});

export const ConsumptionAnswer = z.object({
  /** Null for several meters, and when nothing was read. */
  register: z.string().nullable(),
  unit_of_measure: z.string().nullable(),
  /** The periods and what passed in gaps add up to it. */
  total: z.string().nullable(),
  is_estimated: z.boolean(),
  periods: z.array(ConsumptionPeriodRow),
});
export type ConsumptionAnswer = z.infer<typeof ConsumptionAnswer>;
