/**
 * `calendar`: hours, days and months of a building, as moments. Summer time and zone changes are
 * whatever the zone's own history says (IANA); a day may have 23 or 25 hours.
 */
import { Temporal } from "temporal-polyfill";
import { Fault } from "#shared/model/fault.ts";

/** IANA zones with the moment from which each holds, oldest first. The first holds before, too. */
export type Zones = readonly { readonly fromMs: number; readonly zone: string }[];

/** `whole`: all of it as one stretch. */
export type Step = "hour" | "day" | "month" | "whole";

/** One stretch of the calendar, `[fromMs, toMs)`; `label` is a local hour `14:00`, date `2026-11-23` or month `2026-11`. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly label: string;
}

/** The zone that holds at `timeMs`. */
export function zoneAt(zones: Zones, timeMs: number): string {
  let zone = zones[0]?.zone;
  for (const entry of zones) if (entry.fromMs <= timeMs) zone = entry.zone;
  if (zone === undefined) throw new RangeError("a building has at least one zone");
  return zone;
}

/** The local date at a moment, `2026-11-23`. */
export function localDate(zones: Zones, timeMs: number): string {
  return at(zones, timeMs).toPlainDate().toString();
}

function at(zones: Zones, timeMs: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(timeMs).toZonedDateTimeISO(zoneAt(zones, timeMs));
}

/**
 * When a local date begins. The zone is the one that holds then: where a zone change falls on that
 * very midnight, the new zone says when the day begins.
 */
export function startOfDay(zones: Zones, date: string): number {
  const day = plainDate(date);
  let beginsMs: number | undefined;
  for (const [i, { zone, fromMs }] of zones.entries()) {
    const ms = midnight(zone, day);
    if (i === 0 || ms >= fromMs) beginsMs = ms;
  }
  if (beginsMs === undefined) throw new RangeError("a building has at least one zone");
  return beginsMs;
}

/** Midnights that were asked for lately: a page asks for the same month again and again. */
const midnights = new Map<string, number>();
const MOST_MIDNIGHTS = 20_000;

function midnight(zone: string, day: Temporal.PlainDate): number {
  const key = `${day.toString()} ${zone}`;
  let ms = midnights.get(key);
  if (ms === undefined) {
    if (midnights.size >= MOST_MIDNIGHTS) midnights.clear();
    ms = day.toZonedDateTime(zone).startOfDay().epochMilliseconds;
    midnights.set(key, ms);
  }
  return ms;
}

/** Four digits of a year and nothing behind the day: no times, no other calendars, no year 275760. */
const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;

function plainDate(date: string): Temporal.PlainDate {
  try {
    if (!DATE.test(date)) throw new RangeError("another form");
    return Temporal.PlainDate.from(date, { overflow: "reject" });
  } catch {
    throw new Fault("invalid", `"${date.slice(0, 40)}" is no date such as 2026-11-23`);
  }
}

/** The local date `days` after one. */
export function addDays(date: string, days: number): string {
  return plainDate(date).add({ days }).toString();
}

/** The first local date of the month a date is in, and of the month after it. */
export function monthAround(date: string): { from: string; to: string } {
  const first = plainDate(date).with({ day: 1 });
  return { from: first.toString(), to: first.add({ months: 1 }).toString() };
}

/** The most stretches one question may ask for: two years of days, or a month of hours. */
const MOST_STRETCHES = 800;

/**
 * The stretches from one local date to another (exclusive), without holes or overlaps.
 *
 * @throws Fault "invalid" for what is no date, an end before the start, or too many stretches
 */
export function stretches(zones: Zones, from: string, to: string, step: Step): Stretch[] {
  const [first, end] = [plainDate(from), plainDate(to)];
  const days = first.until(end, { largestUnit: "days" }).days;
  if (days <= 0) throw new Fault("invalid", "`to` must be a date after `from`");
  if (step === "whole")
    return [{ fromMs: startOfDay(zones, from), toMs: startOfDay(zones, to), label: from }];
  const many = step === "hour" ? days * 25 : step === "day" ? days : days / 28;
  if (many > MOST_STRETCHES)
    throw new Fault("invalid", `that is too long a time to show by ${step}`);
  if (step === "hour") {
    const hours: Stretch[] = [];
    for (let day = first; Temporal.PlainDate.compare(day, end) < 0; day = day.add({ days: 1 }))
      hours.push(...hoursOf(zones, day));
    return hours;
  }
  const parts: Stretch[] = [];
  let date = first;
  while (Temporal.PlainDate.compare(date, end) < 0) {
    const whole = step === "day" ? date.add({ days: 1 }) : date.with({ day: 1 }).add({ months: 1 });
    const next = Temporal.PlainDate.compare(whole, end) > 0 ? end : whole;
    parts.push({
      fromMs: startOfDay(zones, date.toString()),
      toMs: startOfDay(zones, next.toString()),
      label: date.toString().slice(0, step === "day" ? 10 : 7),
    });
    date = next;
  }
  return parts.filter(({ fromMs, toMs }) => toMs > fromMs);
}

/** Hours count from the day's begin, so that the day is their sum also when the clock is moved by half an hour. */
function hoursOf(zones: Zones, day: Temporal.PlainDate): Stretch[] {
  const [beginMs, endMs] = [
    startOfDay(zones, day.toString()),
    startOfDay(zones, day.add({ days: 1 }).toString()),
  ];
  const hours: Stretch[] = [];
  for (let fromMs = beginMs; fromMs < endMs; fromMs += 3_600_000)
    hours.push({
      fromMs,
      toMs: Math.min(fromMs + 3_600_000, endMs),
      label: at(zones, fromMs).toPlainTime().toString({ smallestUnit: "minute" }),
    });
  return hours;
}
