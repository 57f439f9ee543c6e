/**
 * `session`: who is signed in on this page.
 *
 * Must never keep the code, nor anything else about a person, beyond the open page.
 */
import { effect, signal } from "@preact/signals";
import type { Me } from "#shared/api/resident.ts";
import { get, post, signedOutCount, type Refusal } from "../api-client.ts";
import { chosenLanguage } from "../language.ts";
import { go } from "../place.ts";
import { speech } from "./speech.ts";

/** One home of the person signed in. */
export type Home = Me["homes"][number];

export type Session =
  | { readonly is: "asking" }
  | { readonly is: "out"; readonly wasIn: boolean }
  | { readonly is: "failed"; readonly why: Refusal }
  | { readonly is: "in"; readonly me: Me };

export const session = signal<Session>({ is: "asking" });

/** Somebody is signed in: their language, where they have chosen none here, and their homes. */
export async function welcome(me: Me): Promise<void> {
  if (chosenLanguage() === undefined) await speech.speak(me.language);
  session.value = { is: "in", me };
}

/** Asks who is signed in, at the start and after a failure. */
export async function resume(): Promise<void> {
  const answer = await get<Me>("/me");
  if (answer.ok) await welcome(answer.value);
  else if (answer.why.code === "unauthorized") session.value = { is: "out", wasIn: false };
  else session.value = { is: "failed", why: answer.why };
}

/** Signs in with a code; what went wrong, or nothing. */
export async function signIn(code: string): Promise<Refusal | undefined> {
  const answer = await post<Me>("/sign-in", { code });
  if (!answer.ok) return answer.why;
  await welcome(answer.value);
  return undefined;
}

export async function signOut(): Promise<void> {
  await post("/sign-out");
  session.value = { is: "out", wasIn: false };
  go("/", "replace");
}

effect(() => {
  if (signedOutCount.value > 0 && session.peek().is === "in")
    session.value = { is: "out", wasIn: true };
});
