/** `kinds`: what a group can hold: which right shows it, and the things somebody reaches with it. */
import { scopeFor, type Asker } from "#cloud/api/asker.ts";
import { withBelow } from "#cloud/auth/grants.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { reachesCommunity } from "#cloud/hub/scoped-documents.ts";
import type { GroupKind, GroupMember } from "#shared/api/groups.ts";
import { Fault } from "#shared/model/fault.ts";
import type { CommunityId } from "#shared/model/ids.ts";
import type { Right } from "#shared/model/roles.ts";
import type { HubScope } from "#shared/model/scope.ts";

/** A thing that can be in a group. */
export interface Candidate extends GroupMember {
  /** Where it is; empty for the organization's own. */
  readonly places: readonly CommunityId[];
}

const rightOf: Record<GroupKind, Right> = {
  communities: "communities.read",
  people: "people.read",
  units: "units.read",
  devices: "devices.read",
};

type Find = (hub: Hub, scope: HubScope) => Promise<Candidate[]>;

const find: Record<GroupKind, Find> = {
  communities: async (hub, scope) =>
    (await hub.communities.list(scope)).map(({ communityId, name }) => ({
      id: communityId,
      name,
      places: [communityId],
    })),
  people: async (hub, scope) =>
    (await hub.people.list(scope)).map(({ personId, firstName, lastName, memberships }) => ({
      id: personId,
      name: `${firstName} ${lastName}`.trim(),
      places: memberships.flatMap(({ on }) => (on.kind === "community" ? on.communityId : [])),
    })),
  units: async (hub, scope) =>
    (await hub.units.units.list(scope)).map(({ unitId, name, communityId }) => ({
      id: unitId,
      name,
      places: [communityId],
    })),
  devices: async (hub, scope) =>
    (await hub.devices.list(scope)).map(({ deviceId, name, communityId }) => ({
      id: deviceId,
      name,
      places: communityId === null ? [] : [communityId],
    })),
};

/** All of a kind that the asker may look at; undefined when their role does not show them any. */
export async function reached(
  hub: Hub,
  asker: Asker,
  kind: GroupKind,
): Promise<Candidate[] | undefined> {
  const scope = scopeFor(asker, rightOf[kind]);
  return scope && find[kind](hub, scope);
}

/** How many of a kind the asker may look at; undefined when their role does not show them any. */
export async function countReached(
  hub: Hub,
  asker: Asker,
  kind: GroupKind,
): Promise<number | undefined> {
  const scope = scopeFor(asker, rightOf[kind]);
  if (!scope) return undefined;
  if (kind === "communities") return (await hub.communities.list(scope)).length;
  if (kind === "people") return (await hub.people.list(scope)).length;
  if (kind === "units") return (await hub.units.units.list(scope)).length;
  return (await hub.devices.list(scope)).length;
}

/**
 * Whether these may stand in a group of `communityId` (null: of the organization).
 * @throws Fault "not_found" for one out of reach, or that is not of the community and those below it
 */
export async function checkCandidates(
  hub: Hub,
  scope: HubScope,
  kind: GroupKind,
  communityId: CommunityId | null,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  const { organizationId, by } = scope;
  const all = await hub.communities.list({ kind: "organization", organizationId, by });
  const inside = communityId === null ? undefined : withBelow(all, communityId);
  const known = new Map((await find[kind](hub, scope)).map((one) => [one.id, one]));
  for (const id of ids) {
    const one = known.get(id);
    const isInside =
      one &&
      (inside === undefined ||
        one.places.some((place) => inside.has(place) && reachesCommunity(scope, place)));
    if (!isInside)
      throw new Fault("not_found", `There is no ${kind} member ${id.slice(0, 40)} here.`);
  }
}
