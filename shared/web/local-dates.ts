/**
 * `local-dates`: counting with dates of the building's calendar, `2026-11-23`, without a zone.
 *
 * Text in, text out: the building's dates are told by the API and never guessed from a clock.
 */
export type LocalDate = string;

/** What a detail view shows at a time, and the step of its bars. */
export type Span = "day" | "month" | "year";
export const spans = ["day", "month", "year"] as const satisfies readonly Span[];
export const stepOf = { day: "hour", month: "day", year: "month" } as const satisfies Record<
  Span,
  string
>;

function utc(date: LocalDate): Date {
  return new Date(`${date}T00:00:00Z`);
}

function text(date: Date): LocalDate {
  return date.toISOString().slice(0, 10);
}

export function addDays(date: LocalDate, days: number): LocalDate {
  const moved = utc(date);
  moved.setUTCDate(moved.getUTCDate() + days);
  return text(moved);
}

/** First day of the span that holds `date`. */
export function startOf(span: Span, date: LocalDate): LocalDate {
  if (span === "day") return date;
  return span === "month" ? `${date.slice(0, 7)}-01` : `${date.slice(0, 4)}-01-01`;
}

/** First day of the span `steps` after the one that holds `date`. */
export function shift(span: Span, date: LocalDate, steps: number): LocalDate {
  const start = startOf(span, date);
  if (span === "day") return addDays(start, steps);
  const moved = utc(start);
  if (span === "month") moved.setUTCMonth(moved.getUTCMonth() + steps);
  else moved.setUTCFullYear(moved.getUTCFullYear() + steps);
  return text(moved);
}

/** `from` and the exclusive `to` of the span that holds `date`. */
export function bounds(span: Span, date: LocalDate): { from: LocalDate; to: LocalDate } {
  return { from: startOf(span, date), to: shift(span, date, 1) };
}

/** A moment at noon UTC of a date, for calendar words that need no zone. */
export function noonOf(date: LocalDate): Date {
  return new Date(`${date}T12:00:00Z`);
}
