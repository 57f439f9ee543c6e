/**
 * A gateway without a battery for its clock: it begins in 1970 (or some weeks ago, or next year), hears without
 * a hub, is switched off, begins there again, and then reaches the hub. Times are put right on both sides,
 * nothing lands in a month that is not now, and a day later the hub's counts agree with the gateway's.
 */
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hono } from "hono";
import mqtt from "mqtt";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { devEui, loadExample, openStand, type Stand } from "#cloud/hub-stand.ts";
import { enrol } from "#cloud/hub/enrol.ts";
import { load } from "#cloud/hub/load/load.ts";
import { readConfig } from "#edge/config.ts";
import { startEdge, type Edge } from "#edge/edge.ts";
import { identityIn } from "#edge/sync/identity.ts";
import { hashSecret } from "#shared/auth/secret-hash.ts";
import type { Conservation } from "#shared/api/conservation.ts";
import type { Clock } from "#shared/model/clock.ts";
import { monthOf, parseDatabaseName } from "#shared/model/database-names.ts";

export const timeoutMs = 120_000;

const PASSWORD = "only-for-this-broker";
const HOUR_MS = 3_600_000;
const test = suite<{ root: string; stand: Stand }>("a clock that is wrong");
test.before(async (context) => {
  context.root = await mkdtemp(join(tmpdir(), "riser-wrong-clock-"));
  context.stand = await openStand();
});
test.after(async ({ root, stand }) => {
  await stand.close();
  await rm(root, { recursive: true });
});

