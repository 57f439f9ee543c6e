/**
 * `grants`: what somebody's memberships in an organization amount to at this moment.
 *
 * A role on a community holds in its sub-communities too; one on a group holds in the communities
 * that are in the group now. A custom role that is gone gives nothing.
 */
import { holdsAt, reachOfGrants, type Asker, type Grant, type Reach } from "#cloud/api/asker.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import type { CommunityId, OrganizationId } from "#shared/model/ids.ts";
import { roles, type Role } from "#shared/model/roles.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { Membership, PersonDoc, Place } from "./people-store.ts";

const scope = systemScope("grants");

/** Who a person is in an organization, by the memberships that count now. */
export async function askerOf(
  hub: Hub,
  person: PersonDoc,
  organizationId: OrganizationId,
): Promise<Asker & { kind: "person" }> {
  const nowMs = hub.clock.now();
  const memberships = person.memberships.filter(
    (one) => one.organizationId === organizationId && holdsAt(one, nowMs),
  );
  const place = await placesOf(hub, organizationId);
  const known = memberships.map((one) => ({ ...roleOf(one), on: place(one.on) }));
  const grants: Grant[] = known.map(({ rights, on }) => ({ rights, on }));
  return {
    kind: "person",
    id: person.personId,
    person,
    organizationId,
    reach: reachOfGrants(grants),
    roles: [...new Set(known.map(({ name }) => name))],
    rank: Math.max(0, ...known.map(({ rank }) => rank)),
  };
}

/** The communities below one, itself included. */
export function withBelow(
  communities: readonly {
    readonly communityId: CommunityId;
    readonly parentId?: CommunityId | undefined;
  }[],
  top: CommunityId,
): ReadonlySet<CommunityId> {
  const found = new Set([top]);
  for (let size = 0; size !== found.size;) {
    size = found.size;
    for (const { communityId, parentId } of communities)
      if (parentId !== undefined && found.has(parentId)) found.add(communityId);
  }
  return found;
}

async function placesOf(hub: Hub, organizationId: OrganizationId) {
  const communities = (await hub.communities.list(scope)).filter(
    (one) => one.organizationId === organizationId,
  );
  return (on: Place): Reach => {
    if (on.kind === "organization") return "all";
    if (on.kind === "community") return withBelow(communities, on.communityId);
    return new Set();
  };
}

function roleOf({ role }: Membership) {
  if (Object.hasOwn(roles, role)) return { ...roles[role as Role], name: role as string };
  return { rights: [], rank: 0, name: role as string };
}
