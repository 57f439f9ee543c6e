/** `audit`: what the hub tells of what was done. */
import { z } from "zod";
import { PersonId } from "#shared/model/ids.ts";
import { CommunityGiven } from "./communities.ts";

export const AuditQuery = z.object({
  /** Id of a person or key that acted, also as an assistant. */
  by: z.string().max(60).optional(),
  for: PersonId.optional(),
  /** `person.disable`, or all of a kind: `person`. */
  what: z.string().max(80).optional(),
  /** Id of what it was done to. */
  target: z.string().max(120).optional(),
  community: CommunityGiven.optional(),
  result: z.enum(["ok", "refused"]).optional(),
  /** Any text in it. */
  q: z.string().max(200).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  /** Exclusive. */
  to: z.iso.datetime({ offset: true }).optional(),
});

const Somebody = z.object({ id: z.string(), name: z.string().nullable() });

export const AuditRow = z.object({
  id: z.string(),
  at: z.string(),
  by: Somebody.extend({ kind: z.string(), roles: z.array(z.string()) }),
  /** Who really sat there. */
  assistant: Somebody.nullable(),
  for: Somebody.nullable(),
  what: z.string(),
  community: z.string().nullable(),
  target: z.object({ type: z.string(), id: z.string(), name: z.string().optional() }).nullable(),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
  reason: z.string().nullable(),
  from: z.string(),
  /** "ok", or why it was refused. */
  result: z.string(),
  request_id: z.string(),
});
export type AuditRow = z.infer<typeof AuditRow>;
