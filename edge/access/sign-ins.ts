/**
 * `sign-ins`: who is signed in on this gateway's pages.
 *
 * A sign-in is an opaque token; only its hash is kept, in `local`. It ends when it expires, when
 * its owner signs out, and when the code it began with is gone or disabled in `site`.
 *
 * History: 1 = first release.
 */
import { parseAccessCode } from "#shared/auth/access-code.ts";
import type { Attempts } from "#shared/auth/attempts.ts";
import { isToken, newToken, tokenHash } from "#shared/auth/opaque-token.ts";
import { isNobodysSecret, isSecret } from "#shared/auth/secret-hash.ts";
import type { Database, Doc } from "#shared/couch/database.ts";
import type { Clock } from "#shared/model/clock.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { TenantName } from "#shared/model/ids.ts";
import type { ResidentScope } from "#shared/model/scope.ts";
import type { CodeDoc } from "#shared/model/site.ts";
import type { Site } from "#shared/access/site.ts";
import type { SignInHappened, SignInJournal } from "./sign-in-journal.ts";
import type { Sites } from "#edge/site/sites.ts";

interface SignInDoc extends Doc {
  readonly v: 1;
  readonly tenant: TenantName;
  readonly finder: string;
  readonly expiresMs: number;
}

/** Who asks, as found by their token. */
export interface SignedIn {
  readonly scope: ResidentScope;
  readonly site: Site;
  readonly code: CodeDoc;
}

export interface SignIns {
  /** @throws Fault "unauthorized" | "forbidden" (disabled) | "too_many" with `retryAfterMs` */
  signIn(code: string, from: string): Promise<{ token: string; signedIn: SignedIn }>;
  /** Undefined when the token opens nothing (any more). */
  find(token: string | undefined): Promise<SignedIn | undefined>;
  signOut(token: string | undefined): Promise<void>;
}

/** On a household's own phone, in its own home: half a year. */
export const SIGN_IN_MS = 182 * 86_400_000;

export function signIns({
  local,
  sites,
  clock,
  attempts,
  random,
  journal,
}: {
  readonly local: Database;
  readonly sites: Sites;
  readonly clock: Clock;
  readonly attempts: Attempts;
  readonly random: (size: number) => Uint8Array;
  readonly journal?: Pick<SignInJournal, "happened">;
}): SignIns {
  const happened = (of: SignedIn | undefined, result: SignInHappened["result"]) =>
    journal?.happened({
      ...(of ? { tenant: of.scope.tenant } : {}),
      by: of?.scope.residentId ?? "unknown",
      way: "access-code",
      result,
    });
  const idOf = (token: string) => `sign-in:${tokenHash(token)}`;
  const asSignedIn = (site: Site, code: CodeDoc): SignedIn => ({
    scope: { kind: "resident", tenant: site.tenant, residentId: code.residentId },
    site,
    code,
  });
  const isExpired = (code: CodeDoc) =>
    code.expiresAt !== undefined && Date.parse(code.expiresAt) <= clock.now();

  /** The code among all communities; a finder is unique in one of them only. */
  const match = async (typed: string): Promise<SignedIn | undefined> => {
    const parsed = parseAccessCode(typed);
    let found: SignedIn | undefined;
    let isCompared = false;
    for (const site of parsed ? sites.all() : []) {
      const code = site.codes.get(parsed?.finder ?? "");
      if (!code) continue;
      isCompared = true;
      if (await isSecret(code.secretHash, parsed?.secret ?? "")) found = asSignedIn(site, code);
    }
    if (!isCompared) await isNobodysSecret(typed);
    return found;
  };

  return {
    async signIn(typed, from) {
      try {
        attempts.check(from);
      } catch (error) {
        happened(undefined, "slowed");
        throw error;
      }
      const signedIn = await match(typed);
      if (!signedIn) {
        happened(undefined, "refused");
        attempts.failed(from);
        throw new Fault("unauthorized", "This code is not right.");
      }
      attempts.succeeded(from);
      if (signedIn.code.isDisabled || isExpired(signedIn.code)) happened(signedIn, "refused");
      if (signedIn.code.isDisabled)
        throw new Fault(
          "forbidden",
          "This access was switched off. Please ask the building's management.",
          { reason: "disabled" },
        );
      if (isExpired(signedIn.code))
        throw new Fault(
          "forbidden",
          "This code has expired. Please ask the building's management for a new one.",
          { reason: "expired" },
        );
      const token = newToken(random);
      const { tenant } = signedIn.scope;
      await local.put({
        _id: idOf(token),
        v: 1,
        tenant,
        finder: signedIn.code.finder,
        expiresMs: clock.now() + SIGN_IN_MS,
      });
      happened(signedIn, "in");
      return { token, signedIn };
    },
    async find(token) {
      if (token === undefined || !isToken(token)) return undefined;
      const doc = await local.get<SignInDoc>(idOf(token));
      if (!doc || doc.expiresMs <= clock.now()) return undefined;
      const site = sites.get(doc.tenant);
      const code = site?.codes.get(doc.finder);
      return site && code && !code.isDisabled && !isExpired(code)
        ? asSignedIn(site, code)
        : undefined;
    },
    async signOut(token) {
      if (token === undefined || !isToken(token)) return;
      const doc = await local.get<SignInDoc>(idOf(token));
      if (!doc?._rev) return;
      const site = sites.get(doc.tenant);
      const code = site?.codes.get(doc.finder);
      if (site && code) happened(asSignedIn(site, code), "out");
      await local.remove(doc._id, doc._rev).catch((error: unknown) => {
        if (!isFault(error)) throw error;
      });
    },
  };
}
