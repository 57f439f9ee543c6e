/**
 * `segment`: what one writer heard of one community in a short stretch of time, in the order kept.
 *
 * Written once by one writer and never edited, so that replication has nothing to conflict about.
 * Carries devices, bytes and values; must never carry a person's name, a home or a key.
 *
 * Seen from outside it is a link of a chain (`seq` without holes, `prev`), a count and a digest;
 * the uplinks lie in `columns`, which `series/segment.ts` packs and unpacks.
 *
 * History: 1 = first release.
 */
import { z } from "zod";
import { Epoch, WriterId } from "./ids.ts";

/** The most uplinks one segment holds. */
export const SEGMENT_UPLINKS = 200;

export const SegmentDoc = z.object({
  /** `s:{writer}:{epoch}:{seq, 8 digits}`. */
  _id: z.string().startsWith("s:"),
  type: z.literal("segment"),
  v: z.literal(1),
  writer: WriterId,
  epoch: Epoch,
  /** From 0, without holes, per writer, epoch and community. */
  seq: z.number().int().min(0),
  /** The segment before: id and digest. Of the first in an epoch: the last of the epoch before. Null for the very first. */
  prev: z.object({ id: z.string(), digest: z.string() }).nullable(),
  count: z.number().int().min(1),
  /** How many uplinks this writer had put into this community's segments before this one, over all its epochs. */
  before: z.number().int().min(0),
  /** When the first and last of its uplinks were heard, epoch ms by the writer's clock. */
  firstHeardMs: z.number(),
  lastHeardMs: z.number(),
  /** The stretch of the writer's inbox it was sealed from, both inclusive. */
  inbox: z.object({ from: z.number().int(), to: z.number().int() }),
  /** The day of that inbox, by the writer's trusted time; the hub compares it with the day's counts. */
  day: z
    .string()
    .regex(/^[0-9]{8}$/)
    .optional(),
  /** SHA-256 over identities and raw bytes, base64url. */
  digest: z.string().length(43),
  /** Deflated JSON columns, base64. */
  columns: z.string(),
});
export type SegmentDoc = z.infer<typeof SegmentDoc>;

/** The id of a segment. */
export function segmentId(writer: WriterId, epoch: Epoch, seq: number): string {
  return `s:${writer}:${epoch}:${String(seq).padStart(8, "0")}`;
}

const ID = /^s:((?:gw|hub)-[0-9a-f]{8,16}):([0-9a-f]{8}-[0-9a-f]{16}):([0-9]{8})$/;

/** The parts of a segment's id, or undefined when it is none. */
export function parseSegmentId(
  id: string,
): { writer: WriterId; epoch: Epoch; seq: number } | undefined {
  const found = ID.exec(id);
  if (!found) return undefined;
  return { writer: found[1] as WriterId, epoch: found[2] as Epoch, seq: Number(found[3]) };
}
