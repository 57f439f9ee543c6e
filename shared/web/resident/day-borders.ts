/**
 * `day-borders`: the moments at which a building's day begins and ends, for drawing a line of it.
 *
 * Found by asking the calendar of the zone, so days of 23 and 25 hours come out right.
 */
import { addDays, type LocalDate } from "../local-dates.ts";
import { localDateOf } from "../moments.ts";

/** Epoch ms of the first moment of `date` in `zone`, to the minute. */
function startMs(date: LocalDate, zone: string): number {
  const middle = Date.parse(`${date}T00:00:00Z`);
  let [before, after] = [middle - 16 * 3_600_000, middle + 16 * 3_600_000];
  while (after - before > 60_000) {
    const half = Math.floor((before + after) / 120_000) * 60_000;
    if (localDateOf(new Date(half), zone) < date) before = half;
    else after = half;
  }
  return after;
}

export function dayBorders(date: LocalDate, zone: string): { fromMs: number; toMs: number } {
  return { fromMs: startMs(date, zone), toMs: startMs(addDays(date, 1), zone) };
}
