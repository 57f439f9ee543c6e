/**
 * `move`: a device is another community's from a moment on, or the organization's own. Its past,
 * with its readings, stays where it was.
 */
import { z } from "zod";
import { route } from "#cloud/api/route.ts";
import { change } from "#cloud/hub/change.ts";
import { mountedAt, removedAt } from "#cloud/hub/devices/installing.ts";
import { handedOn } from "#cloud/hub/holding.ts";
import { momentOf } from "#cloud/hub/moment.ts";
import { DeviceAlone } from "#shared/api/admin.ts";
import { DateOrMoment } from "#shared/api/communities.ts";
import { Fault } from "#shared/model/fault.ts";
import { afterChanges, noteChange } from "./changed.ts";
import { deviceAlone } from "./device-row.ts";
import { deviceIdOf, DeviceParams } from "./named-device.ts";
import { communityFor } from "#cloud/hub/devices/community-for.ts";
import { stamped } from "#cloud/hub/devices/in-use.ts";

const UTC = { zones: [{ from: new Date(0).toISOString(), zone: "Etc/UTC" }] };

export const move = route({
  method: "put",
  path: "/devices/:dev_eui/community",
  right: "devices.write",
  title:
    "Hands a device to a community, or with null back to the organization; its home's time ends then. Its past stays where it was.",
  params: DeviceParams,
  body: z.strictObject({
    /** By id or `tenant_name`; null: the organization itself. */
    community: z.string().max(64).nullable(),
    from: DateOrMoment.optional(),
  }),
  answer: { data: DeviceAlone },
  open:
    (parts) =>
    async ({ scope, params, body, trail }) => {
      const { hub, fleet, inventory } = parts;
      const deviceId = deviceIdOf(params.dev_eui);
      const item = await inventory.find(scope, deviceId);
      if (body.community === null && scope.kind !== "organization")
        throw new Fault("forbidden", "Only the organization takes devices back.");
      const to = body.community === null ? null : await communityFor(hub, scope, body.community);
      const now = new Date(hub.clock.now()).toISOString();
      const at = body.from === undefined ? now : momentOf(item.community ?? UTC, body.from);
      const changed = await change(hub.devices, scope, deviceId, (device) => {
        if (device.communityId === to) return device;
        if (at > now)
          throw new Fault("invalid", "A device is handed over now, or was before; not later on.", {
            fields: { from: "lies ahead" },
          });
        if (device.installations.some(({ from }) => from > at))
          throw new Fault("conflict", "It is given to a home after that moment. End that first.");
        const free = mountedAt(device, at) ? removedAt(device, at).device : device;
        // The gateway that answered its joins is the former community's.
        const { homeGateway, ...rest } = free;
        const home = homeGateway === undefined ? {} : { homeGateway: true as const };
        return stamped(hub, device, {
          ...rest,
          ...home,
          communityId: to,
          held: handedOn(free.held, to, at),
        });
      });
      noteChange(trail, "device moved", changed);
      await afterChanges(parts, scope, [changed]);
      return deviceAlone(await inventory.find(scope, deviceId), fleet, hub.clock.now());
    },
});