for (const [what, aheadMs, TENANT, STRANGER] of [
  ["1970", -Infinity, "wrongclock", "70b3d57ed00b0001"],
  ["40 days ago", -40 * 24 * HOUR_MS, "slowclock", "70b3d57ed00b0002"],
  ["a year to come", 365 * 24 * HOUR_MS, "fastclock", "70b3d57ed00b0003"],
] as const)
  test(`readings of ${what} get their right times on gateway and hub, and every day agrees`, async ({
    root: whole,
    stand,
  }) => {
    const root = join(whole, TENANT);
    await mkdir(root);
    const { hub } = stand.hub;
    await load(hub, loadExample(TENANT));
    const data = join(root, "edge");
    const identity = await identityIn(data);
    await enrol(hub, identity.public, { communities: [TENANT] });
    await writeFile(join(root, "users"), `server:${await hashSecret(PASSWORD)}\n`);

    /** What has passed since the machine was switched on, moved by hand. */
    const machine = { elapsedMs: 0 };
    /** What its clock shows whenever it is switched on. */
    const shownMs = Math.max(0, stand.clock.now() + aheadMs);
    const start = (hubUrl: string) => {
      const bootedMs = machine.elapsedMs;
      const clock: Clock = {
        now: () => shownMs + machine.elapsedMs - bootedMs,
        sleep: (ms, signal) =>
          new Promise((resolve) => {
            const done = () => {
              clearTimeout(timer);
              signal?.removeEventListener("abort", done);
              resolve();
            };
            const timer = setTimeout(done, Math.min(ms, 50));
            signal?.addEventListener("abort", done, { once: true });
          }),
      };
      const env = {
        EDGE_DATA: data,
        EDGE_PORT: "0",
        UDP_PORT: "off",
        MQTT_PORT: "0",
        MQTT_USERS_FILE: join(root, "users"),
        COMMIT_WINDOW_MS: "1",
        HUB_URL: hubUrl,
      };
      return startEdge(readConfig(env), {
        clock,
        elapsedMs: () => machine.elapsedMs,
        random: randomBytes,
        log: { info: () => undefined, warn: () => undefined, error: console.error },
        pages: async () => new Hono(),
        version: "test",
      });
    };
    const pass = (ms: number) => {
      // Both at once: in between the hub would tell a time of which the other has not heard.
      machine.elapsedMs += ms;
      stand.clock.set(stand.clock.now() + ms);
      return stand.clock.advance(0);
    };
    let fCnt = 0;
    const hear = async (edge: Edge, eui = devEui(TENANT, 1)) => {
      const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${edge.mqttPort}`, {
        username: "server",
        password: PASSWORD,
      });
      const deviceInfo = { devEui: eui };
      const bytes = Buffer.from("49fbdf010000de1400000000000046eddf0106fc8b0702e2e6535455", "hex");
      bytes.writeUInt32LE(10_000 + fCnt, 6);
      const body = { deviceInfo, devAddr: "00189440", fCnt: fCnt++, fPort: 1 };
      const text = JSON.stringify({ ...body, data: bytes.toString("base64") });
      await client.publishAsync(`application/1/device/${deviceInfo.devEui}/event/up`, text, {
        qos: 1,
      });
      await client.endAsync();
    };
    const until = async (what: string, isSo: () => Promise<boolean>) => {
      for (const endMs = Date.now() + 30_000; !(await isSo());) {
        if (Date.now() > endMs) throw new Error(`${what}: not within 30 s`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };

    // The homes come first, once; then the hub is away.
    let edge = await start(stand.hub.url);
    await until("the site", async () => edge.hub().isReached);
    await edge.stop();
    for (let life = 0; life < 2; life++) {
      edge = await start("http://127.0.0.1:9");
      for (let n = 0; n < 3; n++) {
        await pass(HOUR_MS);
        await hear(edge);
        await hear(edge, STRANGER);
      }
      await edge.stop();
    }
    edge = await start(stand.hub.url);
    await until("the hub", async () => edge.hub().isReached);
    await pass(HOUR_MS);
    await hear(edge);
    const lastMs = stand.clock.now();
    await edge.settle();
    const asked = (eui: string) => `/api/v1/devices/${eui}?include=telemetry`;
    const cookie = await stand.operator(`${TENANT}@example.org`, "Acme");
    const times = async (eui = devEui(TENANT, 1)) => {
      await edge.settle();
      await stand.hub.caughtUp();
      const { data: device } = (await stand.ask("GET", asked(eui), { cookie })).json;
      return (device.readings as { at: string }[]).map(({ at }) => Date.parse(at));
    };
    await until("all readings in their right times", async () => {
      const found = await times();
      return found.length === 7 && found.every((time) => time > lastMs - 30 * HOUR_MS);
    });
    const found = (await times()).sort((a, b) => a - b);
    assert.ok(Math.abs((found.at(-1) ?? 0) - lastMs) < 5_000, "the last one is of now");
    const gaps = found.slice(1).map((time, i) => Math.round((time - (found[i] ?? 0)) / HOUR_MS));
    assert.equal(gaps, [1, 1, 1, 1, 1, 1], "an hour between any two, over all lives");

    // Registered only now: what it said in those lives is kept in this one, with the same times.
    const file = loadExample(TENANT);
    const [known] = file.communities[0]!.devices;
    file.communities[0]!.devices.push({ ...known!, dev_eui: STRANGER, name: "Late" });
    await load(hub, file);
    await until("what the stranger said", async () => {
      await pass(1_000);
      return (await times(STRANGER)).length === 6;
    });
    const late = (await times(STRANGER)).sort((a, b) => a - b);
    assert.ok(
      late.every((time, i) => Math.abs(time - (found[i] ?? 0)) < 5_000),
      `${late.join()} beside ${found.join()}`,
    );

    await pass(26 * HOUR_MS);
    await hear(edge);
    let compared: Conservation | undefined;
    const community = (await hub.communities.list({ kind: "system", part: "test" })).find(
      ({ tenant }) => tenant === TENANT,
    );
    await until("a day that agrees", async () => {
      const path = `/api/v1/conservation?community=${community?.communityId}`;
      compared = (await stand.ask("GET", path, { cookie })).json.data as Conservation;
      return compared.chains.some(({ days }) => days.some(({ state }) => state === "agrees"));
    });
    const [chain] = compared?.chains ?? [];
    assert.equal([chain?.holes, chain?.forks, chain?.damaged], [[], [], []]);
    assert.not.ok(chain?.days.some(({ state }) => state === "differs"));
    await edge.stop();
    const next = monthOf(stand.clock.now() + 32 * 24 * HOUR_MS);
    for (const name of await hub.databases.names()) {
      const parsed = parseDatabaseName(name);
      if (parsed && "month" in parsed)
        assert.ok(
          monthOf(lastMs - 32 * 24 * HOUR_MS) <= parsed.month && parsed.month <= next,
          name,
        );
    }
  });

test.run();
