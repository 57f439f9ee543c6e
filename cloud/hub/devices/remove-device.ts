/**
 * `remove-device`: takes a device off the hub for good, with its keys; its DevEUI is free afterwards. A
 * hub that comes back from a backup knows of it, and nothing of a device that is registered anew by that DevEUI.
 */
import type { DeviceDoc, Hub } from "#cloud/hub/hub.ts";
import type { OrganizationId } from "#shared/model/ids.ts";
import type { Scope } from "#shared/model/scope.ts";

/** Names this registration in the deny journal. */
export const denialOf = ({ deviceId, createdAt }: DeviceDoc) => `${deviceId} ${createdAt}`;

/** Its community's `site` is not told: `adopt` follows. @throws Fault "conflict" when it was changed meanwhile */
export async function removeDevice(
  hub: Hub,
  scope: Scope,
  organizationId: OrganizationId,
  device: DeviceDoc,
): Promise<void> {
  const { deviceId } = device;
  await hub.devices.remove(scope, organizationId, [device]);
  await hub.journal.add("device", denialOf(device));
  await hub.keys.remove(scope, organizationId, [deviceId]);
  await hub.claims.release(organizationId, [deviceId]);
}
