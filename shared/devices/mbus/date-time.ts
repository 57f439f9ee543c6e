/**
 * `date-time`: the dates and times of EN 13757-3, annex A, types F, G and I.
 *
 * A meter says no zone, so its words are read as UTC; whoever knows better shifts them.
 */

/** Epoch ms of a calendar date and time read as UTC; undefined when there is no such moment. */
function epochOf(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | undefined {
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(time);
  const isReal =
    back.getUTCMonth() === month - 1 &&
    back.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  return isReal ? time : undefined;
}

/** Two-digit years: 81–99 lie in the last century unless the hundreds say otherwise (annex A, type F). */
function yearOf(twoDigits: number, hundreds: number): number {
  if (hundreds > 0) return 1900 + hundreds * 100 + twoDigits;
  return (twoDigits > 80 ? 1900 : 2000) + twoDigits;
}

const yearBits = (low: number, high: number) => (low >> 5) | ((high >> 4) << 3);

/** Type G, two bytes: a date. */
export function dateOf(bytes: Uint8Array): number | undefined {
  const [low = 0, high = 0] = bytes;
  return epochOf(yearOf(yearBits(low, high), 0), high & 0x0f, low & 0x1f, 0, 0, 0);
}

/** Type F, four bytes: date and time to the minute. Undefined too when the meter marks it invalid. */
export function dateTimeOf(bytes: Uint8Array): number | undefined {
  const [minute = 0, hour = 0, low = 0, high = 0] = bytes;
  if (minute & 0x80) return undefined;
  return epochOf(
    yearOf(yearBits(low, high), (hour >> 5) & 0x03),
    high & 0x0f,
    low & 0x1f,
    hour & 0x1f,
    minute & 0x3f,
    0,
  );
}

/** Type I, six bytes: date and time to the second. */
export function dateTimeSecondsOf(bytes: Uint8Array): number | undefined {
  const [second = 0, minute = 0, hour = 0, low = 0, high = 0] = bytes;
  if (minute & 0x80) return undefined;
  return epochOf(
    yearOf(yearBits(low, high), 0),
    high & 0x0f,
    low & 0x1f,
    hour & 0x1f,
    minute & 0x3f,
    second & 0x3f,
  );
}

const pad = (part: number, shift: number) => part << shift;

/** Builds type F (the way back, for simulated meters). */
export function dateTimeBytes(epochMs: number): Uint8Array {
  const at = new Date(epochMs);
  const year = at.getUTCFullYear() - 2000;
  return Uint8Array.of(
    at.getUTCMinutes(),
    pad(1, 5) | at.getUTCHours(),
    pad(year & 0x07, 5) | at.getUTCDate(),
    pad(year >> 3, 4) | (at.getUTCMonth() + 1),
  );
}
