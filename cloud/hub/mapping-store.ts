/**
 * `mapping-store`: the formats an organization wrote itself, and those that count for a community, as
 * its gateways are sent them. Must never look into another organization: two may use the same name.
 */
import { z } from "zod";
import { CommunityId, type OrganizationId } from "#shared/model/ids.ts";
import { JsonMapping } from "#shared/model/json-mapping.ts";
import { At, type MappingDoc as SiteMappingDoc } from "#shared/model/site.ts";
import type { Registry } from "./registry.ts";
import { scopedDocuments, type ScopedDocuments } from "./scoped-documents.ts";

/**
 * `mapping:{name}` in `o-{organization}`.
 *
 * History: 1 = first release.
 */
export const MappingDoc = z.object({
  _id: z.string().startsWith("mapping:"),
  type: z.literal("mapping"),
  v: z.literal(1),
  /** One community's alone; null: the whole organization's. */
  communityId: CommunityId.nullable(),
  title: z.string().min(1).max(200),
  mapping: JsonMapping,
  /** What it was written with, so that it can be looked at again; null when none was kept. */
  sample: z.object({ topic: z.string().nullable(), body: z.string() }).nullable(),
  createdAt: At,
  updatedAt: At,
});
export type MappingDoc = z.infer<typeof MappingDoc>;

export type MappingStore = ScopedDocuments<MappingDoc>;

export function mappingStore(registry: Registry): MappingStore {
  return scopedDocuments<MappingDoc>(registry, "mapping", "There is no such mapping here.");
}

/** By name; with `communityId` null only the organization's own. */
export async function ownMappings(
  registry: Registry,
  organizationId: OrganizationId,
  communityId: CommunityId | null,
): Promise<SiteMappingDoc[]> {
  const image = await registry.organization(organizationId);
  return [...(await image.freshOf<MappingDoc>("mapping")).values()]
    .filter((doc) => doc.communityId === null || doc.communityId === communityId)
    .toSorted((a, b) => (a._id < b._id ? -1 : 1))
    .map(({ _id, mapping }) => ({ _id, type: "mapping", v: 1, mapping }));
}
