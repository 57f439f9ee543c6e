/**
 * `freshness-text`: the last line of the page in words: how recent the numbers are, and what is
 * amiss. Pure. Must never say more than is known.
 */
import type { Freshness } from "#shared/api/resident.ts";
import { number } from "../quantities.ts";
import { localeOf, timeOrDate } from "../moments.ts";
import type { Words } from "../words/en.ts";

export interface FreshnessView {
  readonly freshness: Freshness;
  /** Local date in the building. */
  readonly today: string;
  readonly zone: string;
  readonly language: string;
  /** False when this page cannot reach who tells it. */
  readonly isConnected: boolean;
}

/** A reading older than this is worth a different mark: most meters report each day. */
const STALE_MS = 26 * 3_600_000;

/** `tone` colours the mark; `parts` are joined by a dot. */
export function freshnessText(
  words: Words["fresh"],
  { freshness, today, zone, language, isConnected }: FreshnessView,
  nowMs: number,
): { tone: "ok" | "warn"; text: string } {
  const {
    last_reading_at: lastReadingAt,
    is_hub_reached: isHubReached,
    hub_away_since: hubAwaySince,
    waiting,
    is_keeping: isKeeping,
  } = freshness;
  const when = (at: string) => timeOrDate(at, today, zone, language);
  const parts = [lastReadingAt === null ? words.none : words.dataOf(when(lastReadingAt))];
  if (!isConnected) parts.push(words.cutOff);
  // Just now the other sentences would say that nothing is lost.
  if (!isKeeping) return { tone: "warn", text: [...parts, words.notKeeping].join(" · ") };
  const count = number(waiting, 0, localeOf(language));
  if (!isHubReached) {
    const away = hubAwaySince === null ? words.awayPlain : words.away(when(hubAwaySince));
    parts.push(waiting > 0 ? `${away}; ${words.waiting(count, waiting === 1)}` : away);
  } else if (waiting > 0) parts.push(words.onTheWay(count, waiting === 1));
  const isStale = lastReadingAt === null || nowMs - Date.parse(lastReadingAt) > STALE_MS;
  return { tone: isConnected && isHubReached && !isStale ? "ok" : "warn", text: parts.join(" · ") };
}
