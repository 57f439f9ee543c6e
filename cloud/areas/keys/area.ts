/**
 * `keys`: API keys for programs: several, named, each with its scopes, places and end. The text of
 * one is in the answer that makes it, and nowhere after.
 *
 * Nobody gives a key more than they may do themselves, nor makes a key with a key.
 */
import { z } from "zod";
import type { AreaParts } from "#cloud/api/area-parts.ts";
import { scopeFor, type Asker } from "#cloud/api/asker.ts";
import { Paging } from "#cloud/api/paging.ts";
import { route, type Area } from "#cloud/api/route.ts";
import type { ApiKeyDoc } from "#cloud/auth/api-key-store.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { reachesCommunity } from "#cloud/hub/scoped-documents.ts";
import { CommunityGiven } from "#shared/api/communities.ts";
import { Fault } from "#shared/model/fault.ts";
import type { CommunityId } from "#shared/model/ids.ts";
import { keyScopeIds, rightsOfKey, type KeyScope } from "#shared/model/roles.ts";
import { systemScope, type HubScope } from "#shared/model/scope.ts";

const KeyRow = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(keyScopeIds)),
  /** Null: the whole organization. */
  communities: z.array(z.object({ id: z.string(), name: z.string() })).nullable(),
  created_at: z.string(),
  expires_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
  /** Since this hub was started; null for one not used since. */
  last_used_at: z.string().nullable(),
  is_active: z.boolean(),
});
type KeyRow = z.infer<typeof KeyRow>;

const NewKey = z.strictObject({
  name: z.string().trim().min(1).max(80),
  scopes: z.array(z.enum(keyScopeIds)).min(1),
  communities: z.array(CommunityGiven).min(1).max(200).nullable().default(null),
  expires_at: z.iso.datetime({ offset: true }).nullable().default(null),
});
const system = systemScope("keys");
const Id = z.object({ key_id: z.string().max(64) });

const list = route({
  method: "get",
  path: "/keys",
  right: "keys.read",
  title: "API keys, oldest first; never their text.",
  query: Paging,
  answer: { rows: KeyRow },
  open:
    (parts) =>
    async ({ scope, query: { limit, offset } }) => {
      const keys = await parts.hub.apiKeys.list(scope);
      const shown = await shower(parts.hub, scope);
      return { rows: keys.slice(offset, offset + limit).map(shown), total: keys.length };
    },
});

const make = route({
  method: "post",
  path: "/keys",
  right: "keys.write",
  title: "Makes a key; its text is in this answer and never shown again.",
  body: NewKey,
  answer: { status: 201, data: KeyRow.extend({ key: z.string() }) },
  isSecret: true,
  open:
    ({ hub, later }) =>
    async ({ scope, asker, body, trail }) => {
      const { name, scopes, expires_at } = body;
      if (asker.kind !== "person")
        throw new Fault("forbidden", "A key is made by a person, not by another key.");
      if (expires_at !== null && Date.parse(expires_at) <= hub.clock.now())
        throw new Fault("invalid", "expires_at: is over already.", {
          fields: { expires_at: "is over already" },
        });
      let communities: CommunityId[] | null = null;
      if (body.communities !== null) {
        const found = new Set<CommunityId>();
        for (const one of body.communities)
          found.add((await hub.communities.find(scope, one)).communityId);
        communities = [...found];
      }
      if (communities === null && scope.kind !== "organization")
        throw new Fault("forbidden", "You may make keys for your communities only: name them.");
      // Sent in the clear on a building's network: on the hub it must open nothing.
      if (scopes.includes("site") && scopes.length > 1)
        throw new Fault("invalid", "scopes: `site` stands alone", {
          fields: { scopes: "`site` stands alone" },
        });
      checkGiven(asker, scopes, communities);
      const { key, text } = await hub.apiKeys.make(scope, {
        organizationId: scope.organizationId,
        communities,
        name,
        scopes: [...new Set(scopes)],
        expiresAt: expires_at === null ? null : new Date(expires_at).toISOString(),
      });
      trail.note({
        what: "key.make",
        target: { type: "key", id: key.keyId, name },
        after: { scopes, communities, expires_at },
        communityId: communities?.length === 1 ? (communities[0] ?? null) : null,
      });
      tellSites(hub, later, key);
      return { ...(await shower(hub, scope))(key), key: text };
    },
});

const revoke = route({
  method: "delete",
  path: "/keys/:key_id",
  right: "keys.write",
  title: "Ends a key at once and for good.",
  params: Id,
  answer: { data: KeyRow },
  open:
    ({ hub, later }) =>
    async ({ scope, params: { key_id }, trail }) => {
      const key = await hub.apiKeys.revoke(scope, key_id);
      trail.note({
        what: "key.revoke",
        target: { type: "key", id: key.keyId, name: key.name },
        communityId: key.communities?.length === 1 ? (key.communities[0] ?? null) : null,
      });
      tellSites(hub, later, key);
      return (await shower(hub, scope))(key);
    },
});

export const keys: Area = {
  name: "keys",
  title: "API keys for programs",
  routes: [list, make, revoke],
};

/** @throws Fault "forbidden" for a scope with a right the maker lacks in one of the places */
function checkGiven(
  asker: Asker,
  scopes: readonly KeyScope[],
  communities: readonly CommunityId[] | null,
): void {
  for (const scope of scopes)
    for (const right of rightsOfKey(scope, communities === null)) {
      const theirs = scopeFor(asker, right);
      const isTheirs =
        theirs !== undefined &&
        (communities === null
          ? theirs.kind === "organization"
          : communities.every((id) => reachesCommunity(theirs, id)));
      if (!isTheirs)
        throw new Fault(
          "forbidden",
          `You cannot give the scope ${scope}: you lack ${right} there.`,
        );
    }
}

/** A key for gateways reaches them with their communities' sites, and so does its end. */
function tellSites(hub: Hub, later: AreaParts["later"], key: ApiKeyDoc): void {
  if (!key.scopes.includes("site")) return;
  later(async () => {
    for (const community of await hub.communities.list(system))
      if (
        community.organizationId === key.organizationId &&
        (key.communities === null || key.communities.includes(community.communityId))
      )
        await hub.adopt(community);
  }, "telling gateways of a key");
}

async function shower(hub: Hub, scope: HubScope): Promise<(key: ApiKeyDoc) => KeyRow> {
  const names = new Map(
    (await hub.communities.list(scope)).map(({ communityId, name }) => [communityId, name]),
  );
  return (key) => {
    const usedMs = hub.apiKeys.lastUsed(key.keyId);
    const isOver = key.expiresAt !== null && Date.parse(key.expiresAt) <= hub.clock.now();
    return {
      id: key.keyId,
      name: key.name,
      scopes: key.scopes,
      communities:
        key.communities && key.communities.map((id) => ({ id, name: names.get(id) ?? "" })),
      created_at: key.createdAt,
      expires_at: key.expiresAt,
      revoked_at: key.revokedAt,
      last_used_at: usedMs === undefined ? null : new Date(usedMs).toISOString(),
      is_active: key.revokedAt === null && !isOver,
    };
  };
}
