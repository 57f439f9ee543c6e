/**
 * `role-store`: roles an organization put together itself, as sets of rights.
 *
 * A custom role ranks as the lowest built-in role that has all of its rights.
 */
import { z } from "zod";
import type { Registry } from "#cloud/hub/registry.ts";
import { scopedDocuments, type ScopedDocuments } from "#cloud/hub/scoped-documents.ts";
import { OrganizationId, RoleId } from "#shared/model/ids.ts";
import { rights } from "#shared/model/roles.ts";
import { At } from "#shared/model/site.ts";

/**
 * `role:{roleId}` in `o-{organization}`.
 *
 * History: 1 = first release.
 */
export const RoleDoc = z.object({
  _id: z.string().startsWith("role:"),
  type: z.literal("role"),
  v: z.literal(1),
  /** A role is the organization's own; where it holds is said by the membership. */
  communityId: z.null(),
  organizationId: OrganizationId,
  roleId: RoleId,
  name: z.string(),
  description: z.string(),
  rights: z.array(z.enum(rights)),
  createdAt: At,
});
export type RoleDoc = z.infer<typeof RoleDoc>;

export type RoleStore = ScopedDocuments<RoleDoc>;

export function roleStore(registry: Registry): RoleStore {
  return scopedDocuments<RoleDoc>(registry, "role", "There is no such role here.");
}
