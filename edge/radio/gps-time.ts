/** `gps-time`: this system's epoch milliseconds as GPS time, which devices ask for and which knows no leap seconds. */
import { fromGps } from "#shared/formats/instants.ts";

/** Epoch ms → milliseconds of GPS time. Good for times from 2017 on. */
export function toGpsMs(timeMs: number): number {
  return timeMs - fromGps(0);
}
