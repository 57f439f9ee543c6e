/**
 * `tenant-name`: a community's name among machines, unique on the hub and for ever. Its document in
 * `riser` stays when the community goes, so that nobody gets a name somebody else's data went by.
 */
import { Fault, isFault } from "#shared/model/fault.ts";
import type { CommunityId, OrganizationId, TenantName } from "#shared/model/ids.ts";
import type { Hub } from "./hub.ts";

/**
 * `tenant:{tenant}` in `riser`.
 *
 * History: 1 = first release.
 */
interface TenantDoc {
  readonly _id: string;
  readonly type: "tenant";
  readonly v: 1;
  readonly organizationId: OrganizationId;
  readonly communityId: CommunityId;
  /** Its community is gone; nobody takes the name again. */
  readonly deletedAt?: string;
  readonly [field: string]: unknown;
}

const taken = (tenant: string) =>
  new Fault("conflict", `The tenant_name ${JSON.stringify(tenant)} is taken.`, {
    fields: { tenant_name: "is taken" },
  });

/**
 * Takes a name for a community that is about to be written. A name that a founding took which was
 * cut off before it wrote anything goes to the next one of the same organization.
 * @returns the id the community gets
 * @throws Fault "conflict" when it is or was somebody's
 */
export async function takeTenantName(
  hub: Hub,
  organizationId: OrganizationId,
  tenant: TenantName,
  communityId: CommunityId,
): Promise<CommunityId> {
  // A hub that came back from a backup may have forgotten a name that was somebody's since.
  if ((["closed", "tenant"] as const).some((what) => hub.journal.isDenied(what, tenant)))
    throw taken(tenant);
  const { database } = hub.registry.riser;
  const doc: TenantDoc = {
    _id: `tenant:${tenant}`,
    type: "tenant",
    v: 1,
    organizationId,
    communityId,
  };
  try {
    await database.put(doc);
    return communityId;
  } catch (error) {
    if (!isFault(error, "conflict")) throw error;
  }
  const old = await database.get<TenantDoc>(doc._id);
  if (!old || old.organizationId !== organizationId || old.deletedAt !== undefined)
    throw taken(tenant);
  const image = await hub.registry.organization(organizationId);
  if ((await image.fresh()).has(`community:${old.communityId}`)) throw taken(tenant);
  return old.communityId;
}

/** Its community is gone for good. */
export async function buryTenantName(hub: Hub, tenant: TenantName): Promise<void> {
  const { database } = hub.registry.riser;
  const old = await database.get<TenantDoc>(`tenant:${tenant}`);
  if (!old || old.deletedAt !== undefined) return;
  await database.put({ ...old, deletedAt: new Date(hub.clock.now()).toISOString() });
}
