/** `links`: addresses of the residents' pages. */
import type { LocalDate, Span } from "../local-dates.ts";

export function homeLink(unitId: string): string {
  return `/homes/${encodeURIComponent(unitId)}`;
}

export function meterLink(unitId: string, meterId: string, span?: Span, date?: LocalDate): string {
  const path = `${homeLink(unitId)}/meters/${encodeURIComponent(meterId)}`;
  const asked = new URLSearchParams();
  if (span !== undefined) asked.set("span", span);
  if (date !== undefined) asked.set("date", date);
  return asked.size === 0 ? path : `${path}?${asked}`;
}
