/** `adopt-those`: brings the gateways of these communities in step, each once. */
import type { Hub } from "#cloud/hub/hub.ts";
import type { CommunityId } from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";

export async function adoptThose(
  hub: Hub,
  { organizationId, by }: HubScope,
  communityIds: Iterable<CommunityId | null>,
): Promise<void> {
  const wanted = new Set(communityIds);
  // In the organization's reach: a former holder may lie beyond the asker's own.
  const all = await hub.communities.list({ kind: "organization", organizationId, by });
  for (const community of all) if (wanted.has(community.communityId)) await hub.adopt(community);
}
