/**
 * `clock-correction`: by how much a gateway's clock was wrong in one of its epochs, told once
 * the right time is known. Whoever reads the epoch's segments adds it to every time that is marked
 * `unset` (this gateway's clock before anybody vouched for it) and to nothing else.
 *
 * Written once per writer, epoch and community.
 *
 * History: 1 = first release.
 */
import { z } from "zod";
import { Epoch, WriterId } from "#shared/model/ids.ts";

/** Who knew the time: the hub, or the machine's own time service. */
export const timeEvidence = ["hub", "time_service"] as const;

export const ClockCorrectionDoc = z.object({
  /** `e:{writer}:clock:{epoch}`. */
  _id: z.string().startsWith("e:"),
  type: z.literal("clock"),
  v: z.literal(1),
  writer: WriterId,
  epoch: Epoch,
  /** To be added to the times of the epoch that are marked `unset`, ms; negative when its clock was ahead. */
  addMs: z.number().int().min(-8.64e15).max(8.64e15),
  evidence: z.enum(timeEvidence),
  /** When it became known, in right time. */
  at: z.iso.datetime(),
});
export type ClockCorrectionDoc = z.infer<typeof ClockCorrectionDoc>;
