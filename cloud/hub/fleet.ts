/**
 * `fleet`: how devices fare, by the newest that is known of each, from memory.
 *
 * Says nothing to anybody by itself: who may see a device is decided where its master document is
 * found.
 */
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
