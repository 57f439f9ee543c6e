/**
 * Bench `drain`: a gateway with 5,000 meters that report each 15 minutes comes back after 30 days away:
 * 14.4 million readings go to the hub and are rolled up there, while its meters go on. On the embedded
 * engine, or with `COUCHDB_URL` on a real CouchDB. `RISER_BENCH_DAYS` makes it shorter.
 *
 * The backlog is written into the gateway's folder as the sealer would have left it, with its rollup.
 * Then the gateway starts as a process of its own; live uplinks come over its MQTT broker all the time, and
 * each is looked for on the hub.
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
import { systemClock } from "#shared/model/clock.ts";
import { databaseName } from "#shared/model/database-names.ts";
import type { DeviceId, TenantName, WriterId } from "#shared/model/ids.ts";
import { latestId, type LatestDoc } from "#shared/series/rollup.ts";
import { BACKLOG_EPOCH, communityOf, euiOf, leaveBacklog, PER_SEGMENT } from "./parts/backlog.ts";
import type { Report } from "./report.ts";

const METERS = 5_000;
const EVERY_MS = 900_000;
const DAY_MS = 86_400_000;
const PASSWORD = "only for this broker";
const LIVE_EVERY_MS = 200;
const [TARGET_S, TARGET_LIVE_S, TARGET_RSS_MB] = [600, 60, 200];
const PROGRAM = fileURLToPath(new URL("../../edge/supervised.mjs", import.meta.url));

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: console.error };
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

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
    const meters = { tenant, own, meters: METERS, everyMs: EVERY_MS };
    const file = { organization: { name: `Bench ${own}` }, communities: [communityOf(meters)] };
    await load(hub.hub, file, { newOrganization: true });
    const identity = await identityIn(join(folder, "edge"));
    const sinceMs = Math.floor(Date.now() / EVERY_MS) * EVERY_MS - days * DAY_MS;
    const sealed = await leaveBacklog(join(folder, "edge", "db"), {
      ...meters,
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
    const seen = await watch(hub, tenant, identity.gatewayId);
    const live = await speak(mqttPort, own, seen.said);
    let mostRss = 0;
    let arrivedMs: number | undefined;
    let endedMs: number | undefined;
    while (endedMs === undefined) {
      await sleep(1_000);
      mostRss = Math.max(mostRss, memoryOf(gateway).runtime);
      await seen.look();
      if (gateway.exitCode !== null) throw new Error(`the gateway ended: ${gateway.exitCode}`);
      if (arrivedMs !== undefined || !(await seen.hasBacklog(sealed.segments))) continue;
      arrivedMs = performance.now();
      void hub.caughtUp().then(() => (endedMs = performance.now()));
    }
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
    row("all on the hub", ((arrivedMs ?? Infinity) - startedMs) / 1000, "s");
    row("all on the hub and rolled up", (endedMs - startedMs) / 1000, "s", TARGET_S);
    row("a live reading shown by the hub, p95", p95, "s", TARGET_LIVE_S);
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

/** Speaks as the meters do that go on; each uplink with its key and when it was acknowledged. */
async function speak(port: number, own: string, said: (deviceId: string, fCnt: number) => void) {
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
      said(eui, fCnt);
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

/**
 * Looks at what is on the hub: how much of the backlog, and when each live uplink shows as the newest of
 * its device, as a person sees it on the hub's pages.
 */
async function watch(hub: RunningHub, tenant: TenantName, writer: string) {
  const roll = await hub.hub.databases.openShelf(databaseName.roll);
  const prefix = `s:${writer}:${BACKLOG_EPOCH}:`;
  const waiting = new Map<string, number>();
  const shown = new Map<string, number>();
  return {
    said(deviceId: string, fCnt: number) {
      waiting.set(deviceId, fCnt);
    },
    at: (key: string) => shown.get(key),
    /** Counted one by one when there may be so many. */
    async hasBacklog(segments: number) {
      let there = 0;
      for (const month of await hub.hub.months.tele(tenant)) there += (await month.info()).docs;
      if (there < segments) return false;
      let ids = 0;
      for (const month of await hub.hub.months.tele(tenant))
        ids += (await month.ids({ from: prefix, to: `${prefix}\uffff` })).length;
      return ids >= segments;
    },
    async look() {
      const asked = [...waiting.keys()].map((id) => latestId(tenant, id as DeviceId));
      for (const { _id, latest } of await roll.getMany<LatestDoc & Doc>(asked)) {
        const deviceId = _id.slice(_id.lastIndexOf(":") + 1);
        if (latest.heard?.fCnt !== waiting.get(deviceId)) continue;
        shown.set(`${deviceId}/${latest.heard?.fCnt}`, Date.now());
        waiting.delete(deviceId);
      }
    },
  };
}
