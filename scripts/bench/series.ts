/**
 * Bench `series`: what it takes to roll up and to ask, with 2,000 devices that report every hour.
 *
 * Segments are packed and stored as a gateway does it, the rollup is made from them by the same
 * worker, in synced LevelDB. The store grows from 10⁵ to 10⁷ readings; at 90 days (4.3 million) the
 * rollup is thrown away and made again as a whole, and the pages' questions are asked.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLevelDatabases, type LocalDatabases } from "#shared/couch/leveldb.ts";
import { systemClock } from "#shared/model/clock.ts";
import { databaseName, monthOf, parseDatabaseName } from "#shared/model/database-names.ts";
import type { DeviceId, Epoch, TenantName, WriterId } from "#shared/model/ids.ts";
import type { KeptUplink } from "#shared/model/kept-uplink.ts";
import { systemScope } from "#shared/model/scope.ts";
import { newest } from "#shared/series/newest.ts";
import { readingStore, type ReadingStore } from "#shared/series/reading-store.ts";
import { rollupWorker } from "#shared/series/rollup-worker.ts";
import { packSegment } from "#shared/series/segment.ts";
import { everything } from "#shared/series/window.ts";
import { keptUplink } from "#shared/testing/kept-uplinks.ts";
import type { Report } from "./report.ts";

export const TENANT = "riverside" as TenantName;
const WRITER = "gw-00112233445566aa" as WriterId;
const EPOCH = "00000001-0123456789abcdef" as Epoch;
export const DEVICES = 2_000;
const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 0, 1);
const scope = systemScope("bench");
/** Days after which the store is measured, and whether the rollup is made anew there. */
const STAGES = [
  { days: 2, name: "10⁵ readings" },
  { days: 21, name: "10⁶ readings" },
  { days: 90, name: "4.3 million readings", isAsked: true },
  { days: 208, name: "10⁷ readings" },
];
const MONTHS_ASKED = 200;

export const deviceOf = (i: number) => `70b3d57ed000${i.toString(16).padStart(4, "0")}` as DeviceId;

/** One hour of the whole community: each meter at a minute of its own. */
function* hourOf(hour: number): Generator<KeptUplink> {
  for (let i = 0; i < DEVICES; i++) {
    const at = START_MS + hour * HOUR_MS + Math.floor((i * HOUR_MS) / DEVICES);
    const payload = new Uint8Array(20);
    const litres = i * 1_000 + hour * 12 + ((hour * 7 + i) % 11);
    new DataView(payload.buffer).setUint32(4, litres);
    yield keptUplink(at, litres, { deviceId: deviceOf(i), fCnt: hour & 0xffff, payload });
  }
}

/** Seals hours into segments of 200, month by month. Gives the place to go on from. */
export async function seal(
  databases: LocalDatabases,
  fromDay: number,
  toDay: number,
  chain: Chain,
  writer = WRITER,
) {
  for (let day = fromDay; day < toDay; day++) {
    const docs = [];
    for (let hour = day * 24; hour < (day + 1) * 24; hour++) {
      let some: KeptUplink[] = [];
      for (const uplink of hourOf(hour)) {
        some.push(uplink);
        if (some.length < 200) continue;
        const { seq, prev, before } = chain;
        const doc = packSegment(
          {
            writer,
            epoch: EPOCH,
            seq,
            prev,
            before,
            inbox: { from: before, to: before + 199 },
          },
          some,
        );
        docs.push(doc);
        chain = { seq: seq + 1, prev: { id: doc._id, digest: doc.digest }, before: before + 200 };
        some = [];
      }
    }
    const month = monthOf(START_MS + day * 24 * HOUR_MS);
    const database = await databases.open(databaseName.tele(TENANT, month));
    await database.bulk(docs);
    await database.close();
  }
  return chain;
}

export interface Chain {
  readonly seq: number;
  readonly prev: { id: string; digest: string } | null;
  readonly before: number;
}

