/**
 * `found-community`: a new community: its name among machines, its document, its databases.
 *
 * Names first, then the document, then the databases: cut off in between, the next try or the next
 * start finishes it.
 */
import type { NewCommunity } from "#shared/api/communities.ts";
import { newId, type CommunityId } from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { withFields } from "./community-fields.ts";
import { checkExternalId } from "./external-id.ts";
import type { CommunityDoc, Hub } from "./hub.ts";
import { settingsOf } from "./organization-settings.ts";
import { checkOwner, ownerNamed } from "./owner.ts";
import { contentOf } from "./save.ts";
import { takeTenantName } from "./tenant-name.ts";

/** @throws Fault "conflict" on a taken tenant_name or external_id, "not_found" for an owner out of reach, "forbidden" */
export async function foundCommunity(
  hub: Hub,
  scope: HubScope,
  wanted: Omit<NewCommunity, "groups" | "invite" | "admin_first_name" | "admin_last_name">,
): Promise<CommunityDoc> {
  const { organizationId } = scope;
  const { tenant_name: tenant, ...said } = wanted;
  const community = await hub.inTurn(organizationId, async () => {
    const owner = await ownerNamed(hub, scope, said.owner ?? null);
    await checkOwner(hub, scope, owner);
    const settings = settingsOf(await hub.registry.organizationDoc(organizationId));
    const nowMs = hub.clock.now();
    const blank: CommunityDoc = {
      _id: "community:",
      type: "community",
      v: 1,
      communityId: newId<CommunityId>("c", hub.random),
      organizationId,
      tenant,
      name: said.name,
      zones: [{ from: new Date(0).toISOString(), zone: said.zone ?? settings.zone }],
      language: settings.language,
      currency: settings.currency,
      brand: {},
      adminEmail: said.admin_email ?? null,
      isActive: true,
      createdAt: new Date(nowMs).toISOString(),
      generation: 1,
    };
    const { zone: _, admin_email: __, ...rest } = said;
    const drawn = withFields(blank, { ...rest, owner }, nowMs);
    await checkExternalId(hub, organizationId, drawn);
    const communityId = await takeTenantName(hub, organizationId, tenant, drawn.communityId);
    const doc: CommunityDoc = { ...drawn, communityId, _id: `community:${communityId}` };
    // Without a revision: should another process have founded it just now, this one is refused.
    const { database } = await hub.registry.organization(organizationId);
    await database.put({ ...contentOf(doc), _id: doc._id });
    return doc;
  });
  await hub.adopt(community);
  return community;
}
