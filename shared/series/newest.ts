/**
 * `newest`: the newest of every device in memory, so that a list of 40,000 rows never asks the disk.
 *
 * Filled from the rollup at the first question and kept in step by whoever hears that the rollup
 * wrote; may be dropped at any time. Knows no scopes: the reading store cuts what comes from here.
 */
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import { nothingYet, type Latest } from "./latest.ts";
import { latestId, type LatestDoc } from "./rollup.ts";
import type { SeriesStore } from "./series-store.ts";

export interface Newest {
  /** Of one device, as far as it was read; not the truth before `all` or `touch` was asked. */
  get(tenant: TenantName, deviceId: DeviceId): Latest;
  /** Of one device, read when its community was not yet. */
  one(tenant: TenantName, deviceId: DeviceId): Promise<Latest>;
  /** Of all devices of a community that have been heard. Not to be changed. */
  all(tenant: TenantName): Promise<ReadonlyMap<DeviceId, Latest>>;
  /** Reads these again, after the rollup wrote them. Where that fails, all is read again when somebody asks. */
  touch(tenant: TenantName, deviceIds: Iterable<DeviceId>): Promise<void>;
  /** Grows with every change. */
  version(): number;
}

export function newest(roll: SeriesStore): Newest {
  const loaded = new Map<TenantName, Promise<Map<DeviceId, Latest>>>();
  const held = new Map<TenantName, Map<DeviceId, Latest>>();
  let version = 0;
  const load = async (tenant: TenantName) => {
    const prefix = latestId(tenant, "" as DeviceId);
    const devices = new Map<DeviceId, Latest>();
    held.set(tenant, devices);
    for (const doc of await roll.list<LatestDoc>({ from: prefix, to: `${prefix}\uffff` }))
      devices.set(doc._id.slice(prefix.length) as DeviceId, doc.latest);
    version++;
    return devices;
  };
  const all = (tenant: TenantName) => {
    let devices = loaded.get(tenant);
    if (!devices) {
      loaded.set(tenant, (devices = load(tenant)));
      devices.catch(() => loaded.delete(tenant));
    }
    return devices;
  };
  return {
    get: (tenant, deviceId) => held.get(tenant)?.get(deviceId) ?? nothingYet,
    all,
    async one(tenant, deviceId) {
      const devices = await loaded.get(tenant);
      if (devices) return devices.get(deviceId) ?? nothingYet;
      return (await roll.get<LatestDoc>(latestId(tenant, deviceId)))?.latest ?? nothingYet;
    },
    version: () => version,
    async touch(tenant, deviceIds) {
      const prefix = latestId(tenant, "" as DeviceId);
      const ids = [...new Set(deviceIds)].map((deviceId) => latestId(tenant, deviceId));
      version++;
      try {
        const devices = await all(tenant);
        for (const doc of await roll.getMany<LatestDoc>(ids))
          devices.set(doc._id.slice(prefix.length) as DeviceId, doc.latest);
      } catch {
        loaded.delete(tenant);
      }
    },
  };
}
