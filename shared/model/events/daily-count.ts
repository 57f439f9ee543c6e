/**
 * `daily-count`: how many uplinks of each device one writer kept on one of its days, counted in its
 * inbox and not in its segments, so that the hub has something to compare the segments with.
 *
 * Written once, when the day is over and all of it is sealed. Carries devices and numbers only.
 *
 * History: 1 = first release.
 */
import { z } from "zod";
import { WriterId } from "#shared/model/ids.ts";

export const DailyCountDoc = z.object({
  /** `e:{writer}:count:{yyyymmdd}:{inbox place of its first uplink}`. */
  _id: z.string().startsWith("e:"),
  type: z.literal("count"),
  v: z.literal(1),
  writer: WriterId,
  /** UTC day by the writer's trusted time when the uplinks were kept, `yyyymmdd`. */
  day: z.string().regex(/^[0-9]{8}$/),
  /** The first and last inbox place of the day, over all communities: segments within are compared. */
  inbox: z.object({ from: z.number().int(), to: z.number().int() }),
  /** Uplinks of this community. */
  count: z.number().int().min(0),
  /** By device id. */
  devices: z.record(z.string(), z.number().int().min(1)),
});
export type DailyCountDoc = z.infer<typeof DailyCountDoc>;

/** The id of a day's counts. */
export function dailyCountId(writer: WriterId, day: string, fromN: number): string {
  return `e:${writer}:count:${day}:${fromN}`;
}
