/** `community-for`: whose a device is to be: the community a call names, or the organization itself. */
import type { Hub } from "#cloud/hub/hub.ts";
import { Fault } from "#shared/model/fault.ts";
import type { CommunityId } from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";

/** The community a call names. @throws Fault "not_found"; "invalid" when somebody of one community names none */
export async function communityFor(
  hub: Hub,
  scope: HubScope,
  name: string | undefined,
): Promise<CommunityId | null> {
  if (name === undefined || name === "") {
    if (scope.kind === "organization") return null;
    const [only] = scope.communityIds;
    if (scope.communityIds.size === 1 && only !== undefined) return only;
    throw new Fault("invalid", "Say for which community.", {
      fields: { community: "is needed" },
    });
  }
  const found = (await hub.communities.list(scope)).find(
    ({ communityId, tenant }) => communityId === name || tenant === name,
  );
  if (!found) throw new Fault("not_found", "There is no such community here.");
  return found.communityId;
}
