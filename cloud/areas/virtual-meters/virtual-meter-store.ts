/** `virtual-meter-store`: of which meters a virtual one is put together. */
import { z } from "zod";
import type { Registry } from "#cloud/hub/registry.ts";
import { scopedDocuments, type ScopedDocuments } from "#cloud/hub/scoped-documents.ts";
import { CommunityId, DeviceId } from "#shared/model/ids.ts";
import { meterKindIds } from "#shared/model/meter-kinds.ts";
import { At } from "#shared/model/site.ts";

/**
 * `virtual-meter:{virtualMeterId}` in `o-{organization}`.
 *
 * History: 1 = first release.
 */
const VirtualMeterDoc = z.object({
  _id: z.string().startsWith("virtual-meter:"),
  type: z.literal("virtual-meter"),
  v: z.literal(1),
  virtualMeterId: z.string().regex(/^vm-[0-9a-hjkmnp-tv-z]{16}$/),
  communityId: CommunityId,
  name: z.string(),
  kind: z.enum(meterKindIds),
  /** A device may be in it several times, one stretch after the other. */
  members: z.array(
    z.object({
      deviceId: DeviceId,
      /** 1 adds, −1 takes away. */
      sign: z.union([z.literal(1), z.literal(-1)]),
      from: At.optional(),
      to: At.optional(),
    }),
  ),
  externalId: z.string().optional(),
  notes: z.string().optional(),
  createdAt: At,
  updatedAt: At,
});
export type VirtualMeterDoc = z.infer<typeof VirtualMeterDoc>;

export type VirtualMeterStore = ScopedDocuments<VirtualMeterDoc>;

export function virtualMeterStore(registry: Registry): VirtualMeterStore {
  return scopedDocuments<VirtualMeterDoc>(
    registry,
    "virtual-meter",
    "There is no such virtual meter here.",
  );
}
