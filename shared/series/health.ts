/** `health`: how a device is doing, by when it was last heard and how often it is expected. */
import type { Latest } from "./latest.ts";

/** Never heard; within its interval; up to four of them; beyond. */
export type Health = "never" | "healthy" | "late" | "lost";

/** What an uplink may take from the air to this list (sealing, replication, rollup), ms. */
const ON_THE_WAY_MS = 120_000;

/** When a device was last heard, epoch ms, by the best time known; a sender's clock that is ahead of ours does not count. */
export function lastSeenMs({ heard }: Latest, nowMs: number): number | null {
  return heard && Math.min(heard.time, nowMs);
}

/** Health by the expected interval: within it, up to four of them, beyond. */
export function healthOf(latest: Latest, expectedIntervalMs: number, nowMs: number): Health {
  const seenMs = lastSeenMs(latest, nowMs);
  if (seenMs === null) return "never";
  const ageMs = nowMs - seenMs - ON_THE_WAY_MS;
  if (ageMs <= expectedIntervalMs) return "healthy";
  return ageMs <= 4 * expectedIntervalMs ? "late" : "lost";
}
