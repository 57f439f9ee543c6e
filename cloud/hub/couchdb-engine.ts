/**
 * `couchdb-engine`: the hub's databases in a real CouchDB 3, one node or a cluster.
 *
 * The hub works with the administrator's rights of `url`; gateways come through `couchdb-passthrough`
 * with their own. CouchDB itself must never be reachable for anybody else.
 */
import type { KeyObject } from "node:crypto";
import type { Fetch } from "#shared/couch/answer.ts";
import type { Databases } from "#shared/couch/database.ts";
import { httpCall, openHttpDatabases, splitCredentials } from "#shared/couch/http.ts";
import { checkServer, publishKeys, secure } from "./couchdb-admin.ts";
import { couchdbPassthrough } from "./couchdb-passthrough.ts";
import { publicKeys } from "./embedded-engine.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import { openDoor } from "./sync-door.ts";

export interface CouchdbEngineOptions extends EngineOptions {
  /** With a server administrator's name and password. */
  readonly url: string;
  readonly timeoutMs?: number;
  readonly fetch?: Fetch;
}

/** @throws Fault when the server cannot be asked, or is not set up as a hub needs it */
export async function openCouchdbEngine(options: CouchdbEngineOptions): Promise<Engine> {
  const { url, gate, clock, timeoutMs = 30_000, fetch } = options;
  const { base } = splitCredentials(url);
  const client = { timeoutMs, ...(fetch && { fetch }) };
  const admin = httpCall({ url, ...client });
  await checkServer(admin, httpCall({ url: base, ...client }));

  const plain = openHttpDatabases({ url, ...client });
  /** Secured by this process already: looked at again after a restart. */
  const secured = new Set<string>();
  const securedOnce = async <T>(name: string, database: T): Promise<T> => {
    if (database !== undefined && !secured.has(name)) {
      await secure(admin, name);
      secured.add(name);
    }
    return database;
  };
  const databases: Databases = {
    ...plain,
    open: async (name) => securedOnce(name, await plain.open(name)),
    // Made by a process that was cut off before it could open it to its gateways, perhaps.
    openExisting: async (name) => securedOnce(name, await plain.openExisting(name)),
    async destroy(name) {
      secured.delete(name);
      await plain.destroy(name);
    },
  };
  let keys = new Map<string, KeyObject>();
  const passthrough = couchdbPassthrough({ url: base, gate, clock, ...client });
  return {
    kind: "couchdb",
    databases,
    sync: openDoor({ gate, clock, keys: (kid) => keys.get(kid) }, passthrough.serve),
    async useKeys(wanted) {
      await publishKeys(admin, wanted);
      keys = publicKeys(wanted);
    },
    async close() {
      passthrough.close();
      await databases.close();
    },
  };
}
