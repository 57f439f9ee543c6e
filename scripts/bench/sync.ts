/**
 * Bench `sync`: how quickly a gateway's segments go to the hub, over loopback, on the embedded engine and,
 * with `COUCHDB_URL`, on a real CouchDB.
 *
 * The limit is measured in the same run: the same documents as plain `_bulk_docs`, made ready
 * beforehand, one request after the other. Bytes are counted on the sockets. The day of a small site is
 * played with a clock that jumps: 40 meters each hour, sealed and sent as they come.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { generateKeyPairSync } from "node:crypto";
import { openCouchdbEngine } from "#cloud/hub/couchdb-engine.ts";
import { openEmbeddedEngine } from "#cloud/hub/embedded-engine.ts";
import { deadLetters } from "#edge/sync/dead-letters.ts";
import { hubLine } from "#edge/sync/hub-line.ts";
import { outbox } from "#edge/sync/outbox.ts";
import { syncCalls } from "#edge/sync/sync-calls.ts";
import { bodyOf, onTheLine } from "#edge/sync/batches.ts";
import { issueGatewayToken } from "#shared/auth/gateway-token.ts";
import type { Doc } from "#shared/couch/database.ts";
import { openLevelDatabases } from "#shared/couch/leveldb.ts";
import { chainEnd } from "#shared/keep/chain.ts";
import { systemClock } from "#shared/model/clock.ts";
import { databaseName } from "#shared/model/database-names.ts";
import type { DeviceId, Epoch, GatewayId, TenantName, WriterId } from "#shared/model/ids.ts";
import { packSegment } from "#shared/series/segment.ts";
import { keptUplink } from "#shared/testing/kept-uplinks.ts";
import { openWorld } from "#scripts/year/world.ts";
import type { Report } from "./report.ts";

const SEGMENTS = 600;
const UPLINKS = 200;
const MONTH = "202611";
const PER_RAW = 100;
const TARGET_RATIO = 0.7;
const TARGET_RATE = 50_000;
const TARGET_BYTES = 60;
const TARGET_DAY_MB = 5;

/** Full segments as after weeks away: 5,000 meters each 15 minutes, as they come. */
export function fullSegments(writer: WriterId, count: number): Doc[] {
  const epoch = "00000001-0123456789abcdef" as Epoch;
  const docs: Doc[] = [];
  let prev: { id: string; digest: string } | null = null;
  for (let seq = 0; seq < count; seq++) {
    const before = seq * UPLINKS;
    const uplinks = Array.from({ length: UPLINKS }, (_, i) => {
      const n = before + i;
      const device = n % 5_000;
      const round = Math.floor(n / 5_000);
      return keptUplink(
        Date.UTC(2026, 10, 1) + round * 900_000 + device * 180 + (randomBytes(1)[0] as number),
        1_000 * device + round * 3 + (device % 7),
        {
          deviceId: `70b3d57ed0${device.toString(16).padStart(6, "0")}` as DeviceId,
          session: `26${device.toString(16).padStart(6, "0")}-000001`,
          fCnt: round,
          // As unlike each other as what meters send enciphered.
          payload: new Uint8Array(randomBytes(12)),
          radio: {
            antenna: "0016c001f153a14c",
            rssi: -70 - ((randomBytes(1)[0] as number) >> 2),
            snr: ((randomBytes(1)[0] as number) >> 4) - 5,
            sf: 7 + (device % 6),
            frequencyHz: 867_100_000 + (n % 8) * 200_000,
          },
        },
      );
    });
    const segment = packSegment(
      { writer, epoch, seq, prev, before, inbox: { from: before + 1, to: before + UPLINKS } },
      uplinks,
    );
    prev = { id: segment._id, digest: segment.digest };
    docs.push(segment);
  }
  return docs;
}

export async function bench(report: Report): Promise<void> {
  const couchdbUrl = process.env.COUCHDB_URL;
  await push("the embedded hub", undefined, report);
  if (couchdbUrl) await push("CouchDB", couchdbUrl, report);
  else console.error("NOT TRIED: CouchDB (COUCHDB_URL is not set)");
  await smallSite(report);
}

