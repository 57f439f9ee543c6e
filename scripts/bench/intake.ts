/**
 * Bench `intake`: uplinks made durable by a gateway's own way (decode, inbox, group commit, LevelDB
 * with fdatasync), as its senders see it: acknowledged means fsynced.
 *
 * Sustained: 1,100 a second for 20 seconds, paced by the clock; a burst: 5,000 at once. The rival
 * is the same store asked for one synced document per uplink, in the same run. The number of
 * fdatasync calls is counted by the kernel (strace) in a run of its own where strace is there.
 */
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { intake } from "#shared/keep/intake.ts";
import { inbox } from "#shared/keep/inbox.ts";
import { builtIn } from "#shared/devices/decode-uplink.ts";
import { findDecoder } from "#shared/devices/list.ts";
import { openLevelDatabases } from "#shared/couch/leveldb.ts";
import { syncedWrites } from "#shared/couch/synced-leveldown.ts";
import { systemClock } from "#shared/model/clock.ts";
import type { DeviceId } from "#shared/model/ids.ts";
import type { Uplink } from "#shared/model/uplink.ts";
import { siteExample, TENANT, WATER_1A } from "#shared/testing/site-example.ts";
import type { DeviceDoc, SiteDoc } from "#shared/model/site.ts";
import type { Report } from "./report.ts";

/** Paced a tenth above what is asked for. */
const RATE = 1_100;
const TARGET = 1_000;
const SECONDS = 20;
const BURST = 5_000;
const SINGLE = 500;
const WINDOW_MS = 20;

async function openIntake(folder: string) {
  const databases = await openLevelDatabases({ folder });
  const docs = await siteExample();
  const community = docs.find(({ type }) => type === "site") as SiteDoc;
  const device = docs.find(({ _id }) => _id === `device:${WATER_1A}`) as DeviceDoc;
  const site = {
    tenant: TENANT,
    generation: 1,
    community,
    zones: [],
    units: new Map(),
    devices: new Map(),
    codes: new Map(),
    keys: new Map(),
    decoders: new Map(),
    damaged: [],
  };
  const kept = inbox({
    databases,
    clock: systemClock,
    windowMs: WINDOW_MS,
    lastN: 0,
    onKept: () => undefined,
    onReached: () => undefined,
  });
  const ear = intake({
    sites: { holder: (deviceId) => ({ site, device: { ...device, deviceId } }) },
    decodersOf: () => (model) => {
      const decoder = findDecoder(model);
      return decoder && builtIn(decoder);
    },
    clock: systemClock,
    inbox: kept,
    strangers: { keep: async () => undefined },
    sightings: { saw: () => undefined },
    sessions: { name: async (uplink) => uplink },
    tally: { refused: () => undefined },
    onOutcome: () => undefined,
  });
  return { databases, ear };
}

/** A real 28-byte status report of a water meter, one device in two thousand after the other. */
function uplink(n: number): Uplink {
  const payload = Buffer.from("49fbdf010000de1400000000000046eddf0106fc8b0702e2e6535455", "hex");
  payload.writeUInt32LE(n, 6);
  const now = Date.now();
  return {
    deviceId: `70b3d57ed000${(n % 2000).toString(16).padStart(4, "0")}` as DeviceId,
    session: "26011bda-000001",
    fCnt: n,
    fPort: 1,
    payload,
    time: now,
    timeSource: "gateway",
    heardAt: now,
    radio: { antenna: "0016c001f153a14c", rssi: -97, snr: 6.5, sf: 9, frequencyHz: 868_100_000 },
    via: "lorawan",
  };
}

const percentile = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

