/**
 * `disk-full-inside`: the part of `disk-full.ts` that runs in a mount namespace of its own. Not to be
 * called by hand. Arguments: how long the disk stays full, s; the gateway's reserve, MB.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HOME_1A, PRESENT, TENANT } from "#shared/testing/site-example.ts";
import { publisher } from "#scripts/simulator/publisher.ts";
import { linesIn } from "./damage-run.ts";
import { damageStand } from "./damage-stand.ts";
import { heldIn } from "./power-cut-held.ts";
import { uplink } from "./power-cut-traffic.ts";
import { verdict } from "./power-cut-verdict.ts";

const SIZE_MB = 96;
const FIRST_NEW = 200_000;
const EVERY_MS = 20;
const RESUME_WITHIN_MS = 10_000;
const [fullMs, reserveMb] = [Number(process.argv[2]) * 1000, process.argv[3] as string];

const root = mkdtempSync(join(tmpdir(), "riser-disk-full-"));
const disk = join(root, "disk");
mkdirSync(disk);
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const wrong: string[] = [];
try {
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE_MB}m`, "none", disk]);
  const stand = await damageStand(join(root, "stand"), { DISK_RESERVE_MB: reserveMb });
  const folder = await stand.copy(join(disk, "gateway"));
  const edge = await stand.start(folder);
  const cookie = await signedIn(edge.url);
  const sender = publisher(`mqtt://server:${stand.password}@127.0.0.1:${edge.mqttPort}`, {
    clientId: "disk-full",
    onTrouble: () => undefined,
  });
  const acknowledged = new Set<string>(stand.acknowledged);
  const sent = new Set<string>(stand.acknowledged);
  const saying: Promise<unknown>[] = [];
  let said = 0;
  const timer = setInterval(() => {
    const { key, topic, body } = uplink(FIRST_NEW + said++);
    sent.add(key);
    saying.push(sender.publish(topic, body).then((is) => is && acknowledged.add(key)));
  }, EVERY_MS);
  await sleep(1_000);
  const ballast = await fill(disk, Number(reserveMb) > 1 ? 4e6 : 0);
  await sleep(1_500);
  const before = acknowledged.size;
  let reads = 0;
  for (const endMs = performance.now() + fullMs; performance.now() < endMs; await sleep(200)) {
    const read = await fetch(`${edge.url}/api/v1/me/homes/${HOME_1A}/overview`, {
      headers: { cookie },
    });
    if (read.status !== 200) wrong.push(`a resident's page: ${read.status}`);
    reads++;
  }
  const whileFull = acknowledged.size - before;
  const shown = await conditionsAt(edge.url);
  if (!shown.includes("disk_full")) wrong.push(`the condition is not shown: ${shown.join()}`);
  await rm(ballast);
  const freedMs = performance.now();
  const asWas = acknowledged.size;
  while (acknowledged.size === asWas && performance.now() - freedMs < 2 * RESUME_WITHIN_MS)
    await sleep(20);
  const resumedMs = Math.round(performance.now() - freedMs);
  if (resumedMs > RESUME_WITHIN_MS) wrong.push(`nothing was kept for ${resumedMs} ms`);
  await sleep(1_000);
  clearInterval(timer);
  await Promise.race([Promise.all(saying), sleep(10_000)]);
  await sender.stop();
  if ((await conditionsAt(edge.url)).includes("disk_full")) wrong.push("it says full still");
  const refused = edge.metrics.refusedSoFar("store_full");
  await edge.settle();
  await edge.stop();
  const lines = (await linesIn(join(folder, "db"))).filter(({ reason }) => reason === "store_full");
  const told = lines.reduce((sum, { count }) => sum + count, 0);
  if (refused === 0 || told !== refused) wrong.push(`${refused} refused, ${told} in the ledger`);
  if (lines.some(({ tenant, deviceId }) => tenant !== TENANT || deviceId === null))
    wrong.push("a line of the ledger names no device");
  const found = verdict(await heldIn(join(folder, "db"), TENANT), { acknowledged, sent }, true);
  for (const kind of ["lost", "doubled", "wrong"] as const)
    if (found[kind].length > 0) wrong.push(`${found[kind].length} ${kind}: ${found[kind][0]}`);
  console.log(
    `reserve ${reserveMb} MB: full for ${fullMs / 1000} s, ${reads} pages read, ${whileFull} kept meanwhile, ` +
      `${refused} refused and in the ledger, kept again ${resumedMs} ms after there was space`,
  );
} finally {
  execFileSync("umount", ["--lazy", disk]);
  rmSync(root, { recursive: true, force: true });
}
for (const what of wrong) console.log(`find: ${what}`);
process.exit(wrong.length > 0 ? 1 : 0);

/** Takes all the space but so many bytes. */
async function fill(on: string, leave: number): Promise<string> {
  const path = join(on, "ballast");
  const file = await open(path, "w");
  const { bavail, bsize } = statfsSync(on);
  try {
    for (let left = bavail * bsize - leave; left > 0; left -= 65_536)
      await file.write(Buffer.alloc(Math.min(left, 65_536), 1));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  }
  await file.close();
  return path;
}

async function conditionsAt(url: string): Promise<string[]> {
  const health = (await (await fetch(`${url}/health`)).json()) as {
    conditions: { name: string }[];
  };
  return health.conditions.map(({ name }) => name);
}

async function signedIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/sign-in`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code: PRESENT.code }),
  });
  if (!answer.ok) throw new Error(`no sign-in: ${answer.status} ${await answer.text()}`);
  return answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}
