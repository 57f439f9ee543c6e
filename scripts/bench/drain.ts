/**
 * Bench `drain`: a gateway with 5,000 meters that report each 15 minutes comes back after 30 days away:
 * 14.4 million readings go to the hub and are rolled up there, while its meters go on. On the embedded
 * engine, or with `COUCHDB_URL` on a real CouchDB. `RISER_BENCH_DAYS` makes it shorter.
 *
 * The backlog is written into the gateway's folder as the sealer would have left it, with its rollup.
 * Then the gateway starts as a process of its own; live uplinks come over its MQTT broker all the time, and
 * each is looked for in the hub's segments.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Hono } from "hono";
import mqtt from "mqtt";
import { startHub, type RunningHub } from "#cloud/cloud.ts";
import { readConfig } from "#cloud/config.ts";
import { enrol } from "#cloud/hub/enrol.ts";
import { load } from "#cloud/hub/load/load.ts";
import { identityIn } from "#edge/sync/identity.ts";
import { freePort } from "#scripts/demo/free-port.ts";
import { memoryOf } from "#scripts/process-memory.ts";
import { hashSecret } from "#shared/auth/secret-hash.ts";
import type { Doc } from "#shared/couch/database.ts";
import { openLevelDatabases } from "#shared/couch/leveldb.ts";
import { systemClock } from "#shared/model/clock.ts";
import { databaseName, monthOf, parseDatabaseName } from "#shared/model/database-names.ts";
import type { DeviceId, Epoch, TenantName, WriterId } from "#shared/model/ids.ts";
import { parseSegmentId, type SegmentDoc } from "#shared/model/segment.ts";
import { rollupWorker } from "#shared/series/rollup-worker.ts";
import { packSegment, unpackSegment } from "#shared/series/segment.ts";
import { keptUplink } from "#shared/testing/kept-uplinks.ts";
import type { Report } from "./report.ts";

const METERS = 5_000;
const EVERY_MS = 900_000;
const DAY_MS = 86_400_000;
const PER_SEGMENT = 200;
const EPOCH = "00000001-0123456789abcdef" as Epoch;
const PASSWORD = "only for this broker";
const LIVE_EVERY_MS = 200;
const [TARGET_S, TARGET_LIVE_S, TARGET_RSS_MB] = [600, 60, 200];
const PROGRAM = fileURLToPath(new URL("../../edge/supervised.mjs", import.meta.url));

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: console.error };
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const euiOf = (own: string, meter: number) => `${own}${meter.toString(16).padStart(8, "0")}`;

export async function bench(report: Report): Promise<void> {
  const days = Number(process.env.RISER_BENCH_DAYS ?? 30);
  const couchdbUrl = process.env.COUCHDB_URL;
  const engine = couchdbUrl === undefined ? "the embedded hub" : "CouchDB";
  const folder = await mkdtemp(join(tmpdir(), "riser-bench-drain-"));
  const own = randomBytes(4).toString("hex");
  const tenant = `drain-${own}` as TenantName;
  const hub = await startHub(
    readConfig({ HUB_DATA: join(folder, "hub"), HUB_PORT: "0", COUCHDB_URL: couchdbUrl }),
    { clock: systemClock, random: randomBytes, log, pages: async () => new Hono() },
  );
  let gateway: ChildProcess | undefined;
  try {
    await load(hub.hub, communityOf(tenant, own), { newOrganization: true });
    const identity = await identityIn(join(folder, "edge"));
    const sinceMs = Math.floor(Date.now() / EVERY_MS) * EVERY_MS - days * DAY_MS;
    const sealed = await leave(join(folder, "edge", "db"), {
      tenant,
      own,
      writer: identity.gatewayId as string as WriterId,
      sinceMs,
      rounds: (days * DAY_MS) / EVERY_MS,
    });
    await enrol(hub.hub, identity.public, { communities: [tenant] });
    await writeFile(join(folder, "users"), `server:${await hashSecret(PASSWORD)}\n`);

    const startedMs = performance.now();
    const [mqttPort, edgePort] = [await freePort("tcp", 0), await freePort("tcp", 0)];
    gateway = spawn(process.execPath, ["--max-old-space-size=128", PROGRAM], {
      env: {
        ...process.env,
        EDGE_DATA: join(folder, "edge"),
        EDGE_PORT: String(edgePort),
        UDP_PORT: "off",
        MQTT_PORT: String(mqttPort),
        MQTT_USERS_FILE: join(folder, "users"),
        HUB_URL: hub.url,
        EDGE_LOG: "error",
      },
      stdio: ["ignore", 2, 2],
    });
    const live = await speak(mqttPort, own);
    const seen = watch(hub, tenant, identity.gatewayId);
    let mostRss = 0;
    let arrivedMs: number | undefined;
    for (;;) {
      await sleep(1_000);
      mostRss = Math.max(mostRss, memoryOf(gateway).runtime);
      await seen.look();
      if (gateway.exitCode !== null) throw new Error(`the gateway ended: ${gateway.exitCode}`);
      if (arrivedMs === undefined && seen.backlog() >= sealed.segments)
        arrivedMs = performance.now();
      if (arrivedMs === undefined) continue;
      await hub.caughtUp();
      break;
    }
    const endedMs = performance.now();
    const spoken = await live.stop();
    // What was said last has its time to come.
    for (let left = 60; left > 0 && spoken.some(({ key }) => !seen.at(key)); left--) {
      await sleep(1_000);
      await seen.look();
    }
    const waits = spoken
      .map(({ key, atMs }) => (seen.at(key) ?? Infinity) - atMs)
      .sort((a, b) => a - b);
    const p95 = (waits[Math.floor(waits.length * 0.95)] ?? Infinity) / 1000;
    const readings = sealed.segments * PER_SEGMENT;
    const row = (name: string, value: number, unit: string, target?: number) =>
      report({
        bench: "drain",
        case: `${name}, ${engine}`,
        value: Math.round(value * 10) / 10,
        unit,
        ...(target === undefined ? {} : { target, met: value <= target }),
      });
    row("readings that waited, thousands", readings / 1000, "readings");
    row("all on the hub", (arrivedMs - startedMs) / 1000, "s");
    row("all on the hub and rolled up", (endedMs - startedMs) / 1000, "s", TARGET_S);
    row("a live reading on the hub, p95", p95, "s", TARGET_LIVE_S);
    row("live readings meanwhile", spoken.length, "readings");
    row("the gateway's memory, most", mostRss / 1e6, "MB", TARGET_RSS_MB);
  } finally {
    gateway?.kill("SIGTERM");
    if (gateway && gateway.exitCode === null) await once(gateway, "exit");
    if (couchdbUrl !== undefined)
      for (const name of await hub.hub.databases.names())
        if (name.startsWith(`t-${tenant}-`)) await hub.hub.databases.destroy(name);
    await hub.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

const communityOf = (tenant: TenantName, own: string) => ({
  organization: { name: `Bench ${own}` },
  communities: [
    {
      name: "Drain",
      tenant_name: tenant,
      zone: "Europe/Madrid",
      language: "es",
      units: [{ name: "1", tenancies: [] }],
      devices: Array.from({ length: METERS }, (_, meter) => ({
        dev_eui: euiOf(own, meter),
        name: `Meter ${meter}`,
        model: "milesight/em300-th",
        kind: "temperature",
        expected_interval_s: EVERY_MS / 1000,
        installations: [{ unit: "1", from: "2026-01-01T00:00:00Z" }],
      })),
    },
  ],
});

/** Writes what a gateway has sealed and rolled up in its time away. */
async function leave(
  folder: string,
  about: { tenant: TenantName; own: string; writer: WriterId; sinceMs: number; rounds: number },
): Promise<{ segments: number }> {
  const { tenant, own, writer, sinceMs, rounds } = about;
  const databases = await openLevelDatabases({ folder });
  let chain = { seq: 0, prev: null as { id: string; digest: string } | null, before: 0 };
  for (let round = 0; round < rounds; round++) {
    const atMs = sinceMs + round * EVERY_MS;
    const docs: SegmentDoc[] = [];
    for (let first = 0; first < METERS; first += PER_SEGMENT) {
      const uplinks = Array.from({ length: PER_SEGMENT }, (_, i) => {
        const meter = first + i;
        return keptUplink(atMs + meter * 170, 1_000 * meter + round * 3 + (meter % 7), {
          deviceId: euiOf(own, meter) as DeviceId,
          session: `26${meter.toString(16).padStart(6, "0")}-000001`,
          fCnt: round,
          payload: new Uint8Array(randomBytes(12)),
        });
      });
      const { seq, prev, before } = chain;
      const inbox = { from: before + 1, to: before + PER_SEGMENT };
      const doc = packSegment({ writer, epoch: EPOCH, seq, prev, before, inbox }, uplinks);
      docs.push(doc);
      chain = {
        seq: seq + 1,
        prev: { id: doc._id, digest: doc.digest },
        before: before + PER_SEGMENT,
      };
    }
    await (await databases.open(databaseName.tele(tenant, monthOf(atMs)))).bulk(docs);
  }
  await rolledUp(databases, tenant);
  await databases.close();
  return { segments: chain.seq };
}

