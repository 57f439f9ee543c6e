/**
 * `fleet`: how devices fare, by the newest that is known of each, from memory.
 *
 * Says nothing to anybody by itself: who may see a device is decided where its master document is
 * found.
 */
import type { Health } from "#shared/api/admin.ts";
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { Latest } from "#shared/series/latest.ts";
import type { Newest } from "#shared/series/newest.ts";

export interface Fleet {
  latest(tenant: TenantName, deviceId: DeviceId): Latest;
  /** Reads a community's devices from the rollup. */
  load(tenant: TenantName): Promise<void>;
  /** Reads these again, after the rollup wrote them. */
  touch(tenant: TenantName, deviceIds: Iterable<DeviceId>): Promise<void>;
  /** Grows with every change. */
  version(): number;
}

export function fleet(newest: Newest): Fleet {
  return {
    latest: newest.get,
    load: async (tenant) => void (await newest.all(tenant)),
    touch: newest.touch,
    version: newest.version,
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
