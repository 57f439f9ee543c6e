/**
 * `find-asker`: who asks, by what the request brings: `X-API-Key` first, then `Authorization:
 * Bearer` (an API key), then the browser's cookie.
 *
 * A key that does not work is refused, never passed over in favour of the cookie.
 */
import type { Context } from "hono";
import { commonReach, reachOfGrants, type PersonAsker } from "#cloud/api/asker.ts";
import type { FindAsker, Found } from "#cloud/api/serve-routes.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { keyInHeaders } from "#shared/auth/key-text.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import { rightsOfKey } from "#shared/model/roles.ts";
import type { CommunityId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { Cookies } from "./cookies.ts";
import { askerOf, withBelow } from "./grants.ts";
import { KEY_RANK, mayAssist } from "./ranks.ts";
import type { PersonDoc } from "./people-store.ts";

const scope = systemScope("find-asker");

export function findAsker(hub: Hub, cookies: Cookies): FindAsker {
  return async (c) => {
    const key = keyInHeaders((name) => c.req.header(name));
    return key === undefined ? bySignIn(hub, cookies, c) : byKey(hub, key);
  };
}

async function byKey(hub: Hub, text: string): Promise<Found> {
  const key = await hub.apiKeys.keyOf(text);
  if (!key) throw new Fault("unauthorized", "This API key does not work.");
  const { organizationId, communities } = key;
  const rights = key.scopes.flatMap((name) => rightsOfKey(name, communities === null));
  const on = communities === null ? "all" : await below(hub, organizationId, communities);
  return {
    asker: {
      kind: "key",
      id: key.keyId,
      organizationId,
      reach: reachOfGrants([{ rights, on }]),
      grants: [{ rights, on, rank: KEY_RANK }],
      roles: key.scopes.map((name) => `key:${name}`),
      rank: KEY_RANK,
    },
    isStillIn: async () => (await hub.apiKeys.keyOf(text)) !== undefined,
  };
}

async function below(
  hub: Hub,
  organizationId: PersonDoc["memberships"][number]["organizationId"],
  tops: readonly CommunityId[],
) {
  const all = (await hub.communities.list(scope)).filter(
    (one) => one.organizationId === organizationId,
  );
  const isOn = (top: CommunityId) =>
    all.some(({ communityId, isActive }) => communityId === top && isActive);
  return new Set(tops.filter(isOn).flatMap((top) => [...withBelow(all, top)]));
}

/** What somebody's browser brings: who they are, or whom they assist. */
async function bySignIn(hub: Hub, cookies: Cookies, c: Context): Promise<Found | undefined> {
  const token = cookies.get(c);
  if (token === undefined) return undefined;
  const find = () => signedIn(hub, token);
  const found = await find();
  if (!found) return undefined;
  if (found.isMovedOn) cookies.set(c, token);
  const whoIs = found.asker.assistant?.assistanceId;
  return {
    asker: found.asker,
    isStillIn: async () => {
      const now = await find();
      return now !== undefined && now.asker.assistant?.assistanceId === whoIs;
    },
  };
}

async function signedIn(
  hub: Hub,
  token: string,
): Promise<{ asker: PersonAsker; isMovedOn: boolean } | undefined> {
  const found = await hub.signIns.personOf(token);
  if (!found) return undefined;
  const person = await personOf(hub, found.personId);
  if (!person || person.isDisabled || found.epoch < (person.signInEpoch ?? 0)) return undefined;
  const ids = person.memberships.map(({ organizationId }) => organizationId);
  const organizationId = ids.find((id) => id === found.organizationId) ?? ids[0];
  if (organizationId === undefined) return undefined;
  const own = { ...(await askerOf(hub, person, organizationId)), signInId: found.signInId };
  const { isMovedOn, assistanceId } = found;
  const assisted =
    assistanceId === undefined ? undefined : await assistedBy(hub, own, assistanceId);
  return { asker: assisted ?? own, isMovedOn };
}

/**
 * The person whom a member of staff acts as. Undefined when it is over: its time is up, they were
 * stopped, the person was disabled or has risen, or the staff lost the right to it.
 */
async function assistedBy(
  hub: Hub,
  staff: PersonAsker,
  assistanceId: string,
): Promise<PersonAsker | undefined> {
  const running = await hub.assistances.running(assistanceId);
  if (!running || running.staffId !== staff.id) return undefined;
  if (running.organizationId !== staff.organizationId) return undefined;
  const person = await mayAssist(hub, staff, running.personId).catch((error: unknown) => {
    if (isFault(error)) return undefined;
    throw error;
  });
  if (!person || person.isDisabled) return undefined;
  const asker = await askerOf(hub, person, running.organizationId);
  // Never more than the staff may do themselves, and without full control nothing but looking.
  const reach = new Map(
    [...commonReach(asker.reach, staff.reach)].filter(
      ([right]) => right !== "people.assist" && (running.mayChange || right.endsWith(".read")),
    ),
  );
  const { mayChange, reason, expiresAt } = running;
  const assistant = { personId: staff.id, assistanceId, mayChange, reason, expiresAt };
  return { ...asker, reach, grants: [], assistant, signInId: staff.signInId as string };
}

async function personOf(hub: Hub, personId: string): Promise<PersonDoc | undefined> {
  try {
    return await hub.people.find(scope, personId);
  } catch (error) {
    if (isFault(error, "not_found")) return undefined;
    throw error;
  }
}
