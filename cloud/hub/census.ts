/** `census`: how many devices are in which health, and when one was last read. */
import type { DeviceDoc } from "#cloud/areas/devices/device-store.ts";
import { healths, type Health } from "#shared/api/admin.ts";
import type { TenantName } from "#shared/model/ids.ts";
import { healthOf } from "#shared/series/health.ts";
import type { Fleet } from "./fleet.ts";

export interface Census {
  readonly devices: number;
  readonly health: Record<Health, number>;
  readonly lastReadingAt: string | null;
}

/** Counts `devices`, all of one community. */
export function census(
  fleet: Fleet,
  tenant: TenantName,
  devices: readonly DeviceDoc[],
  nowMs: number,
): Census {
  const health = noHealth();
  let lastMs: number | null = null;
  for (const { deviceId, expectedIntervalMs } of devices) {
    const latest = fleet.latest(tenant, deviceId);
    health[healthOf(latest, expectedIntervalMs, nowMs)]++;
    const readMs = latest.reading?.time;
    if (readMs !== undefined && (lastMs === null || readMs > lastMs)) lastMs = readMs;
  }
  const lastReadingAt = lastMs === null ? null : new Date(lastMs).toISOString();
  return { devices: devices.length, health, lastReadingAt };
}

export function noHealth(): Record<Health, number> {
  return Object.fromEntries(healths.map((name) => [name, 0])) as Record<Health, number>;
}
