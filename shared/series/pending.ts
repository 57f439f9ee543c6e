/**
 * `pending`: uplinks that are kept but not in the rollup yet, so that a page never waits for the sealer.
 *
 * In memory only; filled by intake (and from the inbox after a start), emptied by the rollup.
 */
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { KeptUplink } from "#shared/model/kept-uplink.ts";
import { laterOf, latestOf, nothingYet, type Latest } from "./latest.ts";
import { rowSet, rowsOf, type ReadingRow } from "./reading-row.ts";

interface Entry {
  readonly uplink: KeptUplink;
  readonly writer: string;
  readonly rows: readonly ReadingRow[];
}

export interface Pending {
  add(tenant: TenantName, uplink: KeptUplink, writer: string): void;
  /** Lets go of what is in the rollup now. */
  drop(tenant: TenantName, uplinks: Iterable<Pick<KeptUplink, "deviceId" | "identity">>): void;
  rows(tenant: TenantName, deviceId: DeviceId): ReadingRow[];
  latest(tenant: TenantName, deviceId: DeviceId): Latest;
  /** Devices with something waiting. */
  devices(tenant: TenantName): DeviceId[];
  /** How many uplinks wait. */
  readonly size: number;
}

export function pending(): Pending {
  const devices = new Map<string, Map<string, Entry>>();
  const key = (tenant: TenantName, deviceId: DeviceId) => `${tenant} ${deviceId}`;
  let size = 0;
  return {
    add(tenant, uplink, writer) {
      const name = key(tenant, uplink.deviceId);
      let entries = devices.get(name);
      if (!entries) devices.set(name, (entries = new Map()));
      if (!entries.has(uplink.identity)) size++;
      entries.set(uplink.identity, { uplink, writer, rows: rowsOf(uplink, writer) });
    },
    drop(tenant, uplinks) {
      for (const { deviceId, identity } of uplinks) {
        const name = key(tenant, deviceId);
        const entries = devices.get(name);
        if (!entries?.delete(identity)) continue;
        size--;
        if (entries.size === 0) devices.delete(name);
      }
    },
    rows(tenant, deviceId) {
      const entries = devices.get(key(tenant, deviceId));
      return entries ? rowSet([...entries.values()].flatMap(({ rows }) => rows)) : [];
    },
    latest(tenant, deviceId) {
      let latest = nothingYet;
      for (const { uplink, writer, rows } of devices.get(key(tenant, deviceId))?.values() ?? [])
        latest = laterOf(latest, latestOf(uplink, writer, rows));
      return latest;
    },
    devices(tenant) {
      const prefix = `${tenant} `;
      return [...devices.keys()]
        .filter((name) => name.startsWith(prefix))
        .map((name) => name.slice(prefix.length) as DeviceId);
    },
    get size() {
      return size;
    },
  };
}
