/**
 * `open-hub`: opens a hub's folder: its secrets, its engine, its stores. For the server and for
 * commands that run while no server does.
 */
import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "#shared/model/clock.ts";
import { parseDatabaseName } from "#shared/model/database-names.ts";
import type { GatewayId, TenantName } from "#shared/model/ids.ts";
import type { Tally } from "#shared/model/refusals.ts";
import type { Config } from "./config.ts";
import { openCouchdbEngine } from "./hub/couchdb-engine.ts";
import { openDenyJournal } from "./hub/deny-journal.ts";
import { openEmbeddedEngine } from "./hub/embedded-engine.ts";
import type { Engine, SyncGate } from "./hub/engine.ts";
import { outbound } from "./outbound/outbound.ts";
import { openHub, type Hub } from "./hub/hub.ts";
import { openSecrets } from "./hub/secrets.ts";

export interface World {
  readonly clock: Clock;
  readonly random: (size: number) => Uint8Array;
}

export interface Watch {
  readonly tally?: Tally;
  /** A gateway asks for something. */
  readonly onGateway?: (gatewayId: GatewayId) => void;
  /** A gateway wrote into a database. */
  readonly onWritten?: (name: string) => void;
}

/** Databases the embedded engine keeps open while idle. */
const MOST_OPEN = 64;

/** Where a hub keeps its secrets. */
export const secretsFolder = ({ dataFolder }: Pick<Config, "dataFolder">) =>
  join(dataFolder, "secrets");
export const journalFolderOf = ({ dataFolder, journalFolder }: Config) =>
  journalFolder ?? join(dataFolder, "journal");

/** The engine alone, without a hub on it. */
export function openEngine(config: Config, gate: SyncGate, clock: Clock): Promise<Engine> {
  return config.couchdbUrl === undefined
    ? openEmbeddedEngine({
        folder: join(config.dataFolder, "databases"),
        gate,
        clock,
        maxOpen: MOST_OPEN,
      })
    : openCouchdbEngine({ url: config.couchdbUrl, gate, clock });
}

/** @throws Fault when the folder is in use, or CouchDB is not as it has to be */
export async function openFolder(
  config: Config,
  { clock, random }: World,
  watch: Watch = {},
): Promise<{ engine: Engine; hub: Hub }> {
  await mkdir(config.dataFolder, { recursive: true, mode: 0o700 });
  await chmod(config.dataFolder, 0o700);
  const secrets = await openSecrets(secretsFolder(config), random, clock.now());
  const journalFolder = journalFolderOf(config);
  const journal = await openDenyJournal(journalFolder, () => clock.now());
  let hub: Hub | undefined;
  const gate = {
    isRevoked: (gatewayId: GatewayId) => {
      if (!hub || hub.gateways.isRevoked(gatewayId)) return true;
      hub.gateways.seen(gatewayId);
      watch.onGateway?.(gatewayId);
      return false;
    },
    isClosed: (tenant: TenantName) =>
      journal.isDenied("closed", tenant) || journal.isDenied("tenant", tenant),
    onWritten: (name: string) => {
      hub?.months.written(name);
      const parsed = parseDatabaseName(name);
      if (parsed && "tenant" in parsed) hub?.moved.tell(parsed.tenant);
      watch.onWritten?.(name);
    },
    ...(watch.tally ? { tally: watch.tally } : {}),
  };
  const engine = await openEngine(config, gate, clock);
  try {
    const { databases } = engine;
    hub = await openHub({
      databases,
      secrets,
      journal,
      journalFolder,
      clock,
      random,
      outbound: outbound({ mayBePrivate: config.privateTargets }),
      useKeys: (keys) => engine.useKeys(keys),
      ...(watch.tally ? { tally: watch.tally } : {}),
    });
    await hub.tendTokenKeys();
    return { engine, hub };
  } catch (error) {
    await engine.close();
    throw error;
  }
}
