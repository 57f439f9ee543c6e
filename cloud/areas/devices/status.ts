/** `status`: a device's state set by hand: until its next uplink, maintenance until it is ended. */
import { route } from "#cloud/api/route.ts";
import { change } from "#cloud/hub/change.ts";
import { DeviceAlone } from "#shared/api/admin.ts";
import { StatusByHand } from "#shared/api/devices.ts";
import { noteChange } from "./changed.ts";
import { deviceAlone } from "./device-row.ts";
import { deviceIdOf, DeviceParams } from "./named-device.ts";

export const status = route({
  method: "put",
  path: "/devices/:dev_eui/status",
  right: "devices.write",
  title:
    "Sets the state by hand: `online` and `offline` hold until the next uplink, `maintenance` mutes alerts until another one is set.",
  params: DeviceParams,
  body: StatusByHand,
  answer: { data: DeviceAlone },
  open:
    ({ hub, fleet, inventory, news }) =>
    async ({ scope, params, body, trail }) => {
      const deviceId = deviceIdOf(params.dev_eui);
      const at = new Date(hub.clock.now()).toISOString();
      const changed = await change(hub.devices, scope, deviceId, (device) => ({
        ...device,
        status: { is: body.status, at },
        updatedAt: at,
      }));
      noteChange(trail, "device status set", changed);
      news.tell(scope.organizationId, "devices");
      return deviceAlone(await inventory.find(scope, deviceId), fleet, hub.clock.now());
    },
});
