/**
 * `oidc`: signing in by an OpenID Connect provider, with PKCE, state and nonce.
 *
 * What belongs to one attempt travels sealed in a cookie of the browser that began it, so that
 * nobody finishes what somebody else began. A provider speaks for its own organization's people
 * alone: whoever is somebody elsewhere too is not let in by it.
 *
 * @see OpenID Connect Core 1.0; RFC 7636 (PKCE); RFC 9700 section 2.1
 */
import * as client from "openid-client";
import { z } from "zod";
import type { Hub } from "#cloud/hub/hub.ts";
import { openText, sealText } from "#cloud/hub/sealed-text.ts";
import { Fault } from "#shared/model/fault.ts";
import type { ProviderDoc } from "./provider-store.ts";

export const CALLBACK_PATH = "/api/v1/sign-in/oidc/callback";
/** An attempt is finished by then, ms. */
export const ATTEMPT_MS = 600_000;
/** A provider that says nothing for so long is away, s. */
const PATIENCE_S = 10;
const ABOUT = "oidc-attempt";

const Attempt = z.object({
  providerId: z.string(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  expiresMs: z.number(),
  /** The invitation it began with. */
  token: z.string().nullable(),
});
export type Attempt = z.infer<typeof Attempt>;

/** Who the provider says it is. */
export interface Claimed {
  readonly issuer: string;
  readonly subject: string;
  /** Only when the provider has verified it. */
  readonly email: string | undefined;
}

/** A provider's description and keys. @throws what the line or the provider said */
export async function discovered(hub: Hub, provider: ProviderDoc): Promise<client.Configuration> {
  const secret = await hub.providers.secretOf(provider);
  const issuer = new URL(provider.issuer);
  const auth = secret === undefined ? client.None() : client.ClientSecretPost(secret);
  return client.discovery(issuer, provider.clientId, undefined, auth, {
    timeout: PATIENCE_S,
    // All it asks from then on goes this way too.
    [client.customFetch]: (url, options) => hub.outbound.fetch(url, options),
    // In the clear only to this very machine, where nobody listens in between.
    ...(isThisMachine(issuer) ? { execute: [client.allowInsecureRequests] } : {}),
  });
}

const isThisMachine = ({ protocol, hostname }: URL) =>
  protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(hostname);

/** Where to send the browser, and what it keeps until it comes back. @throws Fault "unavailable" */
export async function beginAttempt(
  hub: Hub,
  provider: ProviderDoc,
  hubUrl: string,
  token: string | null,
): Promise<{ url: string; sealed: string }> {
  const config = await discovered(hub, provider).catch((error: unknown) => {
    throw new Fault("unavailable", `${provider.name} does not answer.`, {}, error);
  });
  const attempt: Attempt = {
    providerId: provider.providerId,
    state: client.randomState(),
    nonce: client.randomNonce(),
    verifier: client.randomPKCECodeVerifier(),
    expiresMs: hub.clock.now() + ATTEMPT_MS,
    token,
  };
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: `${hubUrl}${CALLBACK_PATH}`,
    scope: "openid email profile",
    code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
    code_challenge_method: "S256",
    state: attempt.state,
    nonce: attempt.nonce,
  });
  const sealed = await sealText(hub.secrets.masterKey, ABOUT, JSON.stringify(attempt));
  return { url: url.href, sealed };
}

/** What a browser kept. @throws Fault "unauthorized" when it is none of ours, or too old */
export async function attemptOf(hub: Hub, sealed: string | undefined): Promise<Attempt> {
  const refused = () =>
    new Fault("unauthorized", "The sign-in took too long or began elsewhere. Please try again.");
  if (sealed === undefined) throw refused();
  const text = await openText(hub.secrets.masterKey, ABOUT, sealed).catch(() => {
    throw refused();
  });
  const attempt = Attempt.parse(JSON.parse(text));
  if (attempt.expiresMs <= hub.clock.now()) throw refused();
  return attempt;
}

/** Redeems the code the browser came back with. @throws Fault "unauthorized" for anything that is not right */
export async function claimed(
  hub: Hub,
  provider: ProviderDoc,
  attempt: Attempt,
  cameBack: URL,
): Promise<Claimed> {
  try {
    const config = await discovered(hub, provider);
    const tokens = await client.authorizationCodeGrant(config, cameBack, {
      pkceCodeVerifier: attempt.verifier,
      expectedState: attempt.state,
      expectedNonce: attempt.nonce,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (!claims) throw new Error("no claims");
    let { email, email_verified: isVerified } = claims;
    if (email === undefined && config.serverMetadata().userinfo_endpoint !== undefined) {
      const info = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
      ({ email, email_verified: isVerified } = info);
    }
    return {
      issuer: claims.iss,
      subject: claims.sub,
      email: isVerified === true && typeof email === "string" ? email : undefined,
    };
  } catch (error) {
    throw new Fault("unauthorized", `The sign-in by ${provider.name} failed.`, {}, error);
  }
}
