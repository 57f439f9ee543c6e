/**
 * `engine`: where a hub keeps its databases, and the door through which gateways replicate with them.
 *
 * Two engines: `embedded-engine` (synced LevelDB behind our own endpoint, the default) and
 * `couchdb-engine` (a real CouchDB 3 behind a passthrough). The rest of the hub never asks which.
 * Neither decides who a gateway is or what its token says: that comes from `gate` and `useKeys`.
 */
import type { Hono } from "hono";
import type { JWK } from "jose";
import type { Databases } from "#shared/couch/database.ts";
import type { Clock } from "#shared/model/clock.ts";
import type { GatewayId, TenantName } from "#shared/model/ids.ts";
import type { Tally } from "#shared/model/refusals.ts";

/** A key that gateways' access tokens are signed with: the public half, P-256. */
export interface TokenKey {
  /** Names the key in a token's header: letters, digits, `-` and `_`. */
  readonly kid: string;
  readonly publicJwk: JWK;
}

/** What the door asks and tells. All functions are called per request: keep them quick. */
export interface SyncGate {
  /** The deny list: true for a gateway that is revoked, whatever its token says. */
  isRevoked(gatewayId: GatewayId): boolean | Promise<boolean>;
  /** True for a community that was deleted: nobody opens its databases, whatever a token says. */
  isClosed?(tenant: TenantName): boolean;
  /** Called after a gateway wrote documents into a database. */
  onWritten?(name: string): void;
  /** Counts documents that the rules refused, as `replication_denied`. */
  readonly tally?: Tally;
}

export interface EngineOptions {
  readonly gate: SyncGate;
  readonly clock: Clock;
}

export interface Engine {
  readonly kind: "embedded" | "couchdb";
  /**
   * The hub's own hands, with all rights. `open` leaves a replicated database (`t-…`, `g-…`)
   * opened to the gateways its name says and to nobody else; any other name is the hub's alone.
   */
  readonly databases: Databases;
  /**
   * The door, to be mounted with `app.route("/sync", engine.sync)`. A gateway reaches the
   * databases of its token's communities and its own `g-…`, replicates with them, and cannot
   * create, drop or configure any. 401 without a valid token; 403 for all else, there or not.
   */
  readonly sync: Hono;
  /**
   * From now on tokens signed by these keys are taken, and no others. Resolves when every node knows.
   * Before the first call no token is taken.
   */
  useKeys(keys: readonly TokenKey[]): Promise<void>;
  /** Ends open feeds, closes the databases. */
  close(): Promise<void>;
}
