/**
 * `sites`: all communities this gateway works for, and whose device is whose.
 *
 * The one place that answers "which community does this uplink belong to" and "with which keys
 * does this device join". Keys are opened from this gateway's JWE bundles and live in memory only.
 */
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { DeviceDoc, FixedSession, KeyBundle } from "#shared/model/site.ts";
import { isIn, type Site } from "#shared/access/site.ts";

export type DeviceKeys = KeyBundle["devices"][DeviceId];

export interface Holder {
  readonly site: Site;
  readonly device: DeviceDoc;
}

/** What a site is here: as the hub told it, with what was asked for at this gateway laid over it. */
export type Overlay = (
  site: Site,
  keys: ReadonlyMap<DeviceId, DeviceKeys>,
) => { readonly site: Site; readonly keys: ReadonlyMap<DeviceId, DeviceKeys> };

export interface Sites {
  /** Takes a site as it is now; the keys are those of this gateway's bundle in it. */
  set(site: Site, keys: ReadonlyMap<DeviceId, DeviceKeys>): void;
  /** Lays over it anew what was asked for here. */
  refresh(tenant: TenantName): void;
  /** Forgets a community that is not this gateway's any more. */
  remove(tenant: TenantName): void;
  get(tenant: TenantName): Site | undefined;
  all(): readonly Site[];
  /**
   * The community that holds the device at a time; where none does just then, the one that holds it
   * next. A device that was given back is nobody's: what it says waits like a stranger's.
   */
  holder(deviceId: DeviceId, timeMs: number): Holder | undefined;
  /** All devices this gateway has keys of. */
  withKeys(): { tenant: TenantName; deviceId: DeviceId }[];
  keysOf(deviceId: DeviceId): DeviceKeys | undefined;
  /** The sessions of devices that never join. */
  fixedSessions(): (readonly [DeviceId, FixedSession])[];
  /** Called after each change. */
  onChange(listener: () => void): void;
}

export function sites(overlay: Overlay = (site, keys) => ({ site, keys })): Sites {
  const told = new Map<TenantName, { site: Site; keys: ReadonlyMap<DeviceId, DeviceKeys> }>();
  const known = new Map<TenantName, Site>();
  const keys = new Map<TenantName, ReadonlyMap<DeviceId, DeviceKeys>>();
  const listeners: (() => void)[] = [];
  const changed = () => listeners.forEach((listener) => listener());
  const lay = (tenant: TenantName) => {
    const raw = told.get(tenant);
    if (!raw) return;
    const now = overlay(raw.site, raw.keys);
    known.set(tenant, now.site);
    keys.set(tenant, now.keys);
    changed();
  };
  return {
    set(site, bundle) {
      told.set(site.tenant, { site, keys: bundle });
      lay(site.tenant);
    },
    refresh: (tenant) => lay(tenant),
    remove(tenant) {
      told.delete(tenant);
      keys.delete(tenant);
      if (known.delete(tenant)) changed();
    },
    get: (tenant) => known.get(tenant),
    all: () => [...known.values()],
    holder(deviceId, timeMs) {
      const spans = [...known.values()].flatMap((site) => {
        const device = site.devices.get(deviceId);
        return device ? device.held.map((period) => ({ period, holder: { site, device } })) : [];
      });
      // In the order they hold it, not in the order their sites arrived: that changes with a restart.
      spans.sort((a, b) => startMs(a.period) - startMs(b.period));
      const found =
        spans.find(({ period }) => isIn(period, timeMs)) ??
        spans.find(({ period }) => startMs(period) > timeMs);
      return found?.holder;
    },
    withKeys: () =>
      [...keys].flatMap(([tenant, bundle]) =>
        [...bundle.keys()].map((deviceId) => ({ tenant, deviceId })),
      ),
    keysOf(deviceId) {
      for (const bundle of keys.values()) {
        const found = bundle.get(deviceId);
        if (found) return found;
      }
      return undefined;
    },
    fixedSessions: () =>
      [...keys.values()].flatMap((bundle) =>
        [...bundle].flatMap(([deviceId, one]) =>
          "devAddr" in one ? [[deviceId, one] as const] : [],
        ),
      ),
    onChange(listener) {
      listeners.push(listener);
    },
  };
}

const startMs = ({ from }: { readonly from: string }) => Date.parse(from);
