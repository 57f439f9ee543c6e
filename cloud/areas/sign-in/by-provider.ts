/**
 * `by-provider`: in by another provider. An account there becomes somebody's here by its verified
 * address alone, and once; from then on by what the provider calls it.
 */
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { z } from "zod";
import type { AreaParts } from "#cloud/api/area-parts.ts";
import type { Trail } from "#cloud/api/trail.ts";
import { route } from "#cloud/api/route.ts";
import { mailboxHash } from "#cloud/auth/link-store.ts";
import { ATTEMPT_MS, attemptOf, beginAttempt, claimed, type Claimed } from "#cloud/auth/oidc.ts";
import { ProviderId, type ProviderDoc } from "#cloud/auth/provider-store.ts";
import type { Identity, PersonDoc } from "#cloud/auth/people-store.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { Token } from "#shared/api/admin.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import { OrganizationId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import { checkMayEnter, enter, guarded } from "./entering.ts";
import { noteSignIn } from "./password.ts";
import { providersOf } from "./providers.ts";

const scope = systemScope("by-provider");
const COOKIE = "riser_oidc";

export const offeredProviders = route({
  method: "get",
  path: "/sign-in/providers",
  right: "public",
  title: "Other ways to sign in; of one organization where there are several.",
  query: z.object({ organization: OrganizationId.optional() }),
  answer: { data: z.array(z.object({ id: z.string(), name: z.string() })) },
  open:
    ({ hub }) =>
    async ({ query }) => {
      const all = await hub.registry.organizations();
      const one = query.organization ?? (all.length === 1 ? all[0]?.organizationId : undefined);
      return one === undefined ? [] : providersOf(hub, one);
    },
});

export const beginByProvider = route({
  method: "post",
  path: "/sign-in/oidc",
  right: "public",
  title: "Where to go to sign in by a provider; with an invitation's token it is accepted by it.",
  body: z.strictObject({ provider: ProviderId, token: Token.nullable().default(null) }),
  answer: { data: z.object({ url: z.string() }) },
  isHarmless: true,
  open:
    (parts) =>
    ({ body, c }) =>
      guarded(parts, c, async () => {
        const { hub, url } = parts;
        const provider = await hub.providers.find(body.provider);
        const begun = await beginAttempt(hub, provider, url(), body.token);
        setCookie(c, COOKIE, begun.sealed, cookieOptions(url()));
        return { url: begun.url };
      }),
});

export const comeBack = route({
  method: "get",
  path: "/sign-in/oidc/callback",
  anyQuery: true,
  right: "public",
  title: "Where a provider sends people back to.",
  answer: { file: ["text/html"] },
  open:
    (parts) =>
    async ({ trail, c }) => {
      const { url } = parts;
      const sealed = getCookie(c, COOKIE);
      deleteCookie(c, COOKIE, cookieOptions(url()));
      try {
        await guarded(parts, c, () => finish(parts, c, trail, sealed));
        return c.redirect("/");
      } catch (error) {
        if (!isFault(error)) throw error;
        parts.onSignInFailed();
        // The page says it in words; the address says no more than a reason.
        const reason = typeof error.details.reason === "string" ? error.details.reason : error.code;
        return c.redirect(`/#sign-in=${encodeURIComponent(reason)}`);
      }
    },
});

const cookieOptions = (hubUrl: string) =>
  ({
    path: "/api/v1/sign-in",
    httpOnly: true,
    sameSite: "Lax",
    secure: hubUrl.startsWith("https:"),
    maxAge: ATTEMPT_MS / 1000,
  }) as const;

async function finish(
  parts: AreaParts,
  c: Context,
  trail: Trail,
  sealed: string | undefined,
): Promise<void> {
  const { hub, url } = parts;
  const attempt = await attemptOf(hub, sealed);
  const provider = await hub.providers.find(attempt.providerId);
  const cameBack = new URL(`${url()}${new URL(c.req.url).pathname}${new URL(c.req.url).search}`);
  const who = await claimed(hub, provider, attempt, cameBack);
  const person = await personOf(hub, provider, who, attempt.token);
  noteSignIn(trail, person, "person.sign-in");
  checkMayEnter(person);
  // It speaks for its own organization: with it nobody gets into another one.
  if (person.memberships.some((one) => one.organizationId !== provider.organizationId))
    throw new Fault("forbidden", "Who belongs to several organizations signs in with a password.", {
      reason: "several",
    });
  const known = await linked(hub, provider, who, person);
  await hub.links.end(person.personId, ["activate"]);
  await enter(parts, c, known, "oidc");
}

/** @throws Fault "unauthorized" when nobody here is meant */
async function personOf(
  hub: Hub,
  provider: ProviderDoc,
  who: Claimed,
  token: string | null,
): Promise<PersonDoc> {
  const isSame = (one: Identity) =>
    one.issuer === who.issuer &&
    one.subject === who.subject &&
    one.organizationId === provider.organizationId;
  const known = (await hub.people.list(scope)).find(({ identities }) => identities?.some(isSame));
  if (known) return known;
  const unknown = () =>
    new Fault("unauthorized", "There is no access here for this account.", { reason: "unknown" });
  if (who.email === undefined) throw unknown();
  const link = token === null ? undefined : await hub.links.find(token, ["activate"]);
  const person = link
    ? await hub.people.find(scope, link.personId)
    : await hub.people.findByEmail(scope, who.email);
  if (!person || person.email === null || mailboxHash(person.email) !== mailboxHash(who.email))
    throw unknown();
  return person;
}

/** The account is theirs from now on. */
async function linked(
  hub: Hub,
  { organizationId }: ProviderDoc,
  { issuer, subject }: Claimed,
  person: PersonDoc,
): Promise<PersonDoc> {
  const isKnown = person.identities?.some(
    (one) =>
      one.issuer === issuer && one.subject === subject && one.organizationId === organizationId,
  );
  if (isKnown) return person;
  const now = new Date(hub.clock.now()).toISOString();
  return hub.people.change(scope, person.personId, (old) => {
    const identities = [
      ...(old.identities ?? []),
      { issuer, subject, organizationId, linkedAt: now },
    ];
    if (old.emailVerifiedAt !== undefined) return { ...old, identities };
    // Somebody may have made this sign-in with an address that is not theirs and wait for its
    // owner: what was set before the owner was known opens nothing any more.
    const { passwordHash: _p, mustChangePassword: _m, ...rest } = old;
    return {
      ...rest,
      identities,
      emailVerifiedAt: now,
      signInEpoch: (old.signInEpoch ?? 0) + 1,
    };
  });
}
