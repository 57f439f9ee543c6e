/**
 * `group-members`: what stands in a group, for the lists that can be cut to one.
 */
import type { GroupKind } from "#shared/api/groups.ts";
import { Fault } from "#shared/model/fault.ts";
import type { HubScope } from "#shared/model/scope.ts";
import type { Hub } from "./hub.ts";

/**
 * The ids in a group, of things that may be gone or out of reach: a list shows those it has.
 * Undefined for "All": nothing is cut.
 * @throws Fault "not_found" for a group out of reach, or of another kind
 */
export async function membersOf(
  hub: Hub,
  scope: HubScope,
  groupId: string,
  kind: GroupKind,
): Promise<ReadonlySet<string> | undefined> {
  if (groupId === `all-${kind}` || groupId === "all") return undefined;
  const group = await hub.groups.find(scope, groupId);
  if (group.kind !== kind) throw new Fault("not_found", "There is no such group here.");
  return new Set(group.members);
}
