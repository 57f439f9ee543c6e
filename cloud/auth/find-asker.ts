/**
 * `find-asker`: who asks, by what the request brings: `X-API-Key` first, then `Authorization:
 * Bearer` (an API key), then the browser's cookie.
 *
 * A key that does not work is refused, never passed over in favour of the cookie.
 */
import type { Context } from "hono";
import { reachOfGrants } from "#cloud/api/asker.ts";
import type { FindAsker, Found } from "#cloud/api/serve-routes.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import { keyScopes, type Right } from "#shared/model/roles.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { Cookies } from "./cookies.ts";
import { askerOf, withBelow } from "./grants.ts";
import type { PersonDoc } from "./people-store.ts";

const scope = systemScope("find-asker");

export function findAsker(hub: Hub, cookies: Cookies): FindAsker {
  return async (c) => {
    const key = keyIn(c);
    return key === undefined ? bySignIn(hub, cookies, c) : byKey(hub, key);
  };
}

function keyIn(c: Context): string | undefined {
  const bearer = /^Bearer +(.+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  return c.req.header("x-api-key") ?? bearer;
}

async function byKey(hub: Hub, text: string): Promise<Found> {
  const key = await hub.apiKeys.keyOf(text);
  if (!key) throw new Fault("unauthorized", "This API key does not work.");
  const { organizationId, communities } = key;
  const rights = key.scopes.flatMap((name): readonly Right[] => keyScopes[name]);
  const on = communities === null ? "all" : await below(hub, organizationId, communities);
  return {
    asker: {
      kind: "key",
      id: key.keyId,
      organizationId,
      reach: reachOfGrants([{ rights, on }]),
      roles: key.scopes.map((name) => `key:${name}`),
      rank: 0,
    },
    isStillIn: async () => (await hub.apiKeys.keyOf(text)) !== undefined,
  };
}

async function below(
  hub: Hub,
  organizationId: PersonDoc["memberships"][number]["organizationId"],
  tops: readonly Parameters<typeof withBelow>[1][],
) {
  const all = (await hub.communities.list(scope)).filter(
    (one) => one.organizationId === organizationId,
  );
  return new Set(tops.flatMap((top) => [...withBelow(all, top)]));
}

async function bySignIn(hub: Hub, cookies: Cookies, c: Context): Promise<Found | undefined> {
  const token = cookies.get(c);
  const find = async () => {
    const found = token === undefined ? undefined : await hub.signIns.personOf(token);
    if (!found) return undefined;
    const person = await personOf(hub, found.personId);
    return person && !person.isDisabled ? { ...found, person } : undefined;
  };
  const found = await find();
  if (!found || token === undefined) return undefined;
  if (found.isMovedOn) cookies.set(c, token);
  const { person } = found;
  const ids = person.memberships.map(({ organizationId }) => organizationId);
  const organizationId = ids.find((id) => id === found.organizationId) ?? ids[0];
  if (organizationId === undefined) return undefined;
  return {
    asker: await askerOf(hub, person, organizationId),
    isStillIn: async () => (await find()) !== undefined,
  };
}

async function personOf(hub: Hub, personId: string): Promise<PersonDoc | undefined> {
  try {
    return await hub.people.find(scope, personId);
  } catch (error) {
    if (isFault(error, "not_found")) return undefined;
    throw error;
  }
}