async function rollUpAll(databases: LocalDatabases): Promise<number> {
  const roll = await databases.openShelf(databaseName.roll);
  const stopping = new AbortController();
  const startedMs = performance.now();
  const worker = rollupWorker({
    tenant: TENANT,
    teleDatabases: async () => {
      const names = (await databases.names()).filter(
        (name) => parseDatabaseName(name)?.kind === "tele",
      );
      return Promise.all(names.map((name) => databases.open(name)));
    },
    roll,
    batchSegments: 800,
    clock: systemClock,
    tally: { refused: (reason) => console.error(`refused: ${reason}`) },
    signal: stopping.signal,
    log: { warn: (about, message) => console.error(message, about) },
  });
  await worker.caughtUp();
  const seconds = (performance.now() - startedMs) / 1000;
  stopping.abort();
  await worker.done;
  return seconds;
}

const percentile = (times: number[], share: number) =>
  times.sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;

/** A device's month by day, as a page asks for it; and by hour for its day. */
async function monthsMs(readings: ReadingStore, days: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < MONTHS_ASKED; i++) {
    const startedMs = performance.now();
    const answer = await readings.consumption(scope, TENANT, deviceOf((i * 37) % DEVICES), {
      registers: ["8-0:1.0.0"],
      zones: [{ fromMs: 0, zone: "Europe/Madrid" }],
      from: days > 60 ? "2026-02-01" : "2026-01-01",
      to: days > 60 ? "2026-03-01" : "2026-02-01",
      step: "day",
      nowMs: START_MS + days * 24 * HOUR_MS,
      gapMs: 3 * HOUR_MS,
      expectedMs: HOUR_MS,
    });
    times.push(performance.now() - startedMs);
    if (answer?.total === null || answer === undefined) throw new Error("the month has no number");
  }
  return times;
}

async function latestMs(readings: ReadingStore): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < 20; i++) {
    const startedMs = performance.now();
    const all = await readings.latestAll(scope, TENANT);
    times.push(performance.now() - startedMs);
    if (all.size !== DEVICES) throw new Error(`${all.size} devices are known`);
  }
  return times;
}

export async function bench(report: Report): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "riser-bench-"));
  const row = (name: string, value: number, unit: string, target?: number) =>
    report({
      bench: "series",
      case: name,
      value: Math.round(value * 10) / 10,
      unit,
      ...(target === undefined ? {} : { target, met: value <= target }),
    });
  const databases = await openLevelDatabases({ folder });
  try {
    let chain: Chain = { seq: 0, prev: null, before: 0 };
    let days = 0;
    for (const stage of STAGES) {
      chain = await seal(databases, days, stage.days, chain);
      const fresh = (stage.days - days) * 24 * DEVICES;
      days = stage.days;
      if (stage.isAsked) {
        await databases.destroy(databaseName.roll);
        const cpu = process.cpuUsage();
        row("roll up 4.3 million readings from segments", await rollUpAll(databases), "s", 60);
        const { user, system } = process.cpuUsage(cpu);
        row("the same, work of the processor", (user + system) / 1e6, "s");
      } else {
        const seconds = await rollUpAll(databases);
        row(`${stage.name}: rolled up, thousand a second`, fresh / seconds / 1000, "readings");
      }
      const roll = await databases.openShelf(databaseName.roll);
      const memory = newest(roll);
      await memory.all(TENANT);
      const readings = readingStore({ store: roll, newest: memory, reach: () => [everything] });
      const [month, latest] = [await monthsMs(readings, days), await latestMs(readings)];
      row(
        `${stage.name}: a device's month, p95`,
        percentile(month, 0.95),
        "ms",
        stage.isAsked ? 15 : undefined,
      );
      row(
        `${stage.name}: latest of all 2,000`,
        percentile(latest, 0.5),
        "ms",
        stage.isAsked ? 20 : undefined,
      );
      row(`${stage.name}: memory`, process.memoryUsage.rss() / 1e6, "MB");
    }
  } finally {
    await databases.close();
    await rm(folder, { recursive: true, force: true });
  }
}
