/**
 * `reach`: which stretches of a device's life somebody may see on the hub. The reading store cuts by it.
 */
import type { CommunityStore } from "#cloud/areas/communities/community-store.ts";
import type { DeviceStore } from "#cloud/areas/devices/device-store.ts";
import { isFault } from "#shared/model/fault.ts";
import type { Reach } from "#shared/series/reading-store.ts";
import { everything } from "#shared/series/window.ts";

/** The process: all. An operator: all of a device that their community holds. Nobody else: nothing. */
export function reachOf(communities: CommunityStore, devices: DeviceStore): Reach {
  return async (scope, tenant, deviceId) => {
    if (scope.kind === "system") return [everything];
    if (scope.kind !== "organization" && scope.kind !== "communities") return [];
    try {
      const device = await devices.find(scope, deviceId);
      const community = await communities.find(scope, device.communityId);
      return community.tenant === tenant ? [everything] : [];
    } catch (error) {
      if (isFault(error, "not_found")) return [];
      throw error;
    }
  };
}
