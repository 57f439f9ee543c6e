/** `one-community`: the community a call names, by id or `tenant_name`, and how it is told. */
import type { AreaParts } from "#cloud/api/area-parts.ts";
import type { CommunityItem } from "#cloud/hub/community-index.ts";
import type { CommunityDoc, Hub } from "#cloud/hub/hub.ts";
import type { CommunityDetails } from "#shared/api/communities.ts";
import { Fault } from "#shared/model/fault.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { communityDetails, rowParts } from "./community-row.ts";

const isNamed = ({ communityId, tenant }: CommunityDoc, name: string) =>
  communityId === name || tenant === name;

/** @throws Fault "not_found" */
export async function communityNamed(
  hub: Hub,
  scope: HubScope,
  name: string,
): Promise<CommunityDoc> {
  const all = await hub.communities.list(scope);
  const found = all.find((one) => isNamed(one, name));
  if (!found) throw new Fault("not_found", "There is no such community here.");
  return found;
}

/** As it is now, in full. @throws Fault "not_found" */
export async function told(
  { hub, communities }: Pick<AreaParts, "hub" | "communities">,
  scope: HubScope,
  name: string,
): Promise<CommunityDetails> {
  const items = await communities.list(scope);
  const item = items.find(({ community }: CommunityItem) => isNamed(community, name));
  if (!item) throw new Fault("not_found", "There is no such community here.");
  return communityDetails(item, await rowParts(hub, scope, items), communities);
}
