/** `moment`: what somebody wrote as a time of a community: a moment, or a date that begins in its zone. */
import { startOfDay } from "#shared/series/calendar.ts";
import type { CommunityDoc } from "./hub.ts";

/** ISO 8601 in UTC. @throws Fault "invalid" for a date that is none */
export function momentOf({ zones }: Pick<CommunityDoc, "zones">, text: string): string {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return new Date(text).toISOString();
  const known = zones.map(({ from, zone }) => ({ fromMs: Date.parse(from), zone }));
  return new Date(startOfDay(known, text)).toISOString();
}
