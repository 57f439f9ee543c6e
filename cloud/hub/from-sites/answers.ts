/** `answers`: who answers which kind of request, and who may ask for it. */
import {
  ARCHIVED,
  asked,
  isRequestKind,
  UNREADABLE,
  type RequestKind,
} from "#shared/model/requests.ts";
import { isFault } from "#shared/model/fault.ts";
import type { AskedAnswer, AskedContext, Answering } from "./asked-answer.ts";
import { mount, unmount } from "./mounted.ts";
import { register } from "./registered.ts";
import { residentSettings } from "./resident-settings.ts";

const answers: {
  readonly [K in RequestKind]: { readonly of: "installer" | "resident"; readonly by: Answering<K> };
} = {
  register: { of: "installer", by: register },
  mount: { of: "installer", by: mount },
  unmount: { of: "installer", by: unmount },
  "resident-settings": { of: "resident", by: residentSettings },
};

/** A site's clock may be ahead of the hub's by this much and still be believed, ms. */
const AHEAD_MS = 300_000;

/**
 * What comes of a request: also a "no" of any kind, such as an archived community's. Throws what is
 * no answer, to be tried again.
 */
export async function answerTo(context: AskedContext): Promise<AskedAnswer> {
  try {
    return await answered(context);
  } catch (error) {
    if (!isFault(error) || error.code === "unavailable" || error.code === "too_many") throw error;
    return { outcome: "refused", says: error.message };
  }
}

async function answered(context: AskedContext): Promise<AskedAnswer> {
  const { kind, by, asked: said } = context.request;
  if (!isRequestKind(kind)) return UNREADABLE;
  if (context.community.archivedAt !== undefined) return ARCHIVED;
  const words = notAhead(said, context.hub.clock.now());
  const answer = answers[kind] as { of: "installer" | "resident"; by: Answering<RequestKind> };
  const parsed = asked[kind].safeParse(words);
  const isTheirs = answer.of === "installer" ? by === "installer" : by.startsWith("r-");
  if (!parsed.success || !isTheirs) return UNREADABLE;
  return answer.by(context, parsed.data);
}

/** What was done was not done tomorrow: where the gateway's clock was ahead, it was done now. */
function notAhead(
  words: Readonly<Record<string, unknown>>,
  nowMs: number,
): Readonly<Record<string, unknown>> {
  const now = new Date(nowMs).toISOString();
  const isAhead = (at: unknown) => typeof at === "string" && Date.parse(at) > nowMs + AHEAD_MS;
  return {
    ...words,
    ...(isAhead(words.from) ? { from: now } : {}),
    ...(isAhead(words.to) ? { to: now } : {}),
  };
}
