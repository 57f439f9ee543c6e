/** `answers`: who answers which kind of request, and who may ask for it. */
import { asked, isRequestKind, UNREADABLE, type RequestKind } from "#shared/model/requests.ts";
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

/** What comes of a request. Throws what is no answer, to be tried again. */
export async function answerTo(context: AskedContext): Promise<AskedAnswer> {
  const { kind, by, asked: words } = context.request;
  if (!isRequestKind(kind)) return UNREADABLE;
  const answer = answers[kind] as { of: "installer" | "resident"; by: Answering<RequestKind> };
  const parsed = asked[kind].safeParse(words);
  const isTheirs = answer.of === "installer" ? by === "installer" : by.startsWith("r-");
  if (!parsed.success || !isTheirs) return UNREADABLE;
  return answer.by(context, parsed.data);
}
