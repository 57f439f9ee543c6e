/**
 * `stored-rows`: the rows of a device around a stretch of time, from its days and what waits.
 *
 * Whoever cuts, folds copies or counts needs readings beyond the borders; how many is decided here
 * and nowhere else, so that every question comes to the same answer.
 */
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import { DAY_MS, dayId, dayStart, unpackDay, type DayDoc } from "./day.ts";
import type { Pending } from "./pending.ts";
import { COPY_WINDOW_MS, mergeRows, withoutCopies, type ReadingRow } from "./reading-row.ts";
import type { SeriesStore } from "./series-store.ts";
import { HOLD_MS, VOTERS } from "./steady-count.ts";

/** A good reading beyond the border, those that vote on it, and as many that may be left out. */
const BEYOND = 2 * VOTERS + 2;
/** First and last day that can be written with four digits of a year. */
const [FIRST_MS, LAST_MS] = [0, Date.UTC(10_000, 0) - 1];

export interface StoredRows {
  /** `[fromMs, toMs)`, copies folded. */
  between(
    tenant: TenantName,
    deviceId: DeviceId,
    fromMs: number,
    toMs: number,
  ): Promise<ReadingRow[]>;
  /** Those, and around them what a count at the borders needs. */
  around(
    tenant: TenantName,
    deviceId: DeviceId,
    fromMs: number,
    toMs: number,
  ): Promise<ReadingRow[]>;
  /** The newest rows before a moment, of two days at least where there are some. */
  newestBefore(tenant: TenantName, deviceId: DeviceId, toMs: number): Promise<ReadingRow[]>;
}

export function storedRows(store: SeriesStore, pending?: Pending): StoredRows {
  const dayOf = (timeMs: number) => dayStart(Math.min(Math.max(timeMs, FIRST_MS), LAST_MS));
  const prefixOf = (tenant: TenantName, deviceId: DeviceId) => `day:${tenant}:${deviceId}:`;
  const waiting = (tenant: TenantName, deviceId: DeviceId) => pending?.rows(tenant, deviceId) ?? [];

  const daysOf = (tenant: TenantName, deviceId: DeviceId, fromMs: number, toMs: number) =>
    store.list<DayDoc>({
      from: dayId(tenant, deviceId, dayOf(fromMs)),
      to: dayId(tenant, deviceId, dayOf(toMs)),
    });

  const before = async (tenant: TenantName, deviceId: DeviceId, dayMs: number, many: number) => {
    if (dayMs <= FIRST_MS) return [];
    const days = await store.list<DayDoc>({
      from: prefixOf(tenant, deviceId),
      to: dayId(tenant, deviceId, dayMs - DAY_MS),
      descending: true,
      limit: many,
    });
    return days.toReversed().flatMap(unpackDay);
  };
  const after = async (tenant: TenantName, deviceId: DeviceId, dayMs: number, many: number) => {
    if (dayMs + DAY_MS > LAST_MS) return [];
    const days = await store.list<DayDoc>({
      from: dayId(tenant, deviceId, dayMs + DAY_MS),
      to: `${prefixOf(tenant, deviceId)}\uffff`,
      limit: many,
    });
    return days.flatMap(unpackDay);
  };

  return {
    async between(tenant, deviceId, fromMs, toMs) {
      // Copies of a reading may lie on the other side of a border.
      const [first, last] = [fromMs - COPY_WINDOW_MS, toMs + COPY_WINDOW_MS];
      const days = await daysOf(tenant, deviceId, first, last);
      const rows = mergeRows(days.flatMap(unpackDay), waiting(tenant, deviceId));
      return withoutCopies(rows.filter(({ time }) => first <= time && time <= last)).filter(
        ({ time }) => fromMs <= time && time < toMs,
      );
    },
    async around(tenant, deviceId, fromMs, toMs) {
      const first = dayOf(fromMs - HOLD_MS - COPY_WINDOW_MS - DAY_MS);
      const last = dayOf(toMs + COPY_WINDOW_MS + DAY_MS);
      const days = await daysOf(tenant, deviceId, first, last);
      let rows = days.flatMap(unpackDay);
      const isThin = (some: ReadingRow[]) => some.length < BEYOND;
      // What holds a reading and votes on it is told from the last before the border: a silence may lie between.
      const leaning = () => {
        const lastMs = rows.findLast(({ time }) => time < fromMs)?.time ?? fromMs;
        return rows.filter(({ time }) => time < lastMs - HOLD_MS);
      };
      for (let dayMs = first; isThin(leaning());) {
        const older = await before(tenant, deviceId, dayMs, BEYOND);
        if (older[0] === undefined) break;
        rows = [...older, ...rows];
        dayMs = dayStart(older[0].time);
      }
      if (isThin(rows.filter(({ time }) => time >= toMs)))
        rows = [...rows, ...(await after(tenant, deviceId, last, BEYOND))];
      return withoutCopies(mergeRows(rows, waiting(tenant, deviceId)));
    },
    async newestBefore(tenant, deviceId, toMs) {
      const rows = await before(tenant, deviceId, dayOf(toMs - 1) + DAY_MS, 2);
      return withoutCopies(mergeRows(rows, waiting(tenant, deviceId)));
    },
  };
}
