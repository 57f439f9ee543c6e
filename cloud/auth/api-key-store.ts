/**
 * `api-key-store`: keys with which programs ask. Several, named, each with its scopes and places;
 * the text is shown once when it is made, and only a hash of its secret is kept.
 */
import { timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Registry } from "#cloud/hub/registry.ts";
import { reachesCommunity, reachesOrganization } from "#cloud/hub/scoped-documents.ts";
import { newToken, tokenHash } from "#shared/auth/opaque-token.ts";
import type { Clock } from "#shared/model/clock.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import { CommunityId, KeyId, newId, OrganizationId } from "#shared/model/ids.ts";
import { keyScopeIds } from "#shared/model/roles.ts";
import type { Scope } from "#shared/model/scope.ts";
import { At } from "#shared/model/site.ts";

/**
 * `key:{keyId}` in `riser`.
 *
 * History: 1 = first release.
 */
export const ApiKeyDoc = z.object({
  _id: z.string().startsWith("key:"),
  type: z.literal("api-key"),
  v: z.literal(1),
  keyId: KeyId,
  organizationId: OrganizationId,
  /** The communities it is for; null for the whole organization. */
  communities: z.array(CommunityId).nullable(),
  name: z.string(),
  scopes: z.array(z.enum(keyScopeIds)),
  secretHash: z.string().length(64),
  createdAt: At,
  expiresAt: At.nullable(),
  revokedAt: At.nullable(),
});
export type ApiKeyDoc = z.infer<typeof ApiKeyDoc>;

/** `rsr_`, the key's id without its first letters, and 43 characters of secret. */
const TEXT = /^rsr_([0-9a-hjkmnp-tv-z]{16})_([A-Za-z0-9_-]{43})$/;

export interface ApiKeyStore {
  list(scope: Scope): Promise<ApiKeyDoc[]>;
  /** @throws Fault "not_found" */
  find(scope: Scope, keyId: string): Promise<ApiKeyDoc>;
  /** A new key and its text, which nobody sees again. @throws Fault "forbidden" out of reach */
  make(
    scope: Scope,
    asked: Pick<ApiKeyDoc, "organizationId" | "communities" | "name" | "scopes" | "expiresAt">,
  ): Promise<{ key: ApiKeyDoc; text: string }>;
  /** @throws Fault "not_found" */
  revoke(scope: Scope, keyId: string): Promise<ApiKeyDoc>;
  /** The key a text is, when it works at this moment. */
  keyOf(text: string): Promise<ApiKeyDoc | undefined>;
  /** When it was last used, epoch ms; since this start. */
  lastUsed(keyId: KeyId): number | undefined;
}

export function apiKeyStore(
  registry: Registry,
  clock: Clock,
  random: (size: number) => Uint8Array,
): ApiKeyStore {
  const { riser } = registry;
  const used = new Map<KeyId, number>();
  const inReach = (scope: Scope, key: Pick<ApiKeyDoc, "organizationId" | "communities">) =>
    reachesOrganization(scope, key.organizationId) &&
    (key.communities ?? [null]).every((id) => reachesCommunity(scope, id));
  const held = async (keyId: string) =>
    (await riser.freshOf<ApiKeyDoc>("api-key")).get(`key:${keyId}`);
  const find = async (scope: Scope, keyId: string) => {
    const key = await held(keyId);
    if (!key || !inReach(scope, key)) throw new Fault("not_found", "There is no such key here.");
    return key;
  };
  return {
    find,
    async list(scope) {
      const all = [...(await riser.freshOf<ApiKeyDoc>("api-key")).values()];
      return all
        .filter((key) => inReach(scope, key))
        .sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
    },
    async make(scope, asked) {
      if (!inReach(scope, asked))
        throw new Fault("forbidden", "That lies outside of what you may change.");
      const keyId = newId<KeyId>("k", random);
      const secret = newToken(random);
      const { organizationId, communities, name, scopes, expiresAt } = asked;
      const key: ApiKeyDoc = {
        _id: `key:${keyId}`,
        type: "api-key",
        v: 1,
        keyId,
        organizationId,
        communities,
        name,
        scopes,
        secretHash: tokenHash(secret),
        createdAt: new Date(clock.now()).toISOString(),
        expiresAt,
        revokedAt: null,
      };
      await riser.database.put(key);
      return { key, text: `rsr_${keyId.slice(2)}_${secret}` };
    },
    async revoke(scope, keyId) {
      for (;;) {
        const key = await find(scope, keyId);
        if (key.revokedAt !== null) return key;
        const revoked = { ...key, revokedAt: new Date(clock.now()).toISOString() };
        try {
          await riser.database.put(revoked);
          return revoked;
        } catch (error) {
          if (!isFault(error, "conflict")) throw error;
        }
      }
    },
    async keyOf(text) {
      const [, id, secret] = TEXT.exec(text) ?? [];
      if (id === undefined || secret === undefined) return undefined;
      const key = await held(`k-${id}`);
      if (!key) return undefined;
      const isRight = timingSafeEqual(
        Buffer.from(tokenHash(secret), "hex"),
        Buffer.from(key.secretHash, "hex"),
      );
      const isOver = key.expiresAt !== null && Date.parse(key.expiresAt) <= clock.now();
      if (!isRight || isOver || key.revokedAt !== null) return undefined;
      used.set(key.keyId, clock.now());
      return key;
    },
    lastUsed: (keyId) => used.get(keyId),
  };
}
