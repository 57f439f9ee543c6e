/**
 * `resident-store`: the people who live in a community's homes.
 *
 * Of an access code only the finder and a hash are kept; the code itself is shown once, when made.
 */
import { z } from "zod";
import type { Registry } from "#cloud/hub/registry.ts";
import { scopedDocuments, type ScopedDocuments } from "#cloud/hub/scoped-documents.ts";
import { CommunityId, ResidentId } from "#shared/model/ids.ts";
import { At, CodeDoc } from "#shared/model/site.ts";

/**
 * `resident:{residentId}` in `o-{organization}`.
 *
 * History: 1 = first release.
 */
export const ResidentDoc = z.object({
  _id: z.string().startsWith("resident:"),
  type: z.literal("resident"),
  v: z.literal(1),
  communityId: CommunityId,
  residentId: ResidentId,
  /** The name by which loaded files speak of them; unique in the community. */
  ref: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  email: z.string().nullable(),
  language: CodeDoc.shape.language,
  isDisabled: z.boolean(),
  code: z
    .object({
      finder: CodeDoc.shape.finder,
      secretHash: CodeDoc.shape.secretHash,
      createdAt: At,
    })
    .optional(),
});
export type ResidentDoc = z.infer<typeof ResidentDoc>;

export type ResidentStore = ScopedDocuments<ResidentDoc>;

export function residentStore(registry: Registry): ResidentStore {
  return scopedDocuments<ResidentDoc>(registry, "resident", "There is no such resident here.");
}
