/** `when`: a time as "3 min ago", with the exact time on hover and for machines. */
import { signal } from "@preact/signals";
import { serverNow } from "../api-client.ts";
import { language } from "../language.ts";
import { exactTime, relative } from "../moments.ts";

/** Ticks for all of them together. */
const nowMs = signal(serverNow());
setInterval(() => (nowMs.value = serverNow()), 15_000);

export interface WhenProps {
  readonly at: string;
  /** Zone of the exact time; the reader's own when there is none. */
  readonly zone?: string | undefined;
}

export function When({ at, zone }: WhenProps) {
  const place = zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <time dateTime={at} title={exactTime(at, place, language.value)} class="number">
      {relative(at, Math.max(nowMs.value, Date.parse(at)), language.value)}
    </time>
  );
}
