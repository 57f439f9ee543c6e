/** `asked`: which community, homes and meters a report is about, and for which dates. */
import { z } from "zod";
import { communityFor } from "#cloud/hub/devices/community-for.ts";
import { membersOf } from "#cloud/hub/group-members.ts";
import { checkDates, zonesOf } from "#cloud/hub/meter-consumption.ts";
import type { CommunityDoc, DeviceDoc, Hub, UnitDoc } from "#cloud/hub/hub.ts";
import { Period } from "#shared/api/reports.ts";
import { Fault } from "#shared/model/fault.ts";
import { meterKindIds } from "#shared/model/meter-kinds.ts";
import type { HubScope } from "#shared/model/scope.ts";
import type { BillingAsked } from "#shared/series/billing.ts";

export const ReportAsked = Period.extend({
  /** By id or `tenant_name`; may be left out by whoever manages one only. */
  community: z.string().max(64).optional(),
  kind: z.enum(meterKindIds).optional(),
  /** By id; `none`: homes in no building. */
  building: z.string().max(64).optional(),
  /** By id: one home. */
  unit: z.string().max(64).optional(),
  /** By id: homes in a group. */
  group: z.string().max(64).optional(),
});
export type ReportAsked = z.infer<typeof ReportAsked>;

export interface Subject {
  readonly community: CommunityDoc;
  readonly units: ReadonlyMap<string, UnitDoc>;
  readonly buildings: ReadonlyMap<string, string>;
  readonly devices: ReadonlyMap<string, DeviceDoc>;
  readonly asked: BillingAsked & { readonly devices: readonly DeviceDoc[] };
}

const collator = new Intl.Collator("en", { numeric: true });

/** @throws Fault "not_found" for what is out of reach, "invalid" for dates that cannot be */
export async function subjectOf(hub: Hub, scope: HubScope, asked: ReportAsked): Promise<Subject> {
  checkDates(asked.from, asked.to);
  const communityId = await communityFor(hub, scope, asked.community);
  if (communityId === null)
    throw new Fault("invalid", "Say for which community.", { fields: { community: "is needed" } });
  const community = await hub.communities.find(scope, communityId);
  const buildings = new Map(
    (await hub.units.buildings.list(scope, communityId)).map((one) => [one.buildingId, one.name]),
  );
  if (asked.building !== undefined && asked.building !== "none" && !buildings.has(asked.building))
    throw new Fault("not_found", "There is no such building here.");
  if (asked.unit !== undefined) {
    const one = await hub.units.units.find(scope, asked.unit);
    if (one.communityId !== communityId)
      throw new Fault("not_found", "There is no such home here.");
  }
  const members =
    asked.group === undefined ? undefined : await membersOf(hub, scope, asked.group, "units");
  const units = (await hub.units.units.list(scope, communityId))
    .filter(
      ({ unitId, buildingId }) =>
        (asked.unit === undefined || asked.unit === unitId) &&
        (asked.building === undefined ||
          (asked.building === "none" ? buildingId === undefined : asked.building === buildingId)) &&
        (members === undefined || members.has(unitId)),
    )
    .sort(
      (a, b) =>
        collator.compare(
          buildings.get(a.buildingId ?? "") ?? "",
          buildings.get(b.buildingId ?? "") ?? "",
        ) || collator.compare(a.name, b.name),
    );
  const held = await hub.devices.everHeldBy(scope, community.organizationId, communityId);
  const devices = held.filter(({ kind }) => asked.kind === undefined || kind === asked.kind);
  return {
    community,
    units: new Map(units.map((unit) => [unit.unitId, unit])),
    buildings,
    devices: new Map(devices.map((device) => [device.deviceId, device])),
    asked: {
      devices,
      units: units.map(({ unitId, buildingId }) => ({
        unitId,
        ...(buildingId === undefined ? {} : { building: buildingId }),
      })),
      zones: zonesOf(community),
      from: asked.from,
      to: asked.to,
      nowMs: hub.clock.now(),
    },
  };
}