async function push(label: string, couchdbUrl: string | undefined, report: Report): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "riser-bench-sync-"));
  const gatewayId = `gw-${randomBytes(8).toString("hex")}` as GatewayId;
  const tenants = ["raw", "ours"].map(
    (kind) => `b${randomBytes(4).toString("hex")}-${kind}` as TenantName,
  );
  const [rawTenant, tenant] = tenants as [TenantName, TenantName];
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const gate = { isRevoked: () => false };
  const engine = couchdbUrl
    ? await openCouchdbEngine({ url: couchdbUrl, gate, clock: systemClock })
    : await openEmbeddedEngine({ folder: join(folder, "hub"), gate, clock: systemClock });
  const kid = "bench";
  await engine.useKeys([{ kid, publicJwk: keys.publicKey.export({ format: "jwk" }) }]);
  for (const one of tenants) await engine.databases.open(databaseName.tele(one, MONTH));
  const app = new Hono().route("/sync", engine.sync);
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const made = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, () => resolve(made));
  });
  const hubUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const local = await openLevelDatabases({ folder: join(folder, "gateway") });
  const stop = new AbortController();
  try {
    const docs = fullSegments(gatewayId as string as WriterId, SEGMENTS);
    const near = await local.open(databaseName.tele(tenant, MONTH));
    await near.bulk(docs);
    const stored = await near.list({ from: "s:" });
    const token = await issueGatewayToken({
      key: keys.privateKey,
      kid,
      gatewayId,
      tenants,
      nowMs: Date.now(),
    });
    const rawLine = hubLine();
    const raw = syncCalls({
      hubUrl,
      fetch: rawLine.fetch,
      token: async () => token,
      signal: stop.signal,
    });
    const bodies: string[] = [];
    for (let at = 0; at < stored.length; at += PER_RAW)
      bodies.push(bodyOf(stored.slice(at, at + PER_RAW).map(onTheLine)));
    const name = databaseName.tele(rawTenant, MONTH);
    const rawStart = performance.now();
    for (const body of bodies) {
      const refused = await raw.write(name, body, 60_000);
      if (refused.length > 0) throw new Error(refused[0]?.reason);
    }
    const rawMs = performance.now() - rawStart;

    const line = hubLine();
    const store = await local.open(databaseName.local);
    const end = await chainEnd(local, tenant, gatewayId as string as WriterId);
    const box = outbox({
      databases: local,
      local: store,
      gatewayId,
      calls: syncCalls({
        hubUrl,
        fetch: line.fetch,
        token: async () => token,
        signal: stop.signal,
      }),
      letters: await deadLetters(store),
      confirmed: new Map(),
      chainEnds: () => new Map([[tenant, end]]),
      makeMonth: async () => ({ isNew: false, isHistory: false }),
      bringLate: async () => undefined,
      tally: { refused: () => undefined },
      onConfirmed: () => undefined,
      isReturned: () => false,
      onArrived: () => undefined,
      onSent: () => undefined,
      log: { warn: () => undefined },
    });
    const ourStart = performance.now();
    await box.send(tenant, stop.signal);
    const ourMs = performance.now() - ourStart;
    const far = await engine.databases.openExisting(databaseName.tele(tenant, MONTH));
    const there = (await far?.ids({ from: "s:" }))?.length ?? 0;
    if (there !== SEGMENTS) throw new Error(`${there} of ${SEGMENTS} segments arrived`);
    const readings = SEGMENTS * UPLINKS;
    const rate = (readings / ourMs) * 1000;
    const ratio = rawMs / ourMs;
    report({
      bench: "sync",
      case: `push of full segments, ${label}`,
      value: Math.round(rate),
      unit: "readings/s",
      rival: `raw _bulk_docs: ${Math.round((readings / rawMs) * 1000)}`,
      ratio: Math.round(ratio * 100) / 100,
      target: TARGET_RATIO,
      met: ratio >= TARGET_RATIO,
    });
    report({
      bench: "sync",
      case: `push rate, ${label}`,
      value: Math.round(rate),
      unit: "readings/s",
      target: TARGET_RATE,
      met: rate >= TARGET_RATE,
    });
    const { sent, received } = line.bytes();
    const bytes = (sent + received) / readings;
    report({
      bench: "sync",
      case: `on the wire, ${label}`,
      value: Math.round(bytes * 10) / 10,
      unit: "bytes per reading",
      target: TARGET_BYTES,
      met: bytes <= TARGET_BYTES,
    });
    rawLine.close();
    line.close();
  } finally {
    stop.abort();
    await new Promise((resolve) => {
      server.close(resolve);
      (server as { closeAllConnections?: () => void }).closeAllConnections?.();
    });
    await local.close();
    for (const one of tenants) await engine.databases.destroy(databaseName.tele(one, MONTH));
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** One day of 40 meters that report each hour, each at its own minute. */
async function smallSite(report: Report): Promise<void> {
  const METERS = 40;
  const world = await openWorld({
    startMs: Date.UTC(2026, 2, 2),
    devices: METERS,
    chance: () => 0.5,
    sealOnlineMs: 15_000,
  });
  try {
    const a = await world.machine("a");
    await world.until("claimed", () => a.edge.hub().lastSuccessMs !== null);
    const before = { ...a.line.carried };
    for (let hour = 0; hour < 24; hour++)
      for (let meter = 0; meter < METERS; meter++) {
        await a.hear(meter);
        world.clock.jump(3_600_000 / METERS);
        // What is sealed goes its way before the next one is heard.
        for (const endMs = Date.now() + 2_000; a.edge.waiting() > 0 && Date.now() < endMs;)
          await new Promise((resolve) => setTimeout(resolve, 2));
      }
    await world.until("drained", () => a.edge.waiting() === 0);
    const up = a.line.carried.up - before.up;
    const down = a.line.carried.down - before.down;
    const found = await world.onHub();
    if (found.size !== METERS * 24) throw new Error(`${found.size} readings arrived`);
    const megabytes = (up + down) / 1e6;
    report({
      bench: "sync",
      case: `a day of ${METERS} meters hourly, both ways`,
      value: Math.round(megabytes * 100) / 100,
      unit: "MB",
      target: TARGET_DAY_MB,
      met: megabytes <= TARGET_DAY_MB,
    });
  } finally {
    await world.close();
  }
}
