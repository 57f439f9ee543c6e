/**
 * `assign`: a device is given to a home or a resident, for a time; and taken away again. A device
 * is in one place at a time, also when two give it away at once.
 */
import { z } from "zod";
import type { AreaParts } from "#cloud/api/area-parts.ts";
import { route } from "#cloud/api/route.ts";
import { change } from "#cloud/hub/change.ts";
import { multiplierOf } from "#cloud/hub/devices/draw-device.ts";
import { homeAt, placeOf, type Wanted } from "#cloud/hub/devices/home-for.ts";
import {
  installed,
  mountedAt,
  Overlap,
  removedAt,
  type Installation,
} from "#cloud/hub/devices/installing.ts";
import type { Item } from "#cloud/hub/inventory.ts";
import { momentOf } from "#cloud/hub/moment.ts";
import { reachesCommunity } from "#cloud/hub/scoped-documents.ts";
import { AssignDevice, AssignmentRow, EndAssignment } from "#shared/api/devices.ts";
import { Fault } from "#shared/model/fault.ts";
import { newId, type DeviceId, type InstallationId } from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { afterChanges, noteChange, type Change } from "./changed.ts";
import { assignmentRow } from "./assignment-row.ts";
import { deviceIdOf, DeviceParams } from "./named-device.ts";
import { stamped } from "#cloud/hub/devices/in-use.ts";

export interface Assigned extends Change {
  readonly installation: Installation;
}

/**
 * Gives a device to a home; the gateways are told by `afterChanges`.
 * @throws Fault "not_found" | "invalid" | "conflict" that names the other assignment
 */
export async function assignDevice(
  { hub, inventory }: Pick<AreaParts, "hub" | "inventory">,
  scope: HubScope,
  deviceId: DeviceId,
  wanted: Wanted & Omit<AssignDevice, "end_user_id" | "unit_id">,
): Promise<Assigned> {
  const place = await placeOf(hub, scope, wanted);
  const { community } = place;
  // Before a home is made for it: there has to be something to assign.
  const { device } = await inventory.find(scope, deviceId);
  const now = new Date(hub.clock.now()).toISOString();
  const from = wanted.valid_from === undefined ? now : momentOf(community, wanted.valid_from);
  const to = wanted.valid_to ? momentOf(community, wanted.valid_to) : undefined;
  const startIndex = wanted.start_index === undefined ? undefined : String(wanted.start_index);
  const multiplier = wanted.multiplier === undefined ? undefined : multiplierOf(wanted.multiplier);
  const isPlain =
    wanted.valid_from === undefined && to === undefined && startIndex === undefined && !multiplier;
  // A dry run first: a refusal must not leave a home behind that was made for it.
  const mounting = { communityId: community.communityId, from, to, startIndex, multiplier };
  const indexUnit = wanted.index_unit;
  const id = newId<InstallationId>("i", hub.random);
  const mountedNow = mountedAt(device, from);
  if (!(isPlain && mountedNow && mountedNow.to === undefined))
    installed(device, id, { ...mounting, indexUnit, unitId: "u-0000000000000000" as never });
  const { unitId } = await homeAt(hub, scope, place, from);
  let installation: Installation | undefined;
  const changed = await change(hub.devices, scope, deviceId, (old) => {
    const already = mountedAt(old, from);
    // Said once more: it is there already.
    if (isPlain && already?.unitId === unitId && already.to === undefined) {
      installation = already;
      return old;
    }
    const after = installed(old, id, { ...mounting, indexUnit, unitId });
    installation = after.installations.find((one) => one.installationId === id);
    return stamped(hub, old, after);
  });
  return { ...changed, installation: installation as Installation };
}

