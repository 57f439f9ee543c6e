/**
 * `embedded-engine`: the hub's databases as synced LevelDB in a folder, so that one command runs all.
 *
 * One process per folder. Which gateway may open which database is read from the database's name
 * on each request; nothing has to be set up per database.
 */
import { type KeyObject, createPublicKey } from "node:crypto";
import { openLevelDatabases } from "#shared/couch/leveldb.ts";
import { replicationPeer } from "#shared/couch/replication-peer.ts";
import type { Engine, EngineOptions, TokenKey } from "./engine.ts";
import { replicationEndpoint } from "./replication-endpoint.ts";
import { openDoor } from "./sync-door.ts";
import { whyForbidden } from "./validate.ts";

export interface EmbeddedEngineOptions extends EngineOptions {
  readonly folder: string;
  /** Databases kept open while idle. */
  readonly maxOpen?: number;
}

/** Public keys by `kid`, as the door looks them up. */
export function publicKeys(keys: readonly TokenKey[]): Map<string, KeyObject> {
  return new Map(
    keys.map(({ kid, publicJwk }) => [kid, createPublicKey({ key: publicJwk, format: "jwk" })]),
  );
}

export async function openEmbeddedEngine(options: EmbeddedEngineOptions): Promise<Engine> {
  const { folder, gate, clock, maxOpen } = options;
  const databases = await openLevelDatabases({
    folder,
    clock,
    ...(maxOpen !== undefined && { maxOpen }),
  });
  let keys = new Map<string, KeyObject>();
  const endpoint = replicationEndpoint({
    peer: replicationPeer(databases),
    gate,
    clock,
    rule: whyForbidden,
  });
  return {
    kind: "embedded",
    databases,
    sync: openDoor({ gate, clock, keys: (kid) => keys.get(kid) }, endpoint),
    async useKeys(wanted) {
      keys = publicKeys(wanted);
    },
    // Open feeds are woken by it, find the databases closed, and end.
    close: () => databases.close(),
  };
}
