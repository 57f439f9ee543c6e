/**
 * `device-store`: meters and sensors. A device holds its installations, so that two of them can
 * never overlap behind anybody's back.
 */
import { z } from "zod";
import type { Registry } from "#cloud/hub/registry.ts";
import {
  reachesCommunity,
  reachesOrganization,
  scopedDocuments,
  type ScopedDocuments,
} from "#cloud/hub/scoped-documents.ts";
import { CommunityId, GatewayId, type OrganizationId } from "#shared/model/ids.ts";
import { units } from "#shared/model/registers.ts";
import type { Scope } from "#shared/model/scope.ts";
import { At, DeviceDoc as SiteDeviceDoc, Multiplier } from "#shared/model/site.ts";

const { deviceId, name, kind, model, serial, expectedIntervalMs, counter, installations } =
  SiteDeviceDoc.shape;

export const handStatuses = ["online", "offline", "maintenance"] as const;

/**
 * `device:{deviceId}` in `o-{organization}`.
 *
 * History: 1 = first release.
 */
export const DeviceDoc = z.object({
  _id: z.string().startsWith("device:"),
  type: z.literal("device"),
  v: z.literal(1),
  /** Who holds it now; null: the organization itself, and what is heard of it waits. */
  communityId: CommunityId.nullable(),
  deviceId,
  name,
  /** What whoever registered it calls its type; the model without one. */
  deviceType: z.string().max(120).optional(),
  kind,
  model,
  serial,
  /** The maker's name of the model, for people. */
  hardware: z.string().max(120).optional(),
  /** What another system calls it. */
  externalId: z.string().max(120).optional(),
  notes: z.string().max(2000).optional(),
  /** Until when its calibration is good, a calendar date. */
  calibrationDue: z.iso.date().optional(),
  expectedIntervalMs,
  counter,
  /** Who held it, oldest first; without `to` the one who does. */
  held: z.array(z.object({ communityId: CommunityId, from: At, to: At.optional() })),
  /** The hand-over (`from` of the last of `held`) since which former communities' segments were looked through for it. */
  broughtSince: At.optional(),
  /** Who answers its joins: a gateway, or true for the community's first. Absent: heard through a network server. */
  homeGateway: z.union([z.literal(true), GatewayId]).optional(),
  /** 16 hex digits; its keys are kept elsewhere, sealed. */
  joinEui: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional(),
  /** When keys were last written. */
  keysAt: At.optional(),
  /** What a new installation begins with. */
  mounting: z
    .object({ indexUnit: z.enum(units).optional(), multiplier: Multiplier.optional() })
    .optional(),
  /** Of all communities that held it. */
  installations,
  /** Where it was when its community was deleted, so that it comes back with it. */
  formerly: z
    .object({
      communityId: CommunityId,
      held: z.array(z.object({ communityId: CommunityId, from: At, to: At.optional() })),
      installations,
      homeGateway: z.union([z.literal(true), GatewayId]).optional(),
    })
    .optional(),
  /** Set by hand: until the next uplink, maintenance until it is ended. */
  status: z.object({ is: z.enum(handStatuses), at: At }).optional(),
  /** False: retired, its history is kept. */
  isActive: z.boolean(),
  retiredAt: At.optional(),
  createdAt: At,
  updatedAt: At.optional(),
});
export type DeviceDoc = z.infer<typeof DeviceDoc>;

export interface DeviceStore extends ScopedDocuments<DeviceDoc> {
  /** Those a community holds or once held; nothing for a community out of reach. */
  everHeldBy(
    scope: Scope,
    organizationId: OrganizationId,
    communityId: CommunityId,
  ): Promise<readonly DeviceDoc[]>;
}

export function deviceStore(registry: Registry): DeviceStore {
  const indexes = new Map<string, { version: number; byCommunity: Map<string, DeviceDoc[]> }>();
  return {
    ...scopedDocuments<DeviceDoc>(registry, "device", "There is no such device here.", {
      quota: "devices",
    }),
    async everHeldBy(scope, organizationId, communityId) {
      if (!reachesOrganization(scope, organizationId) || !reachesCommunity(scope, communityId))
        return [];
      const image = await registry.organization(organizationId);
      const devices = await image.freshOf<DeviceDoc>("device");
      const version = image.version("device");
      let index = indexes.get(organizationId);
      if (index?.version !== version) {
        const byCommunity = new Map<string, DeviceDoc[]>();
        for (const device of devices.values())
          for (const id of new Set(device.held.map((one) => one.communityId))) {
            const same = byCommunity.get(id);
            if (same) same.push(device);
            else byCommunity.set(id, [device]);
          }
        indexes.set(organizationId, (index = { version, byCommunity }));
      }
      return index.byCommunity.get(communityId) ?? [];
    },
  };
}
