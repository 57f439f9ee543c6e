/**
 * Bench `crowd`: 200 gateways whose hub was away come back at once, each with two days of 40 meters that
 * report each hour, and an operator looks at the devices meanwhile. On the embedded engine, or with
 * `COUCHDB_URL` on a real CouchDB. `RISER_BENCH_GATEWAYS` makes it smaller.
 *
 * All gateways run in one process of their own, the hub in this one: on two cores each side has one.
 */
import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Hono } from "hono";
import { startHub } from "#cloud/cloud.ts";
import { readConfig } from "#cloud/config.ts";
import { enrol } from "#cloud/hub/enrol.ts";
import { load } from "#cloud/hub/load/load.ts";
import { identityIn } from "#edge/sync/identity.ts";
import { badLine } from "#scripts/year/bad-line.ts";
import { systemClock } from "#shared/model/clock.ts";
import type { TenantName, WriterId } from "#shared/model/ids.ts";
import { communityOf, leaveBacklog } from "./parts/backlog.ts";
import type { CrowdAsked, CrowdSaid } from "./parts/crowd-gateways.ts";
import type { Report } from "./report.ts";

const [METERS, EVERY_MS, DAYS, DAY_MS] = [40, 3_600_000, 2, 86_400_000];
/** So long the hub stays away after the last gateway has started: their waits have grown by then. */
const AWAY_MS = 30_000;
const LOOK_MS = 250;
const WITHIN_MS = 900_000;
/** An operator who waits longer than this begins to wonder. */
const TARGET_OPERATOR_MS = 500;

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: console.error };
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export async function bench(report: Report): Promise<void> {
  const gateways = Number(process.env.RISER_BENCH_GATEWAYS ?? 200);
  const couchdbUrl = process.env.COUCHDB_URL;
  const engine = couchdbUrl === undefined ? "the embedded hub" : "CouchDB";
  const folder = await mkdtemp(join(tmpdir(), "riser-bench-crowd-"));
  const run = randomBytes(2).toString("hex");
  const hub = await startHub(
    readConfig({ HUB_DATA: join(folder, "hub"), HUB_PORT: "0", COUCHDB_URL: couchdbUrl }),
    { clock: systemClock, random: randomBytes, log, pages: async () => new Hono() },
  );
  const line = await badLine(() => hub.port, Math.random);
  const crowd = fork(fileURLToPath(new URL("./parts/crowd-gateways.ts", import.meta.url)));
  try {
    const sites = Array.from({ length: gateways }, (_, i) => ({
      tenant: `crowd-${run}-${i}` as TenantName,
      own: `${run}${i.toString(16).padStart(4, "0")}`,
      meters: METERS,
      everyMs: EVERY_MS,
    }));
    const organization = { name: `Bench ${run}` };
    await load(
      hub.hub,
      { organization, communities: sites.map(communityOf) },
      { newOrganization: true },
    );
    const rounds = (DAYS * DAY_MS) / EVERY_MS;
    const sinceMs = Math.floor(Date.now() / EVERY_MS) * EVERY_MS - DAYS * DAY_MS;
    const folders: string[] = [];
    for (const site of sites) {
      const own = join(folder, site.tenant);
      const identity = await identityIn(own);
      const writer = identity.gatewayId as string as WriterId;
      await leaveBacklog(join(own, "db"), { ...site, writer, sinceMs, rounds });
      await enrol(hub.hub, identity.public, { communities: [site.tenant] });
      folders.push(own);
    }
    let said: CrowdSaid = { started: 0, reached: 0, done: 0 };
    crowd.on("message", (message) => (said = message as CrowdSaid));
    line.weather = { kind: "down" };
    crowd.send({ hubUrl: line.url, folders } satisfies CrowdAsked);
    const until = async (is: () => boolean) => {
      const endMs = Date.now() + WITHIN_MS;
      while (!is()) {
        if (Date.now() > endMs || crowd.exitCode !== null)
          throw new Error(`not within ${WITHIN_MS} ms: ${JSON.stringify(said)}`);
        await sleep(LOOK_MS);
      }
    };
    await until(() => said.started === gateways);
    await sleep(AWAY_MS);

    const startedMs = performance.now();
    line.weather = { kind: "fair" };
    const waits: number[] = [];
    let isOver = false;
    const operator = (async () => {
      while (!isOver) {
        const askedMs = performance.now();
        await (await fetch(`${hub.url}/ping`)).text();
        waits.push(performance.now() - askedMs);
        await sleep(100);
      }
    })();
    let mostRss = 0;
    const since = async (is: () => boolean) => {
      await until(() => {
        mostRss = Math.max(mostRss, process.memoryUsage().rss);
        return is();
      });
      return (performance.now() - startedMs) / 1000;
    };
    const firstS = await since(() => said.reached > 0);
    const halfS = await since(() => said.reached >= gateways / 2);
    const reachedS = await since(() => said.reached === gateways);
    const doneS = await since(() => said.done === gateways);
    await hub.caughtUp();
    const rolledS = (performance.now() - startedMs) / 1000;
    isOver = true;
    await operator;
    waits.sort((a, b) => a - b);
    const p95 = waits[Math.floor(waits.length * 0.95)] ?? Infinity;
    const row = (name: string, value: number, unit: string, target?: number) =>
      report({
        bench: "crowd",
        case: `${name}, ${gateways} gateways, ${engine}`,
        value: Math.round(value * 10) / 10,
        unit,
        ...(target === undefined ? {} : { target, met: value <= target }),
      });
    row("the first one is back", firstS, "s");
    row("half of them are back", halfS, "s");
    row("all are back", reachedS, "s");
    row("all they kept is on the hub", doneS, "s");
    row("and rolled up", rolledS, "s");
    row("what somebody else asks meanwhile, p95", p95, "ms", TARGET_OPERATOR_MS);
    row("the hub's memory, most", mostRss / 1e6, "MB");
  } finally {
    crowd.kill();
    if (crowd.exitCode === null && crowd.signalCode === null) await once(crowd, "exit");
    await line.stop();
    if (couchdbUrl !== undefined)
      for (const name of await hub.hub.databases.names())
        if (name.startsWith(`t-crowd-${run}-`)) await hub.hub.databases.destroy(name);
    await hub.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
