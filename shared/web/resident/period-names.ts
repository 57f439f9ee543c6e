/** `period-names`: what single periods are called: `14:00–15:00`, `Tuesday 3 November`, `November`. */
import type { Period } from "#shared/api/resident.ts";
import type { Span } from "../local-dates.ts";
import { clockTime, monthName, weekdayDate, weekdayDateShort } from "../moments.ts";

/** The period in full words. */
export function periodName(
  { from, to, label }: Period,
  span: Span,
  zone: string,
  language: string,
  isShort = false,
): string {
  if (span === "day") return `${clockTime(from, zone, language)}–${clockTime(to, zone, language)}`;
  if (span === "year") return monthName(label, language);
  return isShort ? weekdayDateShort(label, language) : weekdayDate(label, language);
}

/** What stands below a bar; most have nothing, so that it stays quiet. */
export function tickName({ label }: Period, span: Span, language: string): string | undefined {
  if (span === "year") return monthName(label, language, "narrow");
  if (span === "day")
    return Number(label.slice(0, 2)) % 6 === 0 && label.endsWith(":00")
      ? label.slice(0, 2)
      : undefined;
  const day = Number(label.slice(8, 10));
  return (day - 1) % 7 === 0 ? String(day) : undefined;
}
