/**
 * `ledger-page`: what a gateway lost, refused or gave up of one community, as its ledger says it:
 * a reason, a device where there is one, a count and a range. Pages add up.
 *
 * Written once. Carries devices and numbers, never a person.
 *
 * History: 1 = first release.
 */
import { z } from "zod";
import { DeviceId, WriterId } from "#shared/model/ids.ts";

export const LedgerLine = z.object({
  /** One of `refusals`. */
  reason: z.string().regex(/^[a-z_]{1,40}$/),
  /** Null when it is of no single device. */
  deviceId: DeviceId.nullable(),
  count: z.number().int().min(1),
  /** When the first and last of them were heard, epoch ms; null when nobody knows. */
  fromMs: z.number().nullable(),
  toMs: z.number().nullable(),
  /** In words, for an operator: which database, what was found. */
  about: z.string().max(300).optional(),
});
export type LedgerLine = z.infer<typeof LedgerLine>;

export const LedgerPageDoc = z.object({
  /** `e:{writer}:ledger:{yyyymmddThhmmss}:{8 hex}`. */
  _id: z.string().startsWith("e:"),
  type: z.literal("ledger"),
  v: z.literal(1),
  writer: WriterId,
  at: z.iso.datetime(),
  lines: z.array(LedgerLine).min(1).max(2000),
});
export type LedgerPageDoc = z.infer<typeof LedgerPageDoc>;
