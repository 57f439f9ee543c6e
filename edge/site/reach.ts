/**
 * `reach`: which stretches of a device's life somebody may see on this gateway.
 *
 * A resident: tenancy ∩ installation, nothing else. A program: while its communities hold the
 * device. The process itself: all of it.
 */
import { windowsOfResident } from "#shared/access/windows.ts";
import type { TenantName } from "#shared/model/ids.ts";
import type { Reach } from "#shared/series/reading-store.ts";
import { everything } from "#shared/series/window.ts";
import type { Sites } from "./sites.ts";

/** The rule the reading store cuts by. */
export function reachOf(sites: Sites): Reach {
  return (scope, tenant: TenantName, deviceId) => {
    if (scope.kind === "system") return [everything];
    const site = sites.get(tenant);
    if (site && scope.kind === "program" && scope.tenants.has(tenant))
      return (site.devices.get(deviceId)?.held ?? []).map(({ from, to }) => {
        const fromMs = Date.parse(from);
        const toMs = to === undefined ? Infinity : Date.parse(to);
        return { fromMs, toMs, mounted: everything.mounted };
      });
    if (!site || scope.kind !== "resident" || scope.tenant !== tenant) return [];
    return windowsOfResident(site, scope.residentId)
      .filter((one) => one.deviceId === deviceId)
      .map(({ window }) => window);
  };
}
