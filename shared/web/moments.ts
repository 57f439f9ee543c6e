/**
 * `moments`: times and dates in words of the reader's language and the building's zone.
 */
import { noonOf, type LocalDate, type Span } from "./local-dates.ts";

/** The locale a language is written in: dates day first. */
const LOCALES: Readonly<Record<string, string>> = { en: "en-GB" };

export function localeOf(language: string): string {
  return LOCALES[language] ?? language;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function written(
  at: Date,
  language: string,
  zone: string,
  options: Intl.DateTimeFormatOptions,
): string {
  const key = `${language} ${zone} ${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(localeOf(language), { ...options, timeZone: zone });
    formats.set(key, format);
  }
  return format.format(at);
}

/** The local date of a moment in a zone. */
export function localDateOf(at: string | Date, zone: string): LocalDate {
  return written(new Date(at), "sv-SE", zone, {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
}

/** `10:42`. */
export function clockTime(at: string, zone: string, language: string): string {
  return written(new Date(at), language, zone, {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
}

/** `10:42` on the day itself, `12 Nov, 10:42` before. */
export function timeOrDate(at: string, today: LocalDate, zone: string, language: string): string {
  const time = clockTime(at, zone, language);
  const date = localDateOf(at, zone);
  if (date === today) return time;
  return `${shortDate(date, language, date.slice(0, 4) !== today.slice(0, 4))}, ${time}`;
}

/** `15 March`, with the year when asked for. */
export function longDate(date: LocalDate, language: string, withYear = false): string {
  return written(noonOf(date), language, "UTC", {
    day: "numeric",
    month: "long",
    ...(withYear ? { year: "numeric" as const } : {}),
  });
}

/** `15 Mar`. */
export function shortDate(date: LocalDate, language: string, withYear = false): string {
  return written(noonOf(date), language, "UTC", {
    day: "numeric",
    month: "short",
    ...(withYear ? { year: "numeric" as const } : {}),
  });
}

/** `Monday 23 November`. */
export function weekdayDate(date: LocalDate, language: string): string {
  return written(noonOf(date), language, "UTC", { weekday: "long", day: "numeric", month: "long" });
}

/** `Mon 23 Nov`. */
export function weekdayDateShort(date: LocalDate, language: string): string {
  return written(noonOf(date), language, "UTC", {
    weekday: "short",
    day: "numeric",
    month: "short",
  });
}

/** `November`, for a date or a month `2026-11`. */
export function monthName(
  date: string,
  language: string,
  length: "long" | "short" | "narrow" = "long",
): string {
  return written(noonOf(`${date.slice(0, 7)}-01`), language, "UTC", { month: length });
}

/** What a span is called: `Monday 23 November`, `November 2026`, `2026`. */
export function spanTitle(span: Span, date: LocalDate, language: string): string {
  if (span === "year") return date.slice(0, 4);
  if (span === "day") return weekdayDate(date, language);
  return written(noonOf(date), language, "UTC", { month: "long", year: "numeric" });
}

/** `23 November 2026, 10:42:05 CET`: the exact time behind a relative one. */
export function exactTime(at: string, zone: string, language: string): string {
  return written(new Date(at), language, zone, {
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
  });
}

const STEPS = [
  ["second", 60],
  ["minute", 60],
  ["hour", 24],
  ["day", 60.88],
  ["month", 12],
  ["year", Infinity],
] as const;

/** `3 min ago`; what lies less than a minute back is "now". */
export function relative(at: string, nowMs: number, language: string): string {
  const format = new Intl.RelativeTimeFormat(localeOf(language), { style: "short" });
  const now = new Intl.RelativeTimeFormat(localeOf(language), { numeric: "auto" });
  let left = (Date.parse(at) - nowMs) / 1000;
  for (const [unit, size] of STEPS) {
    if (unit === "second" && Math.abs(left) < size) return now.format(0, "second");
    if (Math.abs(left) < size) return format.format(Math.trunc(left), unit);
    left /= unit === "day" ? size / 2 : size;
  }
  return "";
}

/** Each with how many seconds it has, and from how many of it on it is used. */
const LENGTHS = [
  ["day", 86_400, 2],
  ["hour", 3_600, 2],
  ["minute", 60, 1],
] as const;

/** `45 seconds`, `2 minutes`, `3 hours`: how long something lasts, rounded up. */
export function waitText(ms: number, language: string): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  const [unit, size] = LENGTHS.find(([, one, from]) => seconds >= one * from) ?? ["second", 1];
  return new Intl.NumberFormat(localeOf(language), {
    style: "unit",
    unit,
    unitDisplay: "long",
  }).format(Math.ceil(seconds / size));
}
