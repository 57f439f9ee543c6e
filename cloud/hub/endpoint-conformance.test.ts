import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve, type ServerType } from "@hono/node-server";
import { Hono } from "hono";
import { issueGatewayToken } from "#shared/auth/gateway-token.ts";
import { conformance } from "#shared/couch/conformance.ts";
import type { Databases } from "#shared/couch/database.ts";
import { openHttpDatabases } from "#shared/couch/http.ts";
import { openLevelDatabases } from "#shared/couch/leveldb.ts";
import { replicationPeer } from "#shared/couch/replication-peer.ts";
import { systemClock } from "#shared/model/clock.ts";
import type { GatewayId, TenantName } from "#shared/model/ids.ts";
import { replicationEndpoint } from "./replication-endpoint.ts";
import { openDoor } from "./sync-door.ts";

// The door and the endpoint as they are, with a rule that forbids nothing: what is compared here is
// how they store. Making and dropping databases is the hub's own business and goes around them.
conformance("the embedded endpoint over HTTP", async () => {
  const folder = await mkdtemp(join(tmpdir(), "riser-endpoint-"));
  const level = await openLevelDatabases({ folder });
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const gate = { isRevoked: () => false };
  const clock = systemClock;
  const endpoint = replicationEndpoint({
    peer: replicationPeer(level),
    gate,
    clock,
    rule: () => undefined,
  });
  const door = openDoor({ gate, clock, keys: () => keys.publicKey }, endpoint);
  let server: ServerType | undefined;
  const address = await new Promise<AddressInfo>((resolve) => {
    const app = new Hono().route("/sync", door);
    server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, resolve);
  });
  const token = () =>
    issueGatewayToken({
      key: keys.privateKey,
      kid: "k",
      gatewayId: "gw-0123456789abcdef" as GatewayId,
      tenants: ["conf" as TenantName],
      nowMs: Date.now(),
    });
  const open = (): Databases => {
    const http = openHttpDatabases({
      url: `http://127.0.0.1:${address.port}/sync`,
      headers: async () => ({ authorization: `Bearer ${await token()}` }),
    });
    const open = async (name: string) => {
      await level.open(name);
      return http.open(name);
    };
    return {
      ...http,
      open,
      openShelf: open,
      openExisting: async (name) =>
        (await level.openExisting(name)) ? http.openExisting(name) : undefined,
      names: () => level.names(),
      destroy: (name) => level.destroy(name),
    };
  };
  let made = 0;
  return {
    databases: open(),
    newName: () => `t-conf-site-${(made += 1)}`,
    missing: "forbidden",
    reopen: async () => open(),
    async end() {
      await new Promise<void>((resolve) => {
        server?.close(() => resolve());
        (server as { closeAllConnections?: () => void } | undefined)?.closeAllConnections?.();
      });
      await level.close();
      await rm(folder, { recursive: true });
    },
  };
});
