/**
 * `sync-stand`: a hub's engine behind HTTP on this machine, with gateways that have tokens. Only
 * tests use it: on the embedded engine always, on a real CouchDB where its address is given.
 */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ServerType, serve } from "@hono/node-server";
import { Hono } from "hono";
import { issueGatewayToken } from "#shared/auth/gateway-token.ts";
import { systemClock } from "#shared/model/clock.ts";
import type { GatewayId, TenantName } from "#shared/model/ids.ts";
import { openCouchdbEngine } from "./couchdb-engine.ts";
import { openEmbeddedEngine } from "./embedded-engine.ts";
import type { Engine } from "./engine.ts";

export interface Stand {
  readonly engine: Engine;
  /** `http://127.0.0.1:{port}/sync`. */
  readonly url: string;
  /** Two communities, the name of the second beginning with that of the first. */
  readonly foo: TenantName;
  readonly fooSite: TenantName;
  /** A gateway of `foo`, and one of `fooSite`. */
  readonly own: GatewayId;
  readonly other: GatewayId;
  /** The key pair tokens are signed with, and its name. */
  readonly keys: ReturnType<typeof generateKeyPairSync>;
  readonly kid: string;
  /** A good token of `own`. */
  token(more?: Partial<Parameters<typeof issueGatewayToken>[0]>): Promise<string>;
  /** A request below `/sync`; `token` undefined sends none. */
  ask(method: string, path: string, token: string | undefined, body?: unknown): Promise<Response>;
  /** Moves the hub's time. */
  skewMs: number;
  readonly revoked: Set<string>;
  /** How often it was asked whether a gateway is. */
  checked: number;
  /** Names of databases that were written, as told to the hub. */
  readonly written: string[];
  /** Documents refused so far. */
  denied: number;
  /** Takes the hub from the net, sockets and all, and puts it back under the same address. */
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

export interface Standing {
  readonly label: string;
  readonly open: () => Promise<Stand>;
}

/** Every engine there is to stand on; `couchdbUrl` is that of an administrator. */
export function standings(couchdbUrl: string | undefined): Standing[] {
  const all: Standing[] = [{ label: "the embedded engine", open: () => openStand(undefined) }];
  if (couchdbUrl) all.push({ label: "CouchDB", open: () => openStand(couchdbUrl) });
  else process.on("exit", () => console.log("NOT TRIED: CouchDB (COUCHDB_URL is not set)"));
  return all;
}

async function openStand(couchdbUrl: string | undefined): Promise<Stand> {
  const run = randomBytes(5).toString("hex");
  const folder = await mkdtemp(join(tmpdir(), "riser-stand-"));
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const kid = `stand-${run}`;
  const revoked = new Set<string>();
  const written: string[] = [];
  const foo = `c${run}` as TenantName;
  const own = `gw-${randomBytes(8).toString("hex")}` as GatewayId;

  const stand = { skewMs: 0, denied: 0, checked: 0 };
  const clock = { ...systemClock, now: () => Date.now() + stand.skewMs };
  const gate = {
    isRevoked(gatewayId: string) {
      stand.checked++;
      return revoked.has(gatewayId);
    },
    onWritten: (name: string) => void written.push(name),
    tally: { refused: (_reason: string, count = 1) => void (stand.denied += count) },
  };
  const engine = couchdbUrl
    ? await openCouchdbEngine({ gate, clock, url: couchdbUrl })
    : await openEmbeddedEngine({ gate, clock, folder });
  await engine.useKeys([{ kid, publicJwk: keys.publicKey.export({ format: "jwk" }) }]);

  const app = new Hono().route("/sync", engine.sync);
  let server: ServerType | undefined;
  let port = 0;
  const up = () =>
    new Promise<void>((resolve) => {
      server = serve({ fetch: app.fetch, port, hostname: "127.0.0.1" }, (address: AddressInfo) => {
        port = address.port;
        resolve();
      });
    });
  const down = () =>
    new Promise<void>((resolve) => {
      server?.close(() => resolve());
      (server as { closeAllConnections?: () => void } | undefined)?.closeAllConnections?.();
    });
  await up();
  const url = `http://127.0.0.1:${port}/sync`;

  return Object.assign(stand, {
    engine,
    url,
    foo,
    fooSite: `${foo}-site` as TenantName,
    own,
    other: `gw-${randomBytes(8).toString("hex")}` as GatewayId,
    keys,
    kid,
    revoked,
    written,
    up,
    down,
    token: (more: object = {}) =>
      issueGatewayToken({
        key: keys.privateKey,
        kid,
        gatewayId: own,
        tenants: [foo],
        nowMs: Date.now(),
        ...more,
      }),
    ask: (method: string, path: string, token: string | undefined, body?: unknown) =>
      fetch(`${url}${path}`, {
        method,
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && {
          body:
            typeof body === "string" || body instanceof Uint8Array
              ? (body as BodyInit)
              : JSON.stringify(body),
        }),
      }),
    async stop() {
      await down();
      for (const name of await engine.databases.names())
        if (name.includes(run)) await engine.databases.destroy(name);
      await engine.close();
      await rm(folder, { recursive: true });
    },
  });
}
