/**
 * `instants`: moments written as RFC 3339 text, to whole milliseconds.
 *
 * Nanoseconds are cut, not rounded: a reading is never later than it was. Text without an offset
 * is refused here: it is some place's local time, and only the caller may know which.
 */

const RFC3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,12}))?(Z|z|[+-]\d\d:?\d\d)$/;

/** Epoch ms, or undefined when `text` is no such moment. */
export function readInstant(text: unknown): number | undefined {
  const parts = typeof text === "string" && text.length < 48 ? RFC3339.exec(text) : null;
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = "", zone = "Z"] = parts;
  const ms = Number(fraction.padEnd(3, "0").slice(0, 3));
  const [y, mo, d, h, mi, s] = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const local = Date.UTC(y, mo - 1, d, h, mi, Math.min(s, 59), ms);
  const back = new Date(local);
  if (
    y < 1970 ||
    back.getUTCMonth() !== mo - 1 ||
    back.getUTCDate() !== d ||
    h > 23 ||
    mi > 59 ||
    s > 60
  )
    return undefined;
  if (zone.length === 1) return local;
  const sign = zone.startsWith("-") ? -1 : 1;
  const offsetMinutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return local - sign * offsetMinutes * 60_000;
}

/** GPS time began here; it counts no leap seconds and is 18 s ahead of UTC since 2017. */
const GPS_EPOCH_MS = Date.UTC(1980, 0, 6);
const LEAP_SECONDS = 18;

/** Epoch ms of `gpsMs` milliseconds of GPS time. */
export function fromGps(gpsMs: number): number {
  return GPS_EPOCH_MS + gpsMs - LEAP_SECONDS * 1000;
}
