/**
 * `site-rollups`: brings the rollup of each community up to what is sealed of it, by a worker of its own.
 * Rolling up reads much: they begin when the gateway hears and shows its pages.
 */
import type { EventLog } from "#shared/couch/event-log.ts";
import type { LocalDatabases } from "#shared/couch/leveldb.ts";
import { parseDatabaseName } from "#shared/model/database-names.ts";
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import { correctionsIn } from "#shared/series/rollup-basis.ts";
import {
  rollupWorker,
  type RolledUplink,
  type RollupWorker,
  type RollupWorkerOptions,
} from "#shared/series/rollup-worker.ts";

export interface SiteRollupsOptions extends Pick<
  RollupWorkerOptions,
  "roll" | "redecoder" | "clock" | "tally" | "log"
> {
  readonly databases: LocalDatabases;
  readonly events: Pick<EventLog, "read">;
  readonly onRolledUp: (tenant: TenantName, uplinks: readonly RolledUplink[]) => Promise<void>;
  readonly onDerivedAnew: (tenant: TenantName, deviceIds: ReadonlySet<DeviceId>) => Promise<void>;
}

export interface SiteRollups {
  /** From now on these are rolled up, and each that `add` names. */
  begin(tenants: Iterable<TenantName>): void;
  add(tenant: TenantName): void;
  /** Resolves when nothing of a community is read or written any more. */
  end(tenant: TenantName): Promise<void>;
  /** Resolves when all that is sealed by now is rolled up. */
  caughtUp(): Promise<void>;
  /** Ends all of them; to be called once. */
  stop(): Promise<void>;
}

export function siteRollups(options: SiteRollupsOptions): SiteRollups {
  const { databases, events, onRolledUp, onDerivedAnew, ...common } = options;
  const workers = new Map<TenantName, { worker: RollupWorker; ending: AbortController }>();
  let isBegun = false;

  const monthsOf = async (tenant: TenantName) => {
    const names = (await databases.names()).filter((name) => {
      const parsed = parseDatabaseName(name);
      return parsed?.kind === "tele" && parsed.tenant === tenant;
    });
    // One may go meanwhile: its month was frozen, or its community erased.
    const found = await Promise.all(names.map((name) => databases.openExisting(name)));
    return found.filter((database) => database !== undefined);
  };
  const start = (tenant: TenantName) => {
    const ending = new AbortController();
    const worker = rollupWorker({
      ...common,
      tenant,
      teleDatabases: () => monthsOf(tenant),
      corrections: () => correctionsIn(events.read(tenant, "clock")),
      signal: ending.signal,
      onRolledUp: (uplinks) => onRolledUp(tenant, uplinks),
      onDerivedAnew: (deviceIds) => onDerivedAnew(tenant, deviceIds),
    });
    workers.set(tenant, { worker, ending });
  };
  const add = (tenant: TenantName) => {
    if (isBegun && !workers.has(tenant)) start(tenant);
  };
  const end = async (tenant: TenantName) => {
    const { worker, ending } = workers.get(tenant) ?? {};
    ending?.abort();
    await worker?.done;
  };

  return {
    begin(tenants) {
      isBegun = true;
      for (const tenant of tenants) add(tenant);
    },
    add,
    end,
    async caughtUp() {
      await Promise.all([...workers.values()].map(({ worker }) => worker.caughtUp()));
    },
    async stop() {
      isBegun = false;
      await Promise.all([...workers.keys()].map(end));
    },
  };
}
