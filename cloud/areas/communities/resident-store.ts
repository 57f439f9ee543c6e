/**
 * `resident-store`: those who live in a community's homes, as the community knows them. Who they
 * are (name, address, phone, language) stands in the person's document and nowhere else.
 *
 * Of an access code only the finder and a hash are kept; the code itself is shown once, when made.
 */
import { z } from "zod";
import type { Registry } from "#cloud/hub/registry.ts";
import { scopedDocuments, type ScopedDocuments } from "#cloud/hub/scoped-documents.ts";
import { CommunityId, PersonId, ResidentId } from "#shared/model/ids.ts";
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
  /** Whose membership leads here. */
  personId: PersonId,
  /** When they agreed to be shown hours, where the community asks for it. */
  hoursAgreedAt: At.optional(),
  /** When they last said yes or no to it, wherever that was. */
  hoursSaidAt: At.optional(),
  /** Who let them in as one more of the household. */
  invitedBy: ResidentId.optional(),
  /** What another system calls them. */
  externalId: z.string().max(120).optional(),
  code: z
    .object({
      finder: CodeDoc.shape.finder,
      secretHash: CodeDoc.shape.secretHash,
      createdAt: At,
      expiresAt: At.optional(),
    })
    .optional(),
});
export type ResidentDoc = z.infer<typeof ResidentDoc>;

export type ResidentStore = ScopedDocuments<ResidentDoc>;

export function residentStore(registry: Registry): ResidentStore {
  return scopedDocuments<ResidentDoc>(registry, "resident", "There is no such resident here.", {
    quota: "people",
  });
}
