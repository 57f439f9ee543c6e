/**
 * `community-store`: the communities of an organization. A community is the tenant: its
 * `tenant` names its databases, is unique on the hub, never changes and is never used again.
 */
import { z } from "zod";
import type { Registry } from "#cloud/hub/registry.ts";
import { scopedDocuments, type ScopedDocuments } from "#cloud/hub/scoped-documents.ts";
import { isFault } from "#shared/model/fault.ts";
import { CommunityId, OrganizationId, TenantName } from "#shared/model/ids.ts";
import { Contact, Currency, ExternalId } from "#shared/model/place.ts";
import type { Scope } from "#shared/model/scope.ts";
import { At, Brand, HourlyDetail, SiteDoc } from "#shared/model/site.ts";

/** The most there may be; absent: as many as one likes. */
export const Quotas = z.object({
  devices: z.number().int().min(0).optional(),
  people: z.number().int().min(0).optional(),
});
export type Quotas = z.infer<typeof Quotas>;

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
  contact: Contact.optional(),
  externalId: ExternalId.optional(),
  currency: Currency.optional(),
  zones: SiteDoc.shape.zones,
  language: SiteDoc.shape.language,
  /** What it does not say is the organization's. */
  brand: Brand.partial(),
  /** Absent: as the organization says. */
  hourlyDetail: HourlyDetail.optional(),
  quotas: Quotas.optional(),
  /** The page its people see first. */
  homeDashboardId: z.string().optional(),
  adminEmail: z.string().nullable(),
  /** False: switched off; its gateways get no token for it, its people's roles do not count. */
  isActive: z.boolean(),
  /** Since when it can only be read. */
  archivedAt: At.optional(),
  /** Deleted: hidden from everybody, and destroyed at `endsAt` unless somebody brings it back. */
  deletion: z.object({ at: At, by: z.string(), endsAt: At }).optional(),
  createdAt: At,
  /** Of its `site`. */
  generation: z.number().int().min(1),
});
export type CommunityDoc = z.infer<typeof CommunityDoc>;

export interface CommunityStore extends ScopedDocuments<CommunityDoc> {
  /** By its id, or by its `tenant_name`. @throws Fault "not_found" */
  find(scope: Scope, name: string): Promise<CommunityDoc>;
}

export function communityStore(registry: Registry): CommunityStore {
  const store = scopedDocuments<CommunityDoc>(
    registry,
    "community",
    "There is no such community here.",
  );
  return {
    ...store,
    async find(scope, name) {
      // An id first: nobody's tenant_name, were it spelled like one, stands before it.
      if (CommunityId.safeParse(name).success) {
        const found = await store.find(scope, name).catch(unlessMissing);
        if (found) return found;
      }
      const named = (await store.list(scope)).find(({ tenant }) => tenant === name);
      return named ?? store.find(scope, name);
    },
  };
}

function unlessMissing(error: unknown): undefined {
  if (!(isFault(error) && error.code === "not_found")) throw error;
}

/** Those that are deleted and not yet destroyed. */
export function deletedCommunityStore(registry: Registry): CommunityStore {
  return scopedDocuments<CommunityDoc>(
    registry,
    "community",
    "There is no such deleted community here.",
    { isOfDeleted: true },
  );
}
