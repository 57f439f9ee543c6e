/**
 * `reach`: which stretches of a device's life somebody may see on the hub. The reading store cuts by it.
 */
import type { CommunityStore } from "#cloud/areas/communities/community-store.ts";
import type { DeviceStore } from "#cloud/areas/devices/device-store.ts";
import type { Reach } from "#shared/series/reading-store.ts";
import { everything } from "#shared/series/window.ts";
import { readingsOf } from "./holding.ts";

/** The process: all. An operator: what belongs to those communities of theirs that hold or held the device. Nobody else: nothing. */
export function reachOf(communities: CommunityStore, devices: DeviceStore): Reach {
  return async (scope, tenant, deviceId) => {
    if (scope.kind === "system") return [everything];
    if (scope.kind !== "organization" && scope.kind !== "communities") return [];
    const community = (await communities.list(scope)).find((one) => one.tenant === tenant);
    if (!community) return [];
    const { organizationId, communityId } = community;
    const device = (await devices.everHeldBy(scope, organizationId, communityId)).find(
      (one) => one.deviceId === deviceId,
    );
    return device === undefined
      ? []
      : readingsOf(device.held, communityId).map((stretch) => ({ ...everything, ...stretch }));
  };
}
