/**
 * `community-store`: the communities of an organization. A community is the tenant: its
 * `tenant` names its databases, is unique on the hub, never changes and is never used again.
 */
import { z } from "zod";
import type { Registry } from "#cloud/hub/registry.ts";
import { scopedDocuments, type ScopedDocuments } from "#cloud/hub/scoped-documents.ts";
import { CommunityId, OrganizationId, TenantName } from "#shared/model/ids.ts";
import { At, SiteDoc } from "#shared/model/site.ts";

/**
 * `community:{communityId}` in `o-{organization}`.
 *
 * History: 1 = first release.
 */
export const CommunityDoc = z.object({
  _id: z.string().startsWith("community:"),
  type: z.literal("community"),
  v: z.literal(1),
  communityId: CommunityId,
  organizationId: OrganizationId,
  /** The community it is a part of; absent for one of the organization's own. */
  parentId: CommunityId.optional(),
  tenant: TenantName,
  name: z.string(),
  zones: SiteDoc.shape.zones,
  language: SiteDoc.shape.language,
  brand: SiteDoc.shape.brand,
  adminEmail: z.string().nullable(),
  isActive: z.boolean(),
  createdAt: At,
  /** Of its `site`. */
  generation: z.number().int().min(1),
});
export type CommunityDoc = z.infer<typeof CommunityDoc>;

export type CommunityStore = ScopedDocuments<CommunityDoc>;

export function communityStore(registry: Registry): CommunityStore {
  return scopedDocuments<CommunityDoc>(registry, "community", "There is no such community here.");
}
