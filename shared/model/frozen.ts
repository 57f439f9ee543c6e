/**
 * `frozen`: what is left of a month when its segments are dropped: per device the indexes at the
 * borders of hours (`t-{tenant}-hist-{yyyymm}`) and of days (`t-{tenant}-daily-{yyyy}`). Facts from
 * then on, written by the hub alone and never edited: readings that come later make version n + 1.
 *
 * Indexes are as the counter showed them, in the register's common unit and before any multiplier:
 * who lived where, and what a counter's number stands for, may be corrected afterwards all the same.
 *
 * History: 1 = first release.
 */
import { z } from "zod";
import { DeviceId, Epoch, WriterId } from "./ids.ts";
import { At } from "./site.ts";

const Month = z.string().regex(/^[0-9]{6}$/);

/** `h:{deviceId}:{version}` in a hist database, `d:{deviceId}:{month}:{version}` in a daily one. */
export const FrozenDoc = z.object({
  _id: z.string().regex(/^[hd]:/),
  type: z.literal("frozen"),
  v: z.literal(1),
  deviceId: DeviceId,
  /** UTC month of the readings, `yyyymm`. */
  month: Month,
  by: z.enum(["hour", "day"]),
  /** From 1; the highest counts. */
  version: z.number().int().min(1),
  frozenAt: At,
  /** Readings that came after the version before; 0 in the first. */
  late: z.number().int().min(0),
  /** Deflated JSON, base64: see `series/frozen-columns.ts`. */
  columns: z.string(),
});
export type FrozenDoc = z.infer<typeof FrozenDoc>;

/**
 * `month` in a hist database, written last: all of the month is frozen, and the hub has let go of
 * the segments it lists. A gateway whose own are among them may let go of its copy.
 */
export const FrozenMonthDoc = z.object({
  _id: z.literal("month"),
  type: z.literal("frozen-month"),
  v: z.literal(1),
  month: Month,
  frozenAt: At,
  devices: z.number().int().min(0),
  /** Per writer and epoch the stretch of `seq` that lay in the month, and the uplinks in it. */
  segments: z.array(
    z.object({
      writer: WriterId,
      epoch: Epoch,
      from: z.number().int().min(0),
      to: z.number().int().min(0),
      uplinks: z.number().int().min(0),
    }),
  ),
});
export type FrozenMonthDoc = z.infer<typeof FrozenMonthDoc>;

const numbered = (version: number) => String(version).padStart(4, "0");
export const histId = (deviceId: DeviceId, version: number) => `h:${deviceId}:${numbered(version)}`;
export const dailyId = (deviceId: DeviceId, month: string, version: number) =>
  `d:${deviceId}:${month}:${numbered(version)}`;
