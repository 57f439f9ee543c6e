/** `assistance`: how somebody begins to see what another sees, and what that one is told of it. */
import { z } from "zod";
import { PersonId } from "#shared/model/ids.ts";

export const NewAssistance = z.strictObject({
  person: PersonId,
  /** Why; the person can read it. */
  reason: z.string().trim().min(3, "a reason the person can read").max(500),
  minutes: z.number().int().min(1).max(240).default(30),
  full_control: z.boolean().default(false),
});
export type NewAssistance = z.infer<typeof NewAssistance>;

export const AssistanceRow = z.object({
  id: z.string(),
  /** The name of who assisted. */
  by: z.string(),
  reason: z.string(),
  full_control: z.boolean(),
  started_at: z.string(),
  /** Null while it runs. */
  ended_at: z.string().nullable(),
});
export type AssistanceRow = z.infer<typeof AssistanceRow>;
