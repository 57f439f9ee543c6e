/** `asked-answer`: what answering one request needs to know, and what comes of it. */
import type { CommunityDoc, Hub } from "#cloud/hub/hub.ts";
import type { GatewayId, PersonId } from "#shared/model/ids.ts";
import type { RequestDoc } from "#shared/model/events/request.ts";
import type { Asked, Outcome, RequestKind } from "#shared/model/requests.ts";

export interface AskedContext {
  readonly hub: Hub;
  readonly community: CommunityDoc;
  readonly gatewayId: GatewayId;
  readonly request: RequestDoc;
}

export interface AnswerContext extends AskedContext {
  /** When it was asked, by the hub's time: whatever the gateway's clock said. */
  readonly askedAt: string;
}

export interface AskedAnswer {
  readonly outcome: Outcome;
  /** For whoever asked, without a person in it; absent when all went as asked. */
  readonly says?: string;
  readonly target?: { readonly type: string; readonly id: string };
  readonly forWhom?: PersonId;
  readonly before?: Record<string, unknown>;
  readonly after?: Record<string, unknown>;
}

/** Does what is asked, once: asked again, it is done already. Throws what is no answer, to be tried again. */
export type Answering<K extends RequestKind> = (
  context: AnswerContext,
  asked: Asked<K>,
) => Promise<AskedAnswer>;
