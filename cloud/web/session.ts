/** `session`: which operator is signed in on this page. Must never keep a password. */
import { effect, signal } from "@preact/signals";
import type { Operator, PasswordSignIn, Setup } from "#shared/api/admin.ts";
import { get, post, signedOutCount, type Refusal } from "#shared/web/api-client.ts";
import { go } from "#shared/web/place.ts";

export type Session =
  | { readonly is: "asking" }
  | { readonly is: "out"; readonly wasIn: boolean }
  | { readonly is: "failed"; readonly why: Refusal }
  | { readonly is: "in"; readonly operator: Operator };

export const session = signal<Session>({ is: "asking" });

/** Asks who is signed in, at the start, after a set-up and after a failure. */
export async function resume(): Promise<void> {
  const answer = await get<Operator>("/me");
  if (answer.ok) session.value = { is: "in", operator: answer.value };
  else if (answer.why.code === "unauthorized") session.value = { is: "out", wasIn: false };
  else session.value = { is: "failed", why: answer.why };
}

/** Signs in; what went wrong, or nothing. */
export async function signIn(who: PasswordSignIn): Promise<Refusal | undefined> {
  const answer = await post<Operator>("/sign-in", who);
  if (!answer.ok) return answer.why;
  session.value = { is: "in", operator: answer.value };
  return undefined;
}

/** Sets the hub up and signs in; what went wrong, or nothing. */
export async function setUp(setup: Setup): Promise<Refusal | undefined> {
  const answer = await post("/setup", setup);
  if (!answer.ok) return answer.why;
  go("/", "replace");
  await resume();
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
