/**
 * `api-key-store`: keys with which programs ask. Several, named, each with its scopes and places;
 * the text is shown once when it is made, and only a hash of its secret is kept.
 */
import { z } from "zod";
import type { DenyJournal } from "#cloud/hub/deny-journal.ts";
import type { Registry } from "#cloud/hub/registry.ts";
import { reachesCommunity, reachesOrganization } from "#cloud/hub/scoped-documents.ts";
import { isKeySecret, keyText, readKeyText } from "#shared/auth/key-text.ts";
import { newToken, tokenHash } from "#shared/auth/opaque-token.ts";
import type { Clock } from "#shared/model/clock.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import { CommunityId, KeyId, newId, OrganizationId } from "#shared/model/ids.ts";
import { keyScopeIds } from "#shared/model/roles.ts";
import type { Scope, SystemScope } from "#shared/model/scope.ts";
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
  /** Those with which programs read a community on its gateways, as far as they work now. */
  forSite(
    scope: SystemScope,
    organizationId: OrganizationId,
    communityId: CommunityId,
  ): Promise<ApiKeyDoc[]>;
  /** The key a text is, when it works at this moment. */
  keyOf(text: string): Promise<ApiKeyDoc | undefined>;
  /** When it was last used, epoch ms; since this start. */
  lastUsed(keyId: KeyId): number | undefined;
}

export function apiKeyStore(
  registry: Registry,
  clock: Clock,
  random: (size: number) => Uint8Array,
  journal: Pick<DenyJournal, "add">,
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
      return { key, text: keyText(keyId, secret) };
    },
    async revoke(scope, keyId) {
      await find(scope, keyId);
      // First the journal: a hub restored a moment later must know it.
      await journal.add("key", keyId);
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
    async forSite(_scope, organizationId, communityId) {
      const all = [...(await riser.freshOf<ApiKeyDoc>("api-key")).values()];
      return all.filter(
        (key) =>
          key.organizationId === organizationId &&
          key.scopes.includes("site") &&
          key.revokedAt === null &&
          (key.expiresAt === null || Date.parse(key.expiresAt) > clock.now()) &&
          (key.communities === null || key.communities.includes(communityId)),
      );
    },
    async keyOf(text) {
      const read = readKeyText(text);
      const key = read && (await held(read.keyId));
      if (!key || !isKeySecret(key.secretHash, read.secret)) return undefined;
      const isOver = key.expiresAt !== null && Date.parse(key.expiresAt) <= clock.now();
      if (isOver || key.revokedAt !== null) return undefined;
      used.set(key.keyId, clock.now());
      return key;
    },
    lastUsed: (keyId) => used.get(keyId),
  };
}
