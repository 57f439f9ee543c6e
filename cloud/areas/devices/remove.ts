/**
 * `remove`: a device is taken off the hub for good. Where it was in homes or was heard, retiring it
 * is the better way: what goes is shown before, and has to be said.
 */
import { z } from "zod";
import { route } from "#cloud/api/route.ts";
import { removeDevice } from "#cloud/hub/devices/remove-device.ts";
import type { Item } from "#cloud/hub/inventory.ts";
import type { Fleet } from "#cloud/hub/fleet.ts";
import { Fault } from "#shared/model/fault.ts";
import { latestOf } from "./device-row.ts";
import { afterChanges } from "./changed.ts";
import { deviceIdOf, DeviceParams } from "./named-device.ts";

const Preview = z.object({
  dev_eui: z.string(),
  device_name: z.string(),
  /** Homes it is or was in. */
  assignments: z.number().int(),
  /** When it was last heard: its readings are shown to nobody any more. */
  last_heard_at: z.string().nullable(),
  /** Nothing of it is lost. */
  is_plain: z.boolean(),
});

function previewOf(item: Item, fleet: Fleet): z.infer<typeof Preview> {
  const { deviceId, name, installations } = item.device;
  const heard = latestOf(item, fleet).heard;
  return {
    dev_eui: deviceId,
    device_name: name,
    assignments: installations.length,
    last_heard_at: heard && new Date(heard.time).toISOString(),
    is_plain: installations.length === 0 && heard === null,
  };
}

export const preview = route({
  method: "get",
  path: "/devices/:dev_eui/deletion",
  right: "devices.delete",
  title: "What goes when a device is deleted.",
  params: DeviceParams,
  answer: { data: Preview },
  open:
    ({ fleet, inventory }) =>
    async ({ scope, params }) =>
      previewOf(await inventory.find(scope, deviceIdOf(params.dev_eui)), fleet),
});

export const remove = route({
  method: "delete",
  path: "/devices/:dev_eui",
  right: "devices.delete",
  title:
    "Deletes a device. One with a past (homes, readings) only with `confirm`, its DevEUI once more; its DevEUI is free afterwards.",
  params: DeviceParams,
  query: z.object({ confirm: z.string().max(100).optional() }),
  answer: { data: Preview },
  open:
    (parts) =>
    async ({ scope, params, query: { confirm }, trail }) => {
      const { hub, fleet, inventory } = parts;
      const deviceId = deviceIdOf(params.dev_eui);
      const item = await inventory.find(scope, deviceId);
      const told = previewOf(item, fleet);
      const isConfirmed = confirm !== undefined && sameId(confirm, deviceId);
      if (!told.is_plain && !isConfirmed)
        throw new Fault(
          "conflict",
          "It has a past. Retire it, and its past stays; or confirm with its DevEUI that all of it goes.",
          { preview: told },
        );
      const { device } = item;
      await removeDevice(hub, scope, scope.organizationId, device);
      trail.note({
        what: "device deleted",
        communityId: device.communityId,
        target: { type: "device", id: deviceId },
        before: { ...told },
      });
      await afterChanges(parts, scope, [{ before: device, after: device }]);
      return told;
    },
});

function sameId(text: string, deviceId: string): boolean {
  try {
    return deviceIdOf(text) === deviceId;
  } catch {
    return false;
  }
}
