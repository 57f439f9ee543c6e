/** `gps-time`: GPS time, which knows no leap seconds, from and to this system's epoch milliseconds. */

/** 1980-01-06T00:00:00Z. */
const GPS_EPOCH_MS = Date.UTC(1980, 0, 6);
/** GPS − UTC since 2017-01-01; none was announced since. @see IERS Bulletin C */
const LEAP_MS = 18_000;

/** Milliseconds since the GPS epoch → epoch ms. */
export function fromGpsMs(gpsMs: number): number {
  return gpsMs + GPS_EPOCH_MS - LEAP_MS;
}

/** Epoch ms → milliseconds since the GPS epoch. Good for times from 2017 on. */
export function toGpsMs(timeMs: number): number {
  return timeMs - GPS_EPOCH_MS + LEAP_MS;
}
