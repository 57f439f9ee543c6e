/**
 * A table is cut short under a gateway that runs and hears: no process survives reading it. Its
 * supervisor starts it again, and it goes on: whoever sends sees a broken connection and nothing more.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { damageStand, type Stand } from "#scripts/chaos/damage-stand.ts";
import { linesIn } from "#scripts/chaos/damage-run.ts";
import { heldIn } from "#scripts/chaos/power-cut-held.ts";
import { uplink } from "#scripts/chaos/power-cut-traffic.ts";
import { verdict } from "#scripts/chaos/power-cut-verdict.ts";
import { freePort } from "#scripts/demo/free-port.ts";
import { publisher } from "#scripts/simulator/publisher.ts";
import { TENANT } from "#shared/testing/site-example.ts";

export const timeoutMs = 120_000;

const PROGRAM = fileURLToPath(new URL("../../edge/supervised.mjs", import.meta.url));
const FIRST_NEW = 100_000;
const RATE_MS = 10;
const test = suite<{ root: string; stand: Stand }>("damage under a running gateway");

test.before(async (context) => {
  context.root = await mkdtemp(join(tmpdir(), "riser-damage-running-"));
  context.stand = await damageStand(join(context.root, "stand"));
});
test.after(async ({ root }) => rm(root, { recursive: true }));

test("it is started again, keeps hearing, and what is gone is in the ledger", async ({
  root,
  stand,
}) => {
  const folder = await stand.copy(join(root, "gateway"));
  const [mqttPort, port] = [await freePort("tcp", 0), await freePort("tcp", 0)];
  const running = spawn(process.execPath, [PROGRAM], {
    env: {
      ...process.env,
      EDGE_DATA: folder,
      EDGE_PORT: String(port),
      UDP_PORT: "off",
      MQTT_PORT: String(mqttPort),
      MQTT_USERS_FILE: stand.usersFile,
      EDGE_LOG: "error",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let words = "";
  running.stderr.on("data", (chunk: Buffer) => (words += chunk.toString("utf8")));
  try {
    await once(running.stdout, "data");
    const sender = publisher(`mqtt://server:${stand.password}@127.0.0.1:${mqttPort}`, {
      clientId: "running",
      onTrouble: () => undefined,
    });
    const acknowledged = new Set<string>(stand.acknowledged);
    const sent = new Set<string>(stand.acknowledged);
    let [said, longestMs, lastMs] = [0, 0, performance.now()];
    const saying: Promise<void>[] = [];
    const say = async () => {
      const { key, topic, body } = uplink(FIRST_NEW + said++);
      sent.add(key);
      if (!(await sender.publish(topic, body))) return;
      acknowledged.add(key);
      longestMs = Math.max(longestMs, performance.now() - lastMs);
      lastMs = performance.now();
    };
    const timer = setInterval(() => saying.push(say()), RATE_MS);
    const until = async (isSo: () => boolean) => {
      while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    await until(() => acknowledged.size > stand.acknowledged.size + 50);
    const inbox = stand.names.find((name) => name.startsWith("inbox-")) as string;
    for (const name of await readdir(join(folder, "db", inbox)))
      if (name.endsWith(".ldb")) await truncate(join(folder, "db", inbox, name), 100);
    // Looking for a repeat reads the table that is not all there any more.
    await until(() => words.includes("started again"));
    const before = acknowledged.size;
    await until(() => acknowledged.size > before + 200);
    clearInterval(timer);
    await Promise.all(saying);
    const health = (await (await fetch(`http://127.0.0.1:${port}/health`)).json()) as {
      conditions: { name: string }[];
    };
    assert.ok(health.conditions.some(({ name }) => name === "store_damaged"));
    assert.is(running.exitCode, null, words);
    await sender.stop();
    running.kill("SIGTERM");
    await once(running, "exit");

    const found = verdict(await heldIn(join(folder, "db"), TENANT), { acknowledged, sent }, true);
    const told = (await linesIn(join(folder, "db")))
      .filter(({ reason }) => reason === "store_damaged")
      .reduce((sum, { count }) => sum + count, 0);
    assert.is(found.lost.length, told, "what is gone is told, to the last one");
    assert.equal(found.doubled, []);
    console.log(
      `${told} of ${acknowledged.size} gone and told; heard nothing for ${Math.round(longestMs)} ms`,
    );
  } finally {
    running.kill("SIGKILL");
  }
});

test.run();
