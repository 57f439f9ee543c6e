/**
 * `left-behind-notice`: how many meters' radio sessions did not go on with the machine that took
 * another's place, which, and what to do. Its words are fetched when there is something to say.
 */
import { useEffect, useState } from "preact/hooks";
import type { LeftBehindRow } from "#shared/api/gateway-admin.ts";
import type { Language } from "#shared/api/resident.ts";
import { language } from "../language.ts";
import { localeOf } from "../moments.ts";
import type { LeftBehindWords } from "../words/left-behind/en.ts";
import "./left-behind-notice.css";

const tongues: Readonly<Record<Language, () => Promise<LeftBehindWords>>> = {
  en: async () => (await import("../words/left-behind/en.ts")).en,
  es: async () => (await import("../words/left-behind/es.ts")).es,
  de: async () => (await import("../words/left-behind/de.ts")).de,
  fr: async () => (await import("../words/left-behind/fr.ts")).fr,
};

export interface LeftBehindNoticeProps {
  /** Those that are known by their device. */
  readonly named: readonly LeftBehindRow[];
  /** How many more there are. */
  readonly others?: number;
  /** Where a device's own page is; undefined where devices have none. */
  readonly pageOf?: (device: string) => string;
}

export function LeftBehindNotice({ named, others = 0, pageOf }: LeftBehindNoticeProps) {
  const many = named.length + others;
  const [words, setWords] = useState<LeftBehindWords>();
  const tongue = language.value;
  useEffect(() => {
    let isWanted = many > 0;
    if (isWanted)
      tongues[tongue]().then(
        (fetched) => isWanted && setWords(fetched),
        () => undefined,
      );
    return () => void (isWanted = false);
  }, [tongue, many > 0]);
  if (many === 0 || words === undefined) return null;
  const number = new Intl.NumberFormat(localeOf(tongue)).format(many);
  return (
    <div class="left-behind" role="status">
      <p class="left-behind-title">{words.title(number, many === 1)}</p>
      <p class="small">{words.text}</p>
      {named.length > 0 && (
        // Long lists scroll: with the keyboard, too.
        <ul tabIndex={0} aria-label={words.title(number, many === 1)}>
          {named.map(({ device, why }) => (
            <li key={device}>
              {pageOf === undefined ? (
                <span class="mono small">{device}</span>
              ) : (
                <a class="mono small" href={pageOf(device)}>
                  {device}
                </a>
              )}
              <span class="small">{words.reasons[why]}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
