/**
 * `grants`: what somebody's memberships in an organization amount to at this moment.
 *
 * A role on a community holds in its sub-communities too; one on a group holds in the communities
 * that are in the group now. A custom role that is gone gives nothing.
 */
import {
  holdsAt,
  reachOfGrants,
  type Grant,
  type PersonAsker,
  type Reach,
} from "#cloud/api/asker.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import type { CommunityId, OrganizationId } from "#shared/model/ids.ts";
import { rankOfRights, roles, type Right, type Role } from "#shared/model/roles.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { Membership, PersonDoc, Place } from "./people-store.ts";

const scope = systemScope("grants");

/** Who a person is in an organization, by the memberships that count now. */
export async function askerOf(
  hub: Hub,
  person: PersonDoc,
  organizationId: OrganizationId,
): Promise<PersonAsker> {
  const nowMs = hub.clock.now();
  const memberships = person.memberships.filter(
    (one) => one.organizationId === organizationId && holdsAt(one, nowMs),
  );
  const place = await placesOf(hub, organizationId);
  const roleOf = await rolesOf(hub, organizationId);
  const known = memberships.map((one) => ({ ...roleOf(one.role), on: place(one.on) }));
  const grants: Grant[] = known.map(({ rights, on, rank }) => ({ rights, on, rank }));
  return {
    kind: "person",
    id: person.personId,
    person,
    organizationId,
    reach: reachOfGrants(grants),
    grants,
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

/** Says which communities a place is at this moment. */
export async function placesOf(hub: Hub, organizationId: OrganizationId) {
  const communities = (await hub.communities.list(scope)).filter(
    (one) => one.organizationId === organizationId,
  );
  const groups = (await hub.groups.list(scope)).filter(({ communityId }) =>
    communityId === null ? true : communities.some((one) => one.communityId === communityId),
  );
  // One that is deleted is not among them; one that is switched off gives its people nothing.
  const isOn = new Set(
    communities.filter(({ isActive }) => isActive).map(({ communityId }) => communityId),
  );
  const below = (id: CommunityId) =>
    isOn.has(id) ? withBelow(communities, id) : new Set<CommunityId>();
  return (on: Place): Reach => {
    if (on.kind === "organization") return "all";
    if (on.kind === "community") return below(on.communityId);
    const group = groups.find(({ groupId }) => groupId === on.groupId);
    if (group?.kind !== "communities") return new Set();
    // A community's own group never leads out of it, whoever was moved away meanwhile.
    const bounds = group.communityId === null ? undefined : below(group.communityId);
    const members = group.members as CommunityId[];
    return new Set(
      members
        .filter((id) => bounds === undefined || bounds.has(id))
        .flatMap((id) => [...below(id)]),
    );
  };
}

/** A role as it counts: its rights, how high it ranks, and what people call it. */
export interface RoleMeaning {
  readonly name: string;
  readonly rights: readonly Right[];
  readonly rank: number;
}

/** Says what the roles of an organization mean, its own ones too. */
export async function rolesOf(
  hub: Hub,
  organizationId: OrganizationId,
): Promise<(role: Membership["role"]) => RoleMeaning> {
  const own = new Map(
    (await hub.roles.list(scope))
      .filter((one) => one.organizationId === organizationId)
      .map((one) => [one.roleId as string, one]),
  );
  return (role) => {
    if (Object.hasOwn(roles, role)) return { ...roles[role as Role], name: role };
    const custom = own.get(role);
    return custom
      ? { name: custom.name, rights: custom.rights, rank: rankOfRights(custom.rights) }
      : { name: role, rights: [], rank: 0 };
  };
}
