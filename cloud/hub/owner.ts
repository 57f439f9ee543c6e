/**
 * `owner`: whose a community is: the organization's, or another community's. Changeable; nobody
 * owns themselves, not by a detour either.
 */
import { Fault } from "#shared/model/fault.ts";
import type { CommunityId } from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";
import type { CommunityDoc, Hub } from "./hub.ts";
import { archived, reachesCommunity } from "./scoped-documents.ts";

/** How many communities stand one below the other, at most. */
const MOST_DEEP = 8;

/** By id or `tenant_name`; null: the organization. @throws Fault "not_found" */
export const ownerNamed = async (hub: Hub, scope: HubScope, name: string | null) =>
  name === null ? null : (await hub.communities.find(scope, name)).communityId;

/**
 * Whether `scope` may give something to this owner.
 * @throws Fault "not_found" for an owner out of reach, "forbidden" for the organization without its right, "conflict"
 */
export async function checkOwner(
  hub: Hub,
  scope: HubScope,
  owner: CommunityId | null,
): Promise<void> {
  if (owner === null) {
    if (scope.kind === "communities")
      throw new Fault(
        "forbidden",
        "You add communities below your own: say below which one (owner).",
      );
    return;
  }
  const found = await hub.communities.find(scope, owner);
  if (found.archivedAt !== undefined) throw archived(found.name);
}

/** @throws Fault as `checkOwner`, and "conflict" when it would own itself */
export async function checkMove(
  hub: Hub,
  scope: HubScope,
  community: CommunityDoc,
  owner: CommunityId | null,
): Promise<void> {
  await checkOwner(hub, scope, owner);
  if (scope.kind === "communities" && !reachesCommunity(scope, community.parentId ?? null))
    throw new Fault("forbidden", "Whose your own community is, only its owner says.");
  await checkAbove(hub, scope, community, owner);
}

async function checkAbove(
  hub: Hub,
  { organizationId, by }: HubScope,
  community: CommunityDoc,
  owner: CommunityId | null,
): Promise<void> {
  const all = await hub.communities.list({ kind: "organization", organizationId, by });
  const byId = new Map(all.map((one) => [one.communityId, one]));
  let deep = 1;
  for (let above = owner; above !== null; above = byId.get(above)?.parentId ?? null) {
    if (above === community.communityId)
      throw new Fault("conflict", `${community.name} cannot be a part of itself.`);
    if (++deep > MOST_DEEP)
      throw new Fault("conflict", `At most ${MOST_DEEP} communities stand one below the other.`);
  }
}
