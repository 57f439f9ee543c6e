/** `site-request`: a request made at this gateway, and what the hub said to it. */
import type { AnswerDoc } from "#shared/model/events/answer.ts";
import type { RequestDoc } from "#shared/model/events/request.ts";
import { asked, isRequestKind, type Asked, type RequestKind } from "#shared/model/requests.ts";

export type Answer = Pick<AnswerDoc, "outcome" | "reason" | "at">;

interface Of<K extends RequestKind> {
  readonly requestId: RequestDoc["requestId"];
  readonly kind: K;
  readonly by: RequestDoc["by"];
  readonly at: string;
  readonly asked: Asked<K>;
  /** Absent: it waits for the hub. */
  readonly answer?: Answer;
}
export type SiteRequest = { [K in RequestKind]: Of<K> }[RequestKind];

/** What a document asks for; undefined for a kind this version does not know. */
export function siteRequestOf(
  doc: Pick<RequestDoc, "requestId" | "kind" | "by" | "at" | "asked">,
  answer?: Answer,
): SiteRequest | undefined {
  const { requestId, kind, by, at } = doc;
  if (!isRequestKind(kind)) return undefined;
  const parsed = asked[kind].safeParse(doc.asked);
  if (!parsed.success) return undefined;
  return { requestId, kind, by, at, asked: parsed.data, ...(answer && { answer }) } as SiteRequest;
}

/**
 * Whether it still changes what the gateway does: until the hub answers, and after a "done" until
 * the `site` that was projected since has arrived. What the hub refused ends at once.
 */
export function acts({ answer }: SiteRequest, projectedAt: string): boolean {
  if (!answer) return true;
  const isDone = answer.outcome === "done" || answer.outcome === "done-already";
  return isDone && Date.parse(projectedAt) < Date.parse(answer.at);
}
