/** `answers`: who answers which kind of request, and who may ask for it. */
import {
  ARCHIVED,
  asked,
  isRequestKind,
  UNREADABLE,
  type RequestKind,
} from "#shared/model/requests.ts";
import { isFault } from "#shared/model/fault.ts";
import type { WriterId } from "#shared/model/ids.ts";
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

/** A site's clock may be ahead of the hub's, or behind it, by this much and still be believed, ms. */
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
  const [nowMs, atMs] = [context.hub.clock.now(), Date.parse(context.request.at)];
  const addMs = await behindBy(context);
  const words = notAhead(moved(said, atMs, addMs), nowMs);
  const askedAt = new Date(Math.min(atMs + addMs, nowMs)).toISOString();
  const answer = answers[kind] as { of: "installer" | "resident"; by: Answering<RequestKind> };
  const parsed = asked[kind].safeParse(words);
  const isTheirs = answer.of === "installer" ? by === "installer" : by.startsWith("r-");
  if (!parsed.success || !isTheirs) return UNREADABLE;
  return answer.by({ ...context, askedAt }, parsed.data);
}

/**
 * Asked before the `site` was made that whoever asked had before their eyes: the gateway's clock was behind,
 * and a meter would have hung in the home ever since. By how much, ms, as the gateway told afterwards; where it
 * did not tell, up to now.
 */
async function behindBy({ hub, community, gatewayId, request }: AskedContext): Promise<number> {
  const [atMs, seenMs, nowMs] = [
    Date.parse(request.at),
    Date.parse(request.seenAt),
    hub.clock.now(),
  ];
  if (atMs >= seenMs - AHEAD_MS) return 0;
  let addMs = nowMs - atMs;
  const writer = gatewayId as string as WriterId;
  for await (const told of hub.events.read(community.tenant, "clock", { writer })) {
    const rightMs = atMs + told.addMs;
    if (rightMs >= seenMs - AHEAD_MS && rightMs <= nowMs + AHEAD_MS) addMs = told.addMs;
  }
  return addMs;
}

/**
 * What was done "now" by a clock that was behind was done when it should have shown. Other times stand: they
 * were told by people.
 */
function moved(
  words: Readonly<Record<string, unknown>>,
  atMs: number,
  addMs: number,
): Readonly<Record<string, unknown>> {
  if (addMs === 0) return words;
  const one = (name: string) => {
    const ms = Date.parse(String(words[name]));
    return Math.abs(ms - atMs) <= AHEAD_MS ? { [name]: new Date(ms + addMs).toISOString() } : {};
  };
  return { ...words, ...one("from"), ...one("to") };
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
