/**
 * `undo-upload`: takes back what an upload did. What somebody changed since stays as it is now, and
 * so does a home that somebody lives in or a device hangs in.
 */
import { isActive } from "#cloud/auth/invite.ts";
import { change } from "#cloud/hub/change.ts";
import { adoptThose } from "#cloud/hub/devices/adopt-those.ts";
import { removeDevice } from "#cloud/hub/devices/remove-device.ts";
import type { DeviceDoc, Hub } from "#cloud/hub/hub.ts";
import { leave } from "#cloud/hub/leave.ts";
import { withoutTenancy } from "#cloud/hub/tenancies.ts";
import { isFault } from "#shared/model/fault.ts";
import type { CommunityId } from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";
import type { Done, UploadDoc, UploadStore } from "./upload-store.ts";

export interface Undone {
  readonly removed: number;
  readonly restored: number;
  /** Changed since, or gone. */
  readonly kept: number;
}

export async function undoUpload(
  hub: Hub,
  store: UploadStore,
  scope: HubScope,
  doc: UploadDoc,
): Promise<Undone> {
  const { organizationId } = scope;
  const count = { removed: 0, restored: 0, kept: 0 };
  const touched = new Set<CommunityId | null>(doc.communityIds);
  const all: Done[] = [];
  for await (const { done } of store.rows(doc.uploadId)) all.push(done);
  for (const { devices } of all.reverse())
    for (const one of devices) {
      const image = await hub.registry.organization(organizationId);
      const now = (await image.freshOf<DeviceDoc>("device")).get(`device:${one.deviceId}`);
      if (!now || now.updatedAt !== one.updatedAt) {
        count.kept++;
        continue;
      }
      touched.add(now.communityId);
      try {
        if (one.before === null) {
          await removeDevice(hub, scope, organizationId, now);
          count.removed++;
        } else {
          const { _rev } = now as { _rev?: string };
          await hub.devices.save(scope, organizationId, [{ ...one.before, _rev } as DeviceDoc]);
          count.restored++;
        }
      } catch (error) {
        if (!isFault(error)) throw error;
        count.kept++;
      }
    }
  for (const one of all) await moveOut(hub, scope, one, count);
  await removeEmpty(hub, scope, all);
  await store.write({ ...doc, state: "undone", endedAt: new Date(hub.clock.now()).toISOString() });
  await adoptThose(hub, scope, touched);
  return count;
}

/** Takes back who moved in and who became a resident. Who came in meanwhile (chose a password) stays. */
async function moveOut(
  hub: Hub,
  scope: HubScope,
  { tenancies = [], members = [] }: Done,
  count: { removed: number; kept: number },
): Promise<void> {
  const people = new Map(
    (await hub.people.list(scope)).map((person) => [person.personId, person] as const),
  );
  const staying = new Set<string>();
  for (const { personId, membershipId } of members) {
    const person = people.get(personId);
    const membership = person?.memberships.find((one) => one.membershipId === membershipId);
    if (!person || !membership) continue;
    if (isActive(person) && person.memberships.length === 1) {
      staying.add(membership.residentId ?? "");
      count.kept++;
    }
  }
  for (const { unitId, tenancyId } of tenancies)
    try {
      await change(hub.units.units, scope, unitId, (unit) => {
        const it = unit.tenancies.find((one) => one.tenancyId === tenancyId);
        return it && !staying.has(it.residentId) ? withoutTenancy(unit, tenancyId) : unit;
      });
    } catch (error) {
      if (!isFault(error)) throw error;
      count.kept++;
    }
  for (const { personId, membershipId } of members) {
    const membership = people
      .get(personId)
      ?.memberships.find((one) => one.membershipId === membershipId);
    if (!membership || staying.has(membership.residentId ?? "")) continue;
    await leave(hub, personId, new Set([membershipId]));
    count.removed++;
  }
}

/** Homes and buildings it made and nobody uses. */
async function removeEmpty(hub: Hub, scope: HubScope, all: readonly Done[]): Promise<void> {
  const { organizationId } = scope;
  const made = new Set<string>(all.flatMap(({ unitIds }) => unitIds));
  const used = new Set<string>(
    (await hub.devices.list(scope)).flatMap(({ installations }) =>
      installations.map(({ unitId }) => unitId as string),
    ),
  );
  const units = await hub.units.units.list(scope);
  const empty = units.filter(
    ({ unitId, tenancies }) => made.has(unitId) && !used.has(unitId) && tenancies.length === 0,
  );
  await hub.units.units.remove(scope, organizationId, empty);
  const gone = new Set<string>(empty.map(({ unitId }) => unitId));
  const lived = new Set(
    units.flatMap(({ unitId, buildingId }) => (gone.has(unitId) ? [] : (buildingId ?? []))),
  );
  const madeBuildings = new Set(all.flatMap(({ buildingIds }) => buildingIds));
  const buildings = (await hub.units.buildings.list(scope)).filter(
    ({ buildingId }) => madeBuildings.has(buildingId) && !lived.has(buildingId),
  );
  await hub.units.buildings.remove(scope, organizationId, buildings);
}