async function rolledUp(
  databases: Awaited<ReturnType<typeof openLevelDatabases>>,
  tenant: TenantName,
): Promise<void> {
  const stopping = new AbortController();
  const worker = rollupWorker({
    tenant,
    teleDatabases: async () =>
      Promise.all(
        (await databases.names())
          .filter((name) => parseDatabaseName(name)?.kind === "tele")
          .map((name) => databases.open(name)),
      ),
    roll: await databases.openShelf(databaseName.roll),
    batchSegments: 800,
    clock: systemClock,
    tally: { refused: (reason) => console.error(`refused: ${reason}`) },
    signal: stopping.signal,
    log,
  });
  await worker.caughtUp();
  stopping.abort();
  await worker.done;
}

/** Speaks as the meters do that go on; each uplink with its key and when it was acknowledged. */
async function speak(port: number, own: string) {
  let client: mqtt.MqttClient | undefined;
  while (!client)
    client = await mqtt
      .connectAsync(`mqtt://127.0.0.1:${port}`, {
        username: "server",
        password: PASSWORD,
        reconnectPeriod: 0,
      })
      .catch(() => sleep(100) as Promise<undefined>);
  const spoken: { key: string; atMs: number }[] = [];
  let isOver = false;
  const talk = async () => {
    for (let n = 0; !isOver; n++) {
      const eui = euiOf(own, n % METERS);
      const fCnt = 60_000 + Math.floor(n / METERS);
      const body = {
        deviceInfo: { devEui: eui },
        devAddr: "00189440",
        fCnt,
        fPort: 85,
        data: Buffer.from([0x03, 0x67, n & 0xff, 0, 0x04, 0x68, 96]).toString("base64"),
        time: new Date().toISOString(),
      };
      const topic = `application/1/device/${eui}/event/up`;
      await client.publishAsync(topic, JSON.stringify(body), { qos: 1 });
      spoken.push({ key: `${eui}/${fCnt}`, atMs: Date.now() });
      await sleep(LIVE_EVERY_MS);
    }
  };
  const talking = talk();
  return {
    async stop() {
      isOver = true;
      await talking;
      await client.endAsync();
      return spoken;
    },
  };
}

/** Looks at what arrives on the hub: how much of the backlog, and when each live uplink. */
function watch(hub: RunningHub, tenant: TenantName, writer: string) {
  const since = new Map<string, string | number>();
  const arrived = new Map<string, number>();
  let backlog = 0;
  return {
    backlog: () => backlog,
    at: (key: string) => arrived.get(key),
    async look() {
      for (const database of await hub.hub.months.tele(tenant))
        for (;;) {
          const from = since.get(database.name) ?? 0;
          const { changes, lastSeq } = await database.changes({ since: from, limit: 2_000 });
          since.set(database.name, lastSeq);
          const fresh: string[] = [];
          for (const { id } of changes) {
            const place = parseSegmentId(id);
            if (place?.writer !== writer) continue;
            if (place.epoch === EPOCH) backlog++;
            else fresh.push(id);
          }
          const nowMs = Date.now();
          for (const doc of await database.getMany<SegmentDoc & Doc>(fresh))
            for (const { deviceId, fCnt } of unpackSegment(doc))
              arrived.set(`${deviceId}/${fCnt}`, nowMs);
          if (changes.length < 2_000) break;
        }
    },
  };
}
