/**
 * `late-frame`: tells a frame that was under way for long from one that is replayed.
 *
 * Antennas send again what was not acknowledged, and datagrams overtake one another, so a frame
 * may come after its successor. The antenna's own counter or GPS proves that it was on air before
 * it: a replay is on air after it. That the same frame is not kept twice is the inbox's business.
 * Pure.
 */
import type { HeardFrame } from "../antenna-link.ts";
import type { LastHeard } from "./session.ts";

/**
 * How long after its successor a frame may come without GPS, ms. The antenna's counter wraps after
 * 71.6 minutes: beyond half of that, before and after look alike.
 */
const LATE_WITHIN_MS = 30 * 60_000;

/** When the frame was on air, epoch ms, always before the newest one; undefined when nothing proves it. */
export function timeBefore(heard: HeardFrame, newest: LastHeard | null): number | undefined {
  if (newest === null) return undefined;
  if (heard.gpsTime !== undefined && newest.gpsTime !== null)
    return heard.gpsTime < newest.gpsTime ? heard.gpsTime : undefined;
  if (heard.antenna !== newest.antenna) return undefined;
  const sinceMs = heard.heardAt - newest.heardAt;
  const onAirMs = ((heard.tmst - newest.tmst) | 0) / 1000;
  const isProved =
    sinceMs >= 0 && sinceMs <= LATE_WITHIN_MS && onAirMs < 0 && onAirMs >= -LATE_WITHIN_MS;
  return isProved ? Math.floor(newest.heardAt + onAirMs) : undefined;
}
