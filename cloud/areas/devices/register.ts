/** `register`: a new device, and what is said of one anew. */
import { route } from "#cloud/api/route.ts";
import { change } from "#cloud/hub/change.ts";
import { communityFor } from "#cloud/hub/devices/community-for.ts";
import { drawDevice, redrawn } from "#cloud/hub/devices/draw-device.ts";
import { stamped, withUse } from "#cloud/hub/devices/in-use.ts";
import { drawContext, registerDevices } from "#cloud/hub/devices/register-devices.ts";
import { checkExternalId } from "#cloud/hub/external-id.ts";
import { DeviceAlone } from "#shared/api/admin.ts";
import { DeviceChange, RegisterDevice } from "#shared/api/devices.ts";
import { afterChanges, noteChange } from "./changed.ts";
import { deviceAlone } from "./device-row.ts";
import { deviceIdOf, DeviceParams } from "./named-device.ts";

export const register = route({
  method: "post",
  path: "/devices/register",
  right: "devices.write",
  title:
    "Registers a device. Without a community it is the organization's until it is assigned; what is heard of it waits until then.",
  body: RegisterDevice,
  answer: { status: 201, data: DeviceAlone },
  open:
    (parts) =>
    async ({ scope, body, trail }) => {
      const { hub, fleet, inventory, news } = parts;
      const communityId = await communityFor(hub, scope, body.community);
      const drawn = drawDevice(body, communityId, await drawContext(hub, scope));
      const { device } = drawn;
      trail.note({
        what: "device registered",
        communityId,
        target: { type: "device", id: device.deviceId },
        after: { ...withoutKeys(body), hasKeys: drawn.keys !== undefined },
      });
      const refused = await registerDevices(hub, scope, [drawn]);
      const why = refused.get(device.deviceId);
      if (why) throw why;
      await afterChanges({ hub, news }, scope, [{ before: device, after: device }]);
      const item = await inventory.find(scope, device.deviceId);
      return deviceAlone(item, fleet, hub.clock.now());
    },
});

/** What the audit may hold of what was said: no key. */
function withoutKeys(body: RegisterDevice): object {
  const { dev_eui: _, app_key: _a, nwk_key: _n, nwk_s_key: _s, app_s_key: _p, ...said } = body;
  return said;
}

export const edit = route({
  method: "patch",
  path: "/devices/:dev_eui",
  right: "devices.write",
  title: "Changes what is said of a device; null takes away. Keys are written and never shown.",
  params: DeviceParams,
  body: DeviceChange,
  answer: { data: DeviceAlone },
  open:
    (parts) =>
    async ({ scope, params, body, trail }) => {
      const { hub, fleet, inventory } = parts;
      const { organizationId } = scope;
      const deviceId = deviceIdOf(params.dev_eui);
      const { is_active: isActive, ...said } = body;
      const context = await drawContext(hub, scope);
      const changed = await hub.inTurn(`devices of ${organizationId}`, () =>
        change(hub.devices, scope, deviceId, async (device) => {
          const drawn = redrawn(device, said, context);
          await checkExternalId(hub, organizationId, drawn.device);
          if (drawn.keys)
            await hub.keys.write(scope, organizationId, new Map([[deviceId, drawn.keys]]));
          return stamped(hub, device, withUse(hub, drawn.device, isActive));
        }),
      );
      noteChange(trail, "device changed", changed);
      await afterChanges(parts, scope, [changed]);
      return deviceAlone(await inventory.find(scope, deviceId), fleet, hub.clock.now());
    },
});
