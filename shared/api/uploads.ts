/** `uploads`: what is said over HTTP of files with many rows: how far one is, and what became of each row. */
import { z } from "zod";

/**
 * `devices`: meters, with their homes; `residents`: people, with theirs; `readings`: what was read in the past;
 * `comparison`: what another system read, beside what is known here.
 */
export const uploadKinds = ["devices", "residents", "readings", "comparison"] as const;
export type UploadKind = (typeof uploadKinds)[number];

export const CellError = z.object({
  /** Empty for what concerns the whole row. */
  column: z.string(),
  value: z.string(),
  message: z.string(),
});
export type CellError = z.infer<typeof CellError>;

/** Of a comparison `unchanged` says the same and `differs` does not; `skipped` could not be compared. */
export const outcomes = [
  "created",
  "updated",
  "unchanged",
  "differs",
  "skipped",
  "failed",
] as const;
/** Indexes as decimal text, in `unit`: m³, kWh, … */
export const Compared = z.object({
  theirs: z.string(),
  ours: z.string(),
  /** Theirs less ours. */
  difference: z.string(),
  unit: z.string(),
  /** False where ours lies between two readings. */
  is_measured: z.boolean(),
});
export type Compared = z.infer<typeof Compared>;
export const RowOutcome = z.object({
  /** Line of the file, from 1. */
  line: z.number().int(),
  /** Empty where the row is about no device. */
  dev_eui: z.string(),
  /** The person a row is about, by id: their name stands in the file. */
  person_id: z.string().nullable().default(null),
  outcome: z.enum(outcomes),
  errors: z.array(CellError),
  /** What else was done or noticed. */
  notes: z.array(z.string()),
  compared: Compared.optional(),
});
export type RowOutcome = z.infer<typeof RowOutcome>;

export const UploadRow = z.object({
  id: z.string(),
  kind: z.enum(uploadKinds),
  file_name: z.string(),
  dry_run: z.boolean(),
  /** `interrupted`: the hub was stopped meanwhile; the file can be sent again, what is done stays done. */
  state: z.enum(["running", "done", "failed", "undone", "interrupted"]),
  started_at: z.string(),
  ended_at: z.string().nullable(),
  rows: z.number().int(),
  /** Rows looked at so far. */
  seen: z.number().int(),
  created: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  differs: z.number().int(),
  skipped: z.number().int(),
  failed: z.number().int(),
  /** What had to be assumed, columns nothing was made of, and why it failed as a whole. */
  notes: z.array(z.string()),
  can_undo: z.boolean(),
});
export type UploadRow = z.infer<typeof UploadRow>;
