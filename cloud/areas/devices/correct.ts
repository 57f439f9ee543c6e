/**
 * `correct`: what was told wrongly of the past, told again: dates, indexes, multipliers, the home,
 * and two meters that hang where the other should. Readings stay as they are; consumption is
 * computed from what is told now. What was told before stands in the audit.
 */
import { z } from "zod";
import { route } from "#cloud/api/route.ts";
import { change } from "#cloud/hub/change.ts";
import { changeTwo } from "#cloud/hub/devices/change-two.ts";
import { multiplierOf } from "#cloud/hub/devices/draw-device.ts";
import { corrected, mountedAt, type Correction } from "#cloud/hub/devices/installing.ts";
import type { DeviceDoc } from "#cloud/hub/hub.ts";
import { momentOf } from "#cloud/hub/moment.ts";
import { AssignmentRow, CorrectAssignment, SwapDevices } from "#shared/api/devices.ts";
import { Fault } from "#shared/model/fault.ts";
import type { DeviceId, UnitId } from "#shared/model/ids.ts";
import { namingTheOther } from "./assign.ts";
import { assignmentRow } from "./assignment-row.ts";
import { afterChanges, noteChange } from "./changed.ts";
import { deviceIdOf, DeviceParams } from "./named-device.ts";
import { stamped } from "#cloud/hub/devices/in-use.ts";

export const correct = route({
  method: "patch",
  path: "/devices/:dev_eui/assignments/:id",
  right: "devices.write",
  title:
    "Tells an assignment anew: home, dates, indexes, multiplier; null takes away. Consumption is computed again from it.",
  params: DeviceParams.extend({ id: z.string().max(40) }),
  body: CorrectAssignment,
  answer: { data: AssignmentRow },
  open:
    (parts) =>
    async ({ scope, params, body, trail }) => {
      const { hub, inventory } = parts;
      const deviceId = deviceIdOf(params.dev_eui);
      const item = await inventory.find(scope, deviceId);
      const old = item.device.installations.find((one) => one.installationId === params.id);
      if (!old) throw new Fault("not_found", "There is no such assignment here.");
      const home = await hub.units.units.find(scope, old.unitId);
      const community = await hub.communities.find(scope, home.communityId);
      if (body.unit_id !== undefined) {
        const wanted = await hub.units.units.find(scope, body.unit_id);
        if (wanted.communityId !== community.communityId)
          throw new Fault("conflict", "That home is another community's. Move the device first.");
      }
      const text = (given: string | number | null | undefined) =>
        given === undefined || given === null ? given : String(given);
      const told: Correction = {
        unitId: body.unit_id,
        from: body.valid_from === undefined ? undefined : momentOf(community, body.valid_from),
        to: body.valid_to ? momentOf(community, body.valid_to) : body.valid_to,
        startIndex: text(body.start_index),
        endIndex: text(body.end_index),
        indexUnit: body.index_unit,
        multiplier: body.multiplier ? multiplierOf(body.multiplier) : (body.multiplier as null),
      };
      const changed = await namingTheOther(parts, scope, () =>
        change(hub.devices, scope, deviceId, (device) =>
          stamped(hub, device, corrected(device, params.id, community.communityId, told).device),
        ),
      );
      const reason = body.reason === undefined ? {} : { reason: body.reason };
      noteChange(trail, "assignment corrected", changed, reason);
      await afterChanges(parts, scope, [changed]);
      const now = await inventory.find(scope, deviceId);
      const row = now.device.installations.find((one) => one.installationId === params.id);
      return assignmentRow(now, row ?? old);
    },
});

export const swap = route({
  method: "post",
  path: "/devices/swap",
  right: "devices.write",
  title:
    "Two meters hang where the other should: their homes are exchanged, for the whole of the assignments at that moment.",
  body: SwapDevices,
  answer: { data: z.object({ first: AssignmentRow, second: AssignmentRow }) },
  open:
    (parts) =>
    async ({ scope, body, trail }) => {
      const { hub, inventory } = parts;
      const ids = [body.dev_eui as DeviceId, body.other_dev_eui as DeviceId] as const;
      if (ids[0] === ids[1]) throw new Fault("invalid", "These are the same device.");
      const first = await inventory.find(scope, ids[0]);
      const second = await inventory.find(scope, ids[1]);
      if (!first.community || first.community.communityId !== second.community?.communityId)
        throw new Fault("conflict", "They are not in one community.");
      const now = new Date(hub.clock.now()).toISOString();
      const at = body.at === undefined ? now : momentOf(first.community, body.at);
      const [a, b] = [mountedAt(first.device, at), mountedAt(second.device, at)];
      if (!a || !b) throw new Fault("conflict", "One of them is in no home then.");
      const changed = await changeTwo(hub, scope, ids, (pair) => ({
        first: moved(pair.first, a.installationId, b.unitId),
        second: moved(pair.second, b.installationId, a.unitId),
      }));
      const { before, after } = changed;
      const reason = body.reason === undefined ? {} : { reason: body.reason };
      const changes = [
        { before: before.first, after: after.first },
        { before: before.second, after: after.second },
      ];
      for (const one of changes) noteChange(trail, "meters swapped", one, reason);
      await afterChanges(parts, scope, changes);
      return {
        first: assignmentRow(await inventory.find(scope, ids[0]), { ...a, unitId: b.unitId }),
        second: assignmentRow(await inventory.find(scope, ids[1]), { ...b, unitId: a.unitId }),
      };
    },
});

function moved(device: DeviceDoc, installationId: string, unitId: UnitId): DeviceDoc {
  const installations = device.installations.map((one) =>
    one.installationId === installationId ? { ...one, unitId } : one,
  );
  return { ...device, installations };
}
