/**
 * `exchange`: one meter takes another's place in a home: two installations, side by side, with the
 * old one's last and the new one's first index. Consumption goes on across them.
 */
import { z } from "zod";
import { route } from "#cloud/api/route.ts";
import { changeTwo } from "#cloud/hub/devices/change-two.ts";
import { drawDevice, multiplierOf } from "#cloud/hub/devices/draw-device.ts";
import { installed, mountedAt, removedAt } from "#cloud/hub/devices/installing.ts";
import { drawContext, registerDevices } from "#cloud/hub/devices/register-devices.ts";
import type { DeviceDoc } from "#cloud/hub/hub.ts";
import { momentOf } from "#cloud/hub/moment.ts";
import { AssignmentRow, ExchangeDevice } from "#shared/api/devices.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import { newId, type DeviceId, type InstallationId } from "#shared/model/ids.ts";
import { assignmentRow } from "./assignment-row.ts";
import { afterChanges, noteChange } from "./changed.ts";
import { deviceIdOf, DeviceParams } from "./named-device.ts";

export const exchange = route({
  method: "post",
  path: "/devices/:dev_eui/exchange",
  right: "devices.write",
  title:
    "Puts a new meter into the place of one: ends the old one with its index, registers the new one when it is not yet, and begins it with its own.",
  params: DeviceParams,
  body: ExchangeDevice,
  answer: { status: 201, data: z.object({ old: AssignmentRow, new: AssignmentRow }) },
  open:
    (parts) =>
    async ({ scope, params, body, trail }) => {
      const { hub, inventory } = parts;
      const oldId = deviceIdOf(params.dev_eui);
      const newDeviceId = body.new_device.dev_eui as DeviceId;
      if (newDeviceId === oldId)
        throw new Fault("invalid", "A meter cannot take its own place.", {
          fields: { "new_device.dev_eui": "is the old meter's" },
        });
      const { device, community } = await inventory.find(scope, oldId);
      const now = new Date(hub.clock.now()).toISOString();
      const at = community && body.at !== undefined ? momentOf(community, body.at) : now;
      const place = mountedAt(device, at);
      if (!community || !place)
        throw new Fault("conflict", "It is in no home then: there is nothing to take over.");
      await registerWhenNew();
      const installationId = newId<InstallationId>("i", hub.random);
      const told = {
        endIndex: body.end_index === undefined ? undefined : String(body.end_index),
        indexUnit: body.index_unit,
      };
      const changed = await changeTwo(hub, scope, [oldId, newDeviceId], ({ first, second }) => {
        // Where this change wrote one of the two already, it stays as it is.
        const isBegun = second.installations.some((one) => one.installationId === installationId);
        const isEnded = first.installations.some(
          (one) => one.installationId === place.installationId && one.to === at,
        );
        const begun = isBegun
          ? second
          : installed(second, installationId, {
              communityId: community.communityId,
              unitId: place.unitId,
              from: at,
              // A place that was given for a time stays given for that time.
              to: place.to,
              startIndex: body.start_index === undefined ? undefined : String(body.start_index),
              indexUnit: body.index_unit,
              multiplier: body.multiplier === undefined ? undefined : multiplierOf(body.multiplier),
            });
        const ended = isEnded ? first : removedAt(first, at, told).device;
        return { first: body.retire ? retired(ended, at) : ended, second: begun };
      });
      const { before, after } = changed;
      const reason = body.reason === undefined ? {} : { reason: body.reason };
      noteChange(trail, "meter exchanged", { before: before.first, after: after.first }, reason);
      noteChange(trail, "meter exchanged", { before: before.second, after: after.second }, reason);
      await afterChanges(parts, scope, [
        { before: before.first, after: after.first },
        { before: before.second, after: after.second },
      ]);
      const [old, fresh] = [
        await inventory.find(scope, oldId),
        await inventory.find(scope, newDeviceId),
      ];
      const rowOf = (item: typeof old, id: string) =>
        assignmentRow(
          item,
          item.device.installations.find((one) => one.installationId === id) ?? place,
        );
      return { old: rowOf(old, place.installationId), new: rowOf(fresh, installationId) };

      async function registerWhenNew() {
        try {
          await inventory.find(scope, newDeviceId);
          return;
        } catch (error) {
          if (!isFault(error, "not_found")) throw error;
        }
        const said = body.new_device;
        const drawn = drawDevice(
          {
            // It does what the old one did, unless something else is said.
            kind: device.kind,
            expected_interval_s: device.expectedIntervalMs / 1000,
            ...(said.model === undefined && said.decoder === undefined
              ? { decoder: device.model, model: device.hardware }
              : {}),
            ...said,
            device_name: said.device_name ?? device.name,
            device_type: said.device_type ?? device.deviceType ?? device.model,
          },
          community?.communityId ?? null,
          await drawContext(hub, scope),
        );
        const why = (await registerDevices(hub, scope, [drawn])).get(newDeviceId);
        if (why) throw why;
        trail.note({
          what: "device registered",
          communityId: community?.communityId ?? null,
          target: { type: "device", id: newDeviceId },
          after: { device_name: drawn.device.name, hasKeys: drawn.keys !== undefined },
        });
      }
    },
});

function retired(device: DeviceDoc, at: string): DeviceDoc {
  return device.isActive ? { ...device, isActive: false, retiredAt: at } : device;
}
