/** `freshness-line`: always the last line, always true. */
import { useEffect, useState } from "preact/hooks";
import { serverNow } from "../api-client.ts";
import { freshnessText, type FreshnessView } from "./freshness-text.ts";
import { speech } from "./speech.ts";
import "./freshness-line.css";

export function FreshnessLine(view: FreshnessView) {
  const [nowMs, setNowMs] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(serverNow()), 60_000);
    return () => clearInterval(timer);
  }, []);
  const { tone, text } = freshnessText(speech.words.fresh, view, Math.max(nowMs, serverNow()));
  return (
    <p class={`freshness freshness-${tone}`} role="status">
      <span class="freshness-mark" aria-hidden="true" />
      <span>{text}</span>
    </p>
  );
}