export async function bench(report: Report): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "riser-bench-"));
  const row = (name: string, value: number, unit: string, more: object = {}) =>
    report({ bench: "intake", case: name, value, unit, ...more });
  try {
    const { databases, ear } = await openIntake(folder);
    let n = 0;
    let peakRss = 0;
    const watch = setInterval(() => (peakRss = Math.max(peakRss, process.memoryUsage.rss())), 50);
    for (let i = 0; i < 500; i++)
      await Promise.all(Array.from({ length: 4 }, () => ear.hear(uplink(n++))));

    const [syncsBefore, startedMs] = [syncedWrites(), performance.now()];
    const delays: number[] = [];
    const all: Promise<unknown>[] = [];
    for (let sent = 0; sent < RATE * SECONDS;) {
      const due = Math.min(
        RATE * SECONDS,
        Math.floor(((performance.now() - startedMs) / 1000) * RATE),
      );
      for (; sent < due; sent++) {
        const atMs = performance.now();
        all.push(
          ear
            .hear(uplink(n++))
            .then((outcome) => outcome === "kept" && delays.push(performance.now() - atMs)),
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await Promise.all(all);
    const seconds = (performance.now() - startedMs) / 1000;
    const syncs = syncedWrites() - syncsBefore;
    delays.sort((a, b) => a - b);
    const rate = delays.length / seconds;
    row("sustained, acknowledged = fsynced", Math.round(rate), "uplinks/s", {
      target: TARGET,
      met: rate >= TARGET,
    });
    row("acknowledgement p50", round(percentile(delays, 0.5)), "ms");
    const p99 = percentile(delays, 0.99);
    row("acknowledgement p99", round(p99), "ms", { target: 250, met: p99 <= 250 });
    row("synced writes while sustained", syncs, "writes");
    row("uplinks per synced write", round(delays.length / syncs), "uplinks");

    const burstMs = performance.now();
    const outcomes = await Promise.all(Array.from({ length: BURST }, () => ear.hear(uplink(n++))));
    const took = (performance.now() - burstMs) / 1000;
    const whole = outcomes.every((outcome) => outcome === "kept");
    row(`burst of ${BURST}`, round(took), "s", { target: 1.5, met: whole && took <= 1.5 });

    const singleMs = performance.now();
    const plain = await databases.open("one-by-one");
    for (let i = 0; i < SINGLE; i++)
      await plain.put({ _id: `u${i}`, ...uplink(n++), payload: "49fbdf010000de14" });
    const single = SINGLE / ((performance.now() - singleMs) / 1000);
    row("burst rate", Math.round(BURST / took), "uplinks/s", {
      rival: "one synced put each",
      ratio: round(BURST / took / single),
    });
    clearInterval(watch);
    row("peak RSS", Math.round(peakRss / 1e6), "MB");
    await databases.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  proveSyncs(row);
}

/** Runs a small intake under strace: the kernel's count of fdatasync must not be below the writes we claim. */
function proveSyncs(row: (name: string, value: number, unit: string, more?: object) => void): void {
  if (spawnSync("strace", ["-V"]).error)
    return row("fdatasync calls seen by the kernel: strace is not installed", 0, "calls");
  const script = `import { countedIntake } from ${JSON.stringify(import.meta.url)}; await countedIntake();`;
  const args = [
    "-f",
    "-qq",
    "-e",
    "trace=fdatasync",
    "-e",
    "signal=none",
    process.execPath,
    "--import",
    "tsx",
    "--input-type=module",
    "-e",
    script,
  ];
  const { stdout, stderr } = spawnSync("strace", args, { encoding: "utf8", maxBuffer: 1e8 });
  const calls = stderr.split("\n").filter((line) => /fdatasync\(\d+/.test(line)).length;
  const claimed = Number(/writes (\d+)/.exec(stdout)?.[1]);
  row("fdatasync calls seen by the kernel, 2,000 uplinks", calls, "calls", {
    rival: "synced writes claimed",
    ratio: round(calls / claimed),
    met: calls >= claimed,
  });
}

/** 2,000 uplinks in batches; prints how many synced writes were claimed. */
export async function countedIntake(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "riser-bench-"));
  const { databases, ear } = await openIntake(folder);
  for (let n = 0; n < 2000; n += 100)
    await Promise.all(Array.from({ length: 100 }, (_, i) => ear.hear(uplink(n + i))));
  process.stdout.write(`writes ${syncedWrites()}\n`);
  await databases.close();
  await rm(folder, { recursive: true, force: true });
}

const round = (value: number) => Math.round(value * 100) / 100;
