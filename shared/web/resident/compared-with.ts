/** `compared-with`: what a comparison is with, in words: `1–22 October`, `2025`. */
import type { Consumption } from "#shared/api/resident.ts";
import type { LocalDate, Span } from "../local-dates.ts";
import { noonOf } from "../local-dates.ts";
import { clockTime, localeOf, shortDate, spanTitle } from "../moments.ts";
import type { Comparison } from "./amounts.ts";

export function comparedWith(
  before: Consumption,
  { count, isWhole }: Comparison,
  span: Span,
  date: LocalDate,
  language: string,
): string {
  const last = before.periods[count - 1];
  if (isWhole || last === undefined) return spanTitle(span, date, language);
  if (span === "day") {
    const first = before.periods[0] ?? last;
    return `${shortDate(date, language)}, ${clockTime(first.from, before.zone, language)}–${clockTime(last.to, before.zone, language)}`;
  }
  const format = new Intl.DateTimeFormat(localeOf(language), {
    timeZone: "UTC",
    month: "long",
    ...(span === "month" ? { day: "numeric" as const } : { year: "numeric" as const }),
  });
  const end = span === "month" ? last.label : `${last.label}-01`;
  return format.formatRange(noonOf(date), noonOf(end));
}
