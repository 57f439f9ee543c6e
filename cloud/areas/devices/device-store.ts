/**
 * `device-store`: meters and sensors. A device holds its installations, so that two of them can
 * never overlap behind anybody's back.
 */
import { z } from "zod";
import type { Registry } from "#cloud/hub/registry.ts";
import { scopedDocuments, type ScopedDocuments } from "#cloud/hub/scoped-documents.ts";
import { CommunityId, GatewayId } from "#shared/model/ids.ts";
import { At, DeviceDoc as SiteDeviceDoc } from "#shared/model/site.ts";

const { deviceId, name, kind, model, serial, expectedIntervalMs, counter, installations } =
  SiteDeviceDoc.shape;

/**
 * `device:{deviceId}` in `o-{organization}`.
 *
 * History: 1 = first release.
 */
export const DeviceDoc = z.object({
  _id: z.string().startsWith("device:"),
  type: z.literal("device"),
  v: z.literal(1),
  communityId: CommunityId,
  deviceId,
  name,
  kind,
  model,
  serial,
  expectedIntervalMs,
  counter,
  /** From when the community holds it. */
  heldFrom: At,
  /** Who answers its joins: a gateway, or true for the community's first. Absent: heard through a network server. */
  homeGateway: z.union([z.literal(true), GatewayId]).optional(),
  installations,
  isActive: z.boolean(),
  createdAt: At,
});
export type DeviceDoc = z.infer<typeof DeviceDoc>;

export type DeviceStore = ScopedDocuments<DeviceDoc>;

export function deviceStore(registry: Registry): DeviceStore {
  return scopedDocuments<DeviceDoc>(registry, "device", "There is no such device here.");
}
