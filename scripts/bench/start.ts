/**
 * Bench `start`: how long after its process was started a gateway has kept its first uplink, with the
 * readings of 2,000 devices of 90 days in its store (4.3 million, hourly), and what it takes of memory
 * with a heap of 128 MB. Started as it is in a building: by its supervisor, pages and all.
 */
import { randomBytes } from "node:crypto";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Hono } from "hono";
import mqtt from "mqtt";
import { freePort } from "#scripts/demo/free-port.ts";
import { readConfig } from "#edge/config.ts";
import { startEdge } from "#edge/edge.ts";
import { identityIn } from "#edge/sync/identity.ts";
import { hashSecret } from "#shared/auth/secret-hash.ts";
import { openLevelDatabases } from "#shared/couch/leveldb.ts";
import { systemClock } from "#shared/model/clock.ts";
import { databaseName } from "#shared/model/database-names.ts";
import type { WriterId } from "#shared/model/ids.ts";
import { siteExample, WATER_1A } from "#shared/testing/site-example.ts";
import { memoryOf } from "#scripts/process-memory.ts";
import type { Report } from "./report.ts";
import { deviceOf, DEVICES, seal, TENANT } from "./series.ts";

const DAYS = 90;
const STARTS = 5;
const TARGET_MS = 1_500;
const TARGET_MB = 160;
const SETTLED_MS = 15_000;
const PASSWORD = "only-for-this-bench";
const PROGRAM = fileURLToPath(new URL("../../edge/supervised.mjs", import.meta.url));

async function makeStore(folder: string): Promise<void> {
  const { gatewayId } = await identityIn(folder);
  const databases = await openLevelDatabases({ folder: join(folder, "db") });
  const docs = await siteExample();
  const meter = docs.find(({ _id }) => _id === `device:${WATER_1A}`);
  const site = await databases.open(databaseName.site(TENANT, 1));
  const devices = Array.from({ length: DEVICES }, (_, i) => ({
    ...meter,
    _id: `device:${deviceOf(i)}`,
    deviceId: deviceOf(i),
  }));
  await site.bulk([...docs, ...devices]);
  await seal(
    databases,
    0,
    DAYS,
    { seq: 0, prev: null, before: 0 },
    gatewayId as string as WriterId,
  );
  await databases.close();
  // Rolled up by the gateway itself, as it does it.
  const edge = await startEdge(readConfig({ EDGE_DATA: folder, EDGE_PORT: "0", UDP_PORT: "off" }), {
    clock: systemClock,
    random: randomBytes,
    log: { info: () => undefined, warn: () => undefined, error: console.error },
    pages: async () => new Hono(),
    version: "bench",
  });
  await edge.settle();
  await edge.stop();
}

/** The first acknowledgement, ms after the process was spawned; tries again until the broker is there. */
async function firstKept(url: string, body: () => { topic: string; body: string }) {
  for (;;)
    try {
      const client = await mqtt.connectAsync(url, { reconnectPeriod: 0, connectTimeout: 5_000 });
      const { topic, body: text } = body();
      await client.publishAsync(topic, text, { qos: 1 });
      const atMs = performance.now();
      await client.endAsync();
      return atMs;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
}

export async function bench(report: Report): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "riser-bench-"));
  const row = (name: string, value: number, unit: string, target?: number) =>
    report({
      bench: "start",
      case: name,
      value: Math.round(value * 10) / 10,
      unit,
      ...(target === undefined ? {} : { target, met: value <= target }),
    });
  try {
    await writeFile(join(folder, "users"), `server:${await hashSecret(PASSWORD)}\n`);
    await makeStore(join(folder, "edge"));
    let fCnt = 0;
    const message = () => {
      const devEui = deviceOf(7);
      const said = { fCnt: fCnt++, fPort: 1, data: Buffer.from([1, fCnt]).toString("base64") };
      const text = { deviceInfo: { devEui }, devAddr: "00189440", ...said };
      return { topic: `application/1/device/${devEui}/event/up`, body: JSON.stringify(text) };
    };
    const times: number[] = [];
    let memory: { runtime: number; supervisor: number } | undefined;
    for (let n = 0; n < STARTS; n++) {
      const [mqttPort, port] = [await freePort("tcp", 0), await freePort("tcp", 0)];
      const startedMs = performance.now();
      const child = spawn(process.execPath, ["--max-old-space-size=128", PROGRAM], {
        env: {
          ...process.env,
          EDGE_DATA: join(folder, "edge"),
          EDGE_PORT: String(port),
          EDGE_LOG: "warn",
          UDP_PORT: "0",
          MQTT_PORT: String(mqttPort),
          MQTT_USERS_FILE: join(folder, "users"),
        },
        stdio: ["ignore", "inherit", "inherit"],
      });
      const keptMs = await firstKept(`mqtt://server:${PASSWORD}@127.0.0.1:${mqttPort}`, message);
      times.push(keptMs - startedMs);
      if (n === STARTS - 1) {
        await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
        memory = memoryOf(child);
      }
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    const [first = 0, ...others] = times;
    row("process start to first kept uplink, first start", first, "ms");
    const median = others.sort((a, b) => a - b)[Math.floor(others.length / 2)] ?? 0;
    row("process start to first kept uplink, median of four", median, "ms", TARGET_MS);
    row("RSS of the gateway, heap of 128 MB", (memory?.runtime ?? 0) / 1e6, "MB", TARGET_MB);
    row("RSS of its supervisor", (memory?.supervisor ?? 0) / 1e6, "MB");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
