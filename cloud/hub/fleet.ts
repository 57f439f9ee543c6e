/**
 * `fleet`: the newest of every device, in memory, so that a list of 40,000 rows never asks the disk.
 *
 * Filled from the rollup and kept in step by it; may be dropped at any time. Says nothing to
 * anybody by itself: who may see a device is decided where its master document is found.
 */
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { Health } from "#shared/api/admin.ts";
import { nothingYet, type Latest } from "#shared/series/latest.ts";
import type { ReadingStore } from "#shared/series/reading-store.ts";
import { latestId, type LatestDoc } from "#shared/series/rollup.ts";
import type { SeriesStore } from "#shared/series/series-store.ts";

export interface Fleet {
  latest(tenant: TenantName, deviceId: DeviceId): Latest;
  /** Reads a community's devices from the rollup. */
  load(tenant: TenantName): Promise<void>;
  /** Reads these again, after the rollup wrote them. */
  touch(tenant: TenantName, deviceIds: Iterable<DeviceId>): Promise<void>;
  /** Grows with every change. */
  version(): number;
}

export function fleet(roll: SeriesStore, readings: ReadingStore): Fleet {
  const tenants = new Map<TenantName, Map<DeviceId, Latest>>();
  let version = 0;
  const of = (tenant: TenantName) => {
    let devices = tenants.get(tenant);
    if (!devices) tenants.set(tenant, (devices = new Map()));
    return devices;
  };
  return {
    latest: (tenant, deviceId) => tenants.get(tenant)?.get(deviceId) ?? nothingYet,
    version: () => version,
    async load(tenant) {
      const all = await readings.latestAll(systemScope("fleet"), tenant);
      for (const [deviceId, latest] of all) of(tenant).set(deviceId, latest);
      version++;
    },
    async touch(tenant, deviceIds) {
      const prefix = latestId(tenant, "" as DeviceId);
      const ids = [...new Set(deviceIds)].map((deviceId) => latestId(tenant, deviceId));
      for (const doc of await roll.getMany<LatestDoc>(ids))
        of(tenant).set(doc._id.slice(prefix.length) as DeviceId, doc.latest);
      version++;
    },
  };
}

/** What an uplink may take from the air to this list (sealing, replication, rollup), ms. */
const ON_THE_WAY_MS = 120_000;

/** When a device was last heard, epoch ms, by the best time known; a sender's clock that is ahead of ours does not count. */
export function lastSeenMs({ heard }: Latest, nowMs: number): number | null {
  return heard && Math.min(heard.time, nowMs);
}

/** Health by the expected interval: within it, up to four of them, beyond. */
export function healthOf(latest: Latest, expectedIntervalMs: number, nowMs: number): Health {
  const seenMs = lastSeenMs(latest, nowMs);
  if (seenMs === null) return "never";
  const ageMs = nowMs - seenMs - ON_THE_WAY_MS;
  if (ageMs <= expectedIntervalMs) return "healthy";
  return ageMs <= 4 * expectedIntervalMs ? "late" : "lost";
}
