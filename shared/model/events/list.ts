/**
 * The documents of `t-{tenant}-events-{yyyymm}`: each is written once, by the writer its `_id`
 * names (`e:{writer}:{type}:…`), and says its `type` and version. The hub's rule for what gateways
 * may write is made from this list.
 */
import { z } from "zod";
import { AnswerDoc } from "./answer.ts";
import { ClockCorrectionDoc } from "./clock-correction.ts";
import { DailyCountDoc } from "./daily-count.ts";
import { LedgerPageDoc } from "./ledger-page.ts";
import { RequestDoc } from "./request.ts";
import { SiteSignInDoc } from "./site-sign-in.ts";

export const EventDoc = z.discriminatedUnion("type", [
  DailyCountDoc,
  ClockCorrectionDoc,
  LedgerPageDoc,
  RequestDoc,
  AnswerDoc,
  SiteSignInDoc,
]);
export type EventDoc = z.infer<typeof EventDoc>;
export type EventTypeName = EventDoc["type"];
export type EventOf<T extends EventTypeName> = Extract<EventDoc, { type: T }>;

/** Who may write an event of a type; what the hub alone says no gateway may say for it. */
const writers = {
  count: "gateways",
  clock: "gateways",
  ledger: "gateways",
  request: "gateways",
  answer: "hub",
  "site-sign-in": "gateways",
} as const satisfies Record<EventTypeName, "gateways" | "hub" | "both">;

/** The types a gateway may write. */
export const gatewayEventTypes: readonly string[] = Object.entries(writers)
  .filter(([, who]) => who !== "hub")
  .map(([type]) => type);

/** An event as it should be, or undefined. */
export function parseEvent(doc: unknown): EventDoc | undefined {
  const parsed = EventDoc.safeParse(doc);
  return parsed.success ? parsed.data : undefined;
}
