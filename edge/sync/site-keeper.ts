/**
 * `site-keeper`: holds each community's newest `site` in memory, from the disk at a start and from
 * the hub when it speaks. A new generation replaces the old one whole.
 *
 * Which generation is in use stands in `local` (`site:{tenant}`), because one that was being pulled
 * when the power went looks like a whole one and lacks half of its homes.
 *
 * History: 1 = first release.
 */
import type { Database, Databases, Doc } from "#shared/couch/database.ts";
import { databaseName, parseDatabaseName } from "#shared/model/database-names.ts";
import { isFault } from "#shared/model/fault.ts";
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import { readSite } from "#shared/access/site.ts";
import type { DeviceKeys, Sites } from "#edge/site/sites.ts";
import type { Identity } from "./identity.ts";

interface InUseDoc extends Doc {
  readonly v: 1;
  readonly generation: number;
}

const idOf = (tenant: TenantName) => `site:${tenant}`;

export interface SiteKeeper {
  /** Takes up what is on the disk. */
  load(): Promise<void>;
  /**
   * Reads one generation again; true when it is whole, and in use now. Older generations are
   * destroyed then. One that lacks something is left, and what was in use before stays.
   */
  take(name: string): Promise<boolean>;
  /** Forgets every community that is not listed, with its site. */
  keepOnly(tenants: readonly TenantName[]): Promise<void>;
}

export function siteKeeper({
  databases,
  local,
  sites,
  identity,
  prepare,
  onSessions = () => undefined,
  onKeys = () => undefined,
  log,
}: {
  readonly databases: Databases;
  readonly local: Database;
  readonly sites: Sites;
  readonly identity: Identity;
  /** Made ready before a community's first uplink is kept. */
  readonly prepare: (tenant: TenantName) => Promise<void>;
  /** LoRaWAN sessions of the machine whose place this one takes. */
  readonly onSessions?: (sessions: ReadonlyMap<DeviceId, unknown>) => void;
  /** Whether the devices' keys that came with a site could be opened; told at each reading. */
  readonly onKeys?: (tenant: TenantName, isOpen: boolean) => void;
  readonly log: {
    warn(about: object, message: string): void;
    info(about: object, message: string): void;
  };
}): SiteKeeper {
  const generations = async () =>
    (await databases.names()).flatMap((name) => {
      const parsed = parseDatabaseName(name);
      return parsed?.kind === "site" ? [{ name, ...parsed }] : [];
    });

  /** @param needsAll false at a start: a site with a gap is better than none while the hub is away */
  const use = async (name: string, needsAll: boolean): Promise<boolean> => {
    const parsed = parseDatabaseName(name);
    const database = parsed?.kind === "site" ? await databases.openExisting(name) : undefined;
    const site = database && (await readSite(database));
    if (!site || parsed?.kind !== "site" || site.tenant !== parsed.tenant) return false;
    if (!site.isWhole) {
      log.warn({ name, devices: site.devices.size }, "the site is not whole");
      if (needsAll) return false;
    }
    if (site.damaged.length > 0)
      log.warn(
        { name, documents: site.damaged },
        "documents of the site are not as they should be",
      );
    let keys: ReadonlyMap<DeviceId, DeviceKeys> = new Map();
    let sessions: ReadonlyMap<DeviceId, unknown> = new Map();
    let isOpen = true;
    const bundle = site.keys.get(identity.gatewayId);
    if (bundle)
      try {
        keys = await identity.openKeys(bundle.jwe);
        sessions = await identity.openSessions(bundle.jwe);
      } catch (error) {
        if (!isFault(error)) throw error;
        isOpen = false;
        log.warn({ name, reason: error.message }, "device keys could not be opened");
      }
    await prepare(site.tenant);
    sites.set(site, keys);
    onKeys(site.tenant, isOpen);
    if (sessions.size > 0) onSessions(sessions);
    log.info(
      { name, devices: site.devices.size, units: site.units.size, keys: keys.size },
      "the site is in use",
    );
    return true;
  };
  const take = async (name: string): Promise<boolean> => {
    const taken = parseDatabaseName(name);
    if (taken?.kind !== "site" || !(await use(name, true))) return false;
    const { tenant, generation } = taken;
    const old = await local.get<InUseDoc>(idOf(tenant));
    if (old?.generation !== generation)
      await local.put({ ...old, _id: idOf(tenant), v: 1, generation });
    for (const other of await generations())
      if (other.tenant === tenant && other.generation < generation)
        await databases.destroy(other.name);
    return true;
  };
  return {
    take,
    async load() {
      const found = (await generations()).sort((a, b) => b.generation - a.generation);
      const inUse = new Set<string>();
      for (const { name, tenant, generation } of found)
        if ((await local.get<InUseDoc>(idOf(tenant)))?.generation === generation) inUse.add(name);
      for (const { name, tenant } of found.toSorted(
        (a, b) => Number(inUse.has(b.name)) - Number(inUse.has(a.name)),
      ))
        if (!sites.get(tenant))
          await use(name, false).catch((error: unknown) =>
            // The hub has it: hearing must not wait for it, nor the other communities.
            log.warn({ name, error }, "the site cannot be read and waits for the hub"),
          );
    },
    async keepOnly(tenants) {
      for (const { tenant, generation } of await generations()) {
        if (tenants.includes(tenant)) continue;
        log.info({ tenant }, "the community is not this gateway's any more");
        sites.remove(tenant);
        await databases.destroy(databaseName.site(tenant, generation));
      }
    },
  };
}
