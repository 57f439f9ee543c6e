/**
 * `hub-trouble-notice`: what keeps a gateway and its hub from being in step: what it means and what
 * to do, in the reader's language. Its words are fetched when there is something to say.
 */
import { useEffect, useState } from "preact/hooks";
import type { HubTrouble } from "#shared/api/gateway-talk.ts";
import type { Language } from "#shared/api/resident.ts";
import type { HubTroubleCode } from "#shared/model/hub-troubles.ts";
import { language } from "../language.ts";
import { localeOf } from "../moments.ts";
import type { HubTroubleWords } from "../words/hub-troubles/en.ts";
import { Badge } from "./badge.tsx";
import "./hub-trouble-notice.css";

const tongues: Readonly<Record<Language, () => Promise<HubTroubleWords>>> = {
  en: async () => (await import("../words/hub-troubles/en.ts")).en,
  es: async () => (await import("../words/hub-troubles/es.ts")).es,
  de: async () => (await import("../words/hub-troubles/de.ts")).de,
  fr: async () => (await import("../words/hub-troubles/fr.ts")).fr,
};

/** Here something may be lost. */
const UNSAFE: ReadonlySet<HubTroubleCode> = new Set(["disk_full", "disk_failing"]);
/** The log says more than the code. */
const TOLD_BY_LOG: ReadonlySet<HubTroubleCode> = new Set([
  "disk_failing",
  "hub_failing",
  "unexpected",
]);

/** A stretch of time in its largest fitting unit. @param seconds at least 0 */
function timeText(seconds: number, tongue: Language): string {
  const [unit, size] =
    seconds < 120
      ? (["second", 1] as const)
      : seconds < 7_200
        ? (["minute", 60] as const)
        : seconds < 172_800
          ? (["hour", 3_600] as const)
          : (["day", 86_400] as const);
  const style = { style: "unit", unit, unitDisplay: "long" } as const;
  return new Intl.NumberFormat(localeOf(tongue), style).format(Math.round(seconds / size));
}

/** What is known of it beside the code. */
function more({ code, status, seconds = 0 }: HubTrouble, words: HubTroubleWords): string {
  const said = status === undefined ? "" : words.answered(String(status));
  if (seconds === 0) return said;
  const time = timeText(Math.abs(seconds), language.value);
  if (code === "too_many") return words.again(time);
  return seconds > 0 ? words.behind(time) : words.ahead(time);
}

export interface HubTroubleNoticeProps {
  readonly title: string;
  /** Null from a gateway that says only the sentence. */
  readonly trouble: HubTrouble | null;
  /** As the gateway logged it, in English. */
  readonly sentence: string;
}

/** What it means in a sentence; as it was logged, until its words are there. */
export function HubTroubleMeans({ trouble, sentence }: Omit<HubTroubleNoticeProps, "title">) {
  const words = useTroubleWords(trouble !== null);
  const [means] = (trouble && words?.troubles[trouble.code]) ?? [];
  return means === undefined ? <span lang="en">{sentence}</span> : <span>{means}</span>;
}

function useTroubleWords(isTold: boolean): HubTroubleWords | undefined {
  const [words, setWords] = useState<HubTroubleWords>();
  const tongue = language.value;
  useEffect(() => {
    let isWanted = isTold;
    // Without them the sentence stands there, as it does for older gateways.
    tongues[tongue]().then(
      (fetched) => isWanted && setWords(fetched),
      () => undefined,
    );
    return () => void (isWanted = false);
  }, [tongue, isTold]);
  return words;
}

export function HubTroubleNotice({ title, trouble, sentence }: HubTroubleNoticeProps) {
  const words = useTroubleWords(trouble !== null);
  const [means, remedy] = (trouble && words?.troubles[trouble.code]) ?? [];
  if (trouble === null || words === undefined || means === undefined)
    return (
      <div class="hub-trouble" role="status">
        <Badge tone="warn">{title}</Badge>
        <p class="small" lang="en">
          {sentence}
        </p>
      </div>
    );
  return (
    <div class="hub-trouble" role="status">
      <Badge tone="warn">{title}</Badge>
      <p class="hub-trouble-means">{means}</p>
      <p class="small">
        {remedy} {more(trouble, words)}
      </p>
      {TOLD_BY_LOG.has(trouble.code) && (
        <p class="mono tiny" lang="en">
          {sentence}
        </p>
      )}
      {!UNSAFE.has(trouble.code) && <p class="small muted">{words.safe}</p>}
    </div>
  );
}
