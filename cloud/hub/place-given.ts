/** `place-given`: where a role is to hold, out of the words of a request, as far as the asker reaches. */
import type { Membership } from "#cloud/auth/people-store.ts";
import type { PlaceGiven } from "#shared/api/people.ts";
import { Fault } from "#shared/model/fault.ts";
import type { HubScope } from "#shared/model/scope.ts";
import type { Hub } from "./hub.ts";
import { archived } from "./scoped-documents.ts";

/** A place as it is kept. @throws Fault "not_found" for one that is not in reach */
export async function placeOf(
  hub: Hub,
  scope: HubScope,
  given: PlaceGiven,
): Promise<Membership["on"]> {
  if (given.kind === "organization") return { kind: "organization" };
  if (given.kind === "community") {
    const { communityId, name, archivedAt } = await hub.communities.find(scope, given.id);
    if (archivedAt !== undefined) throw archived(name);
    return { kind: "community", communityId };
  }
  const group = await hub.groups.find(scope, given.id);
  if (group.kind !== "communities")
    throw new Fault("invalid", "on: a role is held on a group of communities.");
  return { kind: "group", groupId: group.groupId };
}
