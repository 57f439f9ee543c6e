/**
 * `windows`: which stretches of a device's life a resident may see: tenancy ∩ installation, nothing
 * else. Pure; the same on the gateway and on the hub.
 */
import type { DeviceId, ResidentId } from "#shared/model/ids.ts";
import { mountedOf, type Installation, type Window } from "#shared/series/window.ts";
import type { Site } from "./site.ts";

const startOf = (period: { from: string }) => Date.parse(period.from);
const endOf = (period: { to?: string | undefined }) =>
  period.to === undefined ? Infinity : Date.parse(period.to);

/** Where an installation and a tenancy of the same unit overlap. */
export function overlap(
  installation: Installation,
  tenancy: { from: string; to?: string | undefined },
): Window | undefined {
  const fromMs = Math.max(startOf(installation), startOf(tenancy));
  const toMs = Math.min(endOf(installation), endOf(tenancy));
  return fromMs < toMs ? { fromMs, toMs, mounted: mountedOf(installation) } : undefined;
}

/** One installation in a home as one resident may see it. */
export interface ResidentWindow {
  readonly deviceId: DeviceId;
  readonly installationId: string;
  readonly unitId: string;
  readonly window: Window;
}

/**
 * Everything a resident may see, by installation, oldest first. Tenancies that touch (a contract
 * renewed) are one stretch; with somebody else's time between them they stand side by side.
 */
export function windowsOfResident(site: Site, residentId: ResidentId): ResidentWindow[] {
  const found: ResidentWindow[] = [];
  for (const device of site.devices.values())
    for (const installation of device.installations) {
      const { installationId, unitId } = installation;
      const windows = (site.units.get(unitId)?.tenancies ?? []).flatMap((tenancy) => {
        const window =
          tenancy.residentId === residentId ? overlap(installation, tenancy) : undefined;
        return window ?? [];
      });
      for (const window of joined(windows))
        found.push({ deviceId: device.deviceId, installationId, unitId, window });
    }
  return found.sort((a, b) => a.window.fromMs - b.window.fromMs);
}

function joined(windows: readonly Window[]): Window[] {
  const whole: Window[] = [];
  for (const window of windows.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const before = whole.at(-1);
    if (before && window.fromMs <= before.toMs)
      whole[whole.length - 1] = { ...before, toMs: Math.max(before.toMs, window.toMs) };
    else whole.push(window);
  }
  return whole;
}