/** Names the other home to those who may know it. */
export async function namingTheOther<T>(
  { hub }: Pick<AreaParts, "hub">,
  scope: HubScope,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Overlap)) throw error;
    const units = await hub.units.units.list(scope);
    const unit = units.find(({ unitId }) => unitId === error.other.unitId);
    if (!unit || !reachesCommunity(scope, unit.communityId)) throw error;
    const overlaps = {
      ...(error.details.overlaps as object),
      unit: { id: unit.unitId, name: unit.name },
    };
    const { from, to } = error.other;
    const until = to === undefined ? "" : ` until ${to}`;
    throw new Fault("conflict", `It is assigned to ${unit.name} from ${from}${until} already.`, {
      overlaps,
    });
  }
}

export const assign = route({
  method: "put",
  path: "/devices/:dev_eui/assign",
  right: "devices.write",
  title:
    "Assigns a device to a resident or a home, from now on when nothing else is said. What overlaps is refused, naming the other.",
  params: DeviceParams,
  body: AssignDevice,
  answer: { data: AssignmentRow },
  open:
    (parts) =>
    async ({ scope, params, body, trail }) => {
      const deviceId = deviceIdOf(params.dev_eui);
      const assigned = await namingTheOther(parts, scope, () =>
        assignDevice(parts, scope, deviceId, body),
      );
      noteChange(trail, "device assigned", assigned);
      await afterChanges(parts, scope, [assigned]);
      return rowNow(parts, scope, deviceId, assigned.installation);
    },
});

export const end = route({
  method: "delete",
  path: "/devices/:dev_eui/assign",
  right: "devices.write",
  title: "Ends the assignment, now or at `valid_to`, with the index then, when it was read off.",
  params: DeviceParams,
  query: EndAssignment,
  answer: { data: AssignmentRow },
  open:
    (parts) =>
    async ({ scope, params, query, trail }) => {
      const { hub, inventory } = parts;
      const deviceId = deviceIdOf(params.dev_eui);
      const { community } = await inventory.find(scope, deviceId);
      const at = momentOf(
        community ?? { zones: [{ from: new Date(0).toISOString(), zone: "Etc/UTC" }] },
        query.valid_to ?? new Date(hub.clock.now()).toISOString(),
      );
      const told = {
        endIndex: query.end_index === undefined ? undefined : String(query.end_index),
        indexUnit: query.index_unit,
      };
      let ended: Installation | undefined;
      const changed = await change(hub.devices, scope, deviceId, (old) => {
        const removed = removedAt(old, at, told);
        ended = removed.installation;
        return stamped(hub, old, removed.device);
      });
      noteChange(trail, "assignment ended", changed);
      await afterChanges(parts, scope, [changed]);
      return rowNow(parts, scope, deviceId, ended as Installation);
    },
});

export const assignments = route({
  method: "get",
  path: "/devices/:dev_eui/assignments",
  right: "devices.read",
  title: "Where a device is and was, oldest first, with those who lived there then.",
  params: DeviceParams,
  query: z.object({
    limit: z.coerce.number().int().min(1).max(500).default(50),
    offset: z.coerce.number().int().min(0).default(0),
  }),
  answer: { rows: AssignmentRow },
  open:
    ({ inventory }) =>
    async ({ scope, params, query: { limit, offset } }) => {
      const item = await inventory.find(scope, deviceIdOf(params.dev_eui));
      const rows = seenBy(scope, item).map((one) => assignmentRow(item, one));
      return { rows: rows.slice(offset, offset + limit), total: rows.length };
    },
});

/** Without those in homes that are out of reach: another community's. */
function seenBy(scope: HubScope, { device, units }: Item): Installation[] {
  return device.installations.filter(({ unitId }) => {
    const unit = units.get(unitId);
    return unit === undefined
      ? scope.kind === "organization"
      : reachesCommunity(scope, unit.communityId);
  });
}

async function rowNow(
  { inventory }: Pick<AreaParts, "inventory">,
  scope: HubScope,
  deviceId: DeviceId,
  installation: Installation,
): Promise<AssignmentRow> {
  return assignmentRow(await inventory.find(scope, deviceId), installation);
}
