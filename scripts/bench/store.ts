/**
 * Bench `store`: what keeping costs: durable uplinks a second in batches, the wait for an acknowledgement
 * at 1,000 a second, and bytes on disk once they are sealed. All of the gateway's own way: inbox with
 * group commit, sealer, witness, LevelDB with fdatasync.
 *
 * Rivals in the same run, with the same uplinks: PouchDB as it comes, one document each (it never
 * syncs); better-sqlite3 with WAL and `synchronous=FULL`, one transaction for 200.
 */
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import PouchDB from "pouchdb";
import { witness } from "#edge/store/witness.ts";
import { openLevelDatabases } from "#shared/couch/leveldb.ts";
import { inbox } from "#shared/keep/inbox.ts";
import { sealer } from "#shared/keep/sealer.ts";
import { systemClock } from "#shared/model/clock.ts";
import { databaseName, monthOf } from "#shared/model/database-names.ts";
import type { DeviceId, Epoch, TenantName, WriterId } from "#shared/model/ids.ts";
import type { KeptUplink } from "#shared/model/kept-uplink.ts";
import { identityOf } from "#shared/series/identity.ts";
import { chance } from "#shared/testing/meters/chance.ts";
import type { Report } from "./report.ts";
import { rival } from "./parts/rival.ts";

const BULK = 60_000;
/** Callers that wait for their acknowledgement at the same time: a broker's window, some antennas. */
const UNDER_WAY = 1_000;
const TARGET_RATE = 5_000;
const PACED_RATE = 1_000;
const PACED_SECONDS = 15;
const TARGET_P99_MS = 250;
const TARGET_BYTES = 40;
const RIVAL_UPLINKS = 20_000;
const DEVICES = 2_000;
const HOUR_MS = 3_600_000;
const TENANT = "bench" as TenantName;

/** An hourly report of one of 2,000 meters, 20 bytes: counters, a date's index, temperatures, battery. */
function uplink(n: number): KeptUplink {
  const [device, hour] = [n % DEVICES, Math.floor(n / DEVICES)];
  const litres = Math.floor(chance(1, device, 0) * 900_000 + hour * 14 * chance(2, device, 0) * 2);
  const payload = new Uint8Array(20);
  const view = new DataView(payload.buffer);
  view.setUint32(0, Math.floor(chance(3, device, 0) * 1e8) + hour * 3600, true);
  view.setUint32(4, litres, true);
  view.setUint32(8, Math.floor(litres / 30_000) * 30_000, true);
  view.setUint16(12, Math.floor(140 + 40 * chance(4, device, hour)), true);
  view.setUint16(14, Math.floor(200 + 20 * chance(5, device, hour)), true);
  view.setUint8(16, 230 - (hour % 3));
  view.setUint8(17, device % 50 === 0 ? 4 : 0);
  view.setUint16(18, Math.floor(60 * chance(6, device, hour)), true);
  const time = Date.UTC(2026, 10, 1) + hour * HOUR_MS + Math.floor(device * 1_800);
  const bare = {
    deviceId: `70b3d57ed${device.toString(16).padStart(7, "0")}` as DeviceId,
    session: `26${device.toString(16).padStart(6, "0")}-000001`,
    fCnt: 1_000 + hour,
    fPort: 1,
    payload,
    time,
    timeSource: "gateway" as const,
    heardAt: time,
    radio: {
      antenna: `0016c001f153a14${device % 3}`,
      rssi: -80 - Math.floor(30 * chance(7, device, hour)),
      snr: Math.floor(40 * chance(8, device, hour)) / 4,
      sf: 7 + (device % 6),
      frequencyHz: 868_100_000 + 200_000 * Math.floor(3 * chance(9, device, hour)),
    },
    via: "lorawan",
    decoder: "bench/meter@1",
    undecoded: null,
    readings: [
      {
        values: [
          { register: "8-0:1.0.0" as const, n: litres, scale: -3, unit: "m3" as const },
          {
            register: "temperature" as const,
            n: view.getUint16(12, true),
            scale: -1,
            unit: "°C" as const,
          },
        ],
      },
    ],
  } as unknown as Omit<KeptUplink, "identity">;
  return { ...bare, identity: identityOf(bare) };
}

/** The few calls of better-sqlite3 that are made here. */
interface Sqlite {
  pragma(text: string): unknown;
  exec(text: string): void;
  prepare(text: string): { run(...values: unknown[]): unknown };
  transaction<A extends unknown[]>(work: (...given: A) => void): (...given: A) => void;
  close(): void;
}

async function gatewayStore(folder: string) {
  const databases = await openLevelDatabases({ folder: join(folder, "db") });
  const seen = await witness(join(folder, "witness"), { lastN: 0, onFailure: () => undefined });
  const seal = sealer({
    databases,
    clock: systemClock,
    writer: "gw-00112233445566aa" as WriterId,
    epoch: "00000001-0123456789abcdef" as Epoch,
    patienceMs: () => 300_000,
    onSealed: (_tenant, segment) => void seen.sealedUpTo(segment.inbox.to),
    log: { warn: () => undefined },
  });
  await seal.resume(TENANT);
  const stop = new AbortController();
  const running = seal.run(stop.signal);
  const kept = inbox({
    databases,
    clock: systemClock,
    windowMs: 20,
    lastN: 0,
    onKept: (entry) => {
      seen.saw(entry);
      seal.add(entry);
    },
    onReached: () => undefined,
  });
  return {
    databases,
    keep: (one: KeptUplink) => kept.keep(TENANT, one),
    async close() {
      await kept.flush();
      stop.abort();
      await running;
      await seen.flush();
      await databases.close();
    },
  };
}

export async function bench(report: Report): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "riser-bench-"));
  const row = (name: string, value: number, unit: string, more: object = {}) =>
    report({ bench: "store", case: name, value, unit, ...more });
  try {
    const store = await gatewayStore(join(folder, "edge"));
    let n = 0;
    for (; n < 2_000; n += 500)
      await Promise.all(Array.from({ length: 500 }, (_, i) => store.keep(uplink(n + i))));

    const rate = await inBatches(store.keep, n, BULK);
    n += BULK;
    const sqlite = sqliteRate(join(folder, "rival.sqlite"));
    const plain = await pouchRate(join(folder, "rival-pouch"));
    const met = rate >= TARGET_RATE;
    row("durable, in batches, sealed on the side", Math.round(rate), "uplinks/s", {
      rival: "PouchDB, a document each, never synced",
      ratio: round(rate / plain.rate),
    });
    row("the same against SQLite", Math.round(rate), "uplinks/s", {
      rival: "better-sqlite3, 200 a transaction, synced",
      ratio: round(rate / sqlite.rate),
    });
    row("the same against the target", Math.round(rate), "uplinks/s", { target: TARGET_RATE, met });

    const waits = await paced(store.keep, n);
    n += PACED_RATE * PACED_SECONDS;
    row(`acknowledgement at ${PACED_RATE}/s, p50`, round(percentile(waits, 0.5)), "ms");
    const p99 = percentile(waits, 0.99);
    row(`acknowledgement at ${PACED_RATE}/s, p99`, round(p99), "ms", {
      target: TARGET_P99_MS,
      met: p99 <= TARGET_P99_MS,
    });
    await store.close();

    // Opened once more: what lay in logs is in tables then.
    const name = databaseName.tele(TENANT, monthOf(systemClock.now()));
    const again = await openLevelDatabases({ folder: join(folder, "edge", "db") });
    await (await again.open(name)).info();
    await again.close();
    const bytes = (await bytesIn(join(folder, "edge", "db", name))) / n;
    row("on disk, sealed", round(bytes), "bytes/uplink", {
      target: TARGET_BYTES,
      met: bytes <= TARGET_BYTES,
    });
    row("on disk against PouchDB", round(bytes), "bytes/uplink", {
      rival: `PouchDB: ${round(plain.bytes)} bytes`,
      ratio: round(plain.bytes / bytes),
    });
    row("on disk against SQLite", round(bytes), "bytes/uplink", {
      rival: `better-sqlite3: ${round(sqlite.bytes)} bytes`,
      ratio: round(sqlite.bytes / bytes),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Uplinks a second while so many wait for their acknowledgement at once. */
async function inBatches(
  keep: (one: KeptUplink) => Promise<"kept" | "repeat">,
  from: number,
  count: number,
): Promise<number> {
  let next = from;
  const caller = async () => {
    while (next < from + count)
      if ((await keep(uplink(next++))) !== "kept") throw new Error("an uplink was not kept");
  };
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: UNDER_WAY }, caller));
  return count / ((performance.now() - startedMs) / 1000);
}

/** Waits for acknowledgement, ms, in order of size. */
async function paced(keep: (one: KeptUplink) => Promise<unknown>, from: number): Promise<number[]> {
  const waits: number[] = [];
  const all: Promise<unknown>[] = [];
  const startedMs = performance.now();
  const count = PACED_RATE * PACED_SECONDS;
  for (let sent = 0; sent < count;) {
    const due = Math.min(count, Math.floor(((performance.now() - startedMs) / 1000) * PACED_RATE));
    for (; sent < due; sent++) {
      const atMs = performance.now();
      all.push(keep(uplink(from + sent)).then(() => waits.push(performance.now() - atMs)));
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await Promise.all(all);
  return waits.sort((a, b) => a - b);
}

interface Rival {
  readonly rate: number;
  readonly bytes: number;
}

function sqliteRate(path: string): Rival {
  const Sqlite = rival("better-sqlite3", "12.4.1") as new (path: string) => Sqlite;
  const db = new Sqlite(path);
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  db.exec(`create table uplink (identity text primary key, device text, session text, fcnt int, fport int,
    payload blob, time int, source text, heard int, radio text, via text, decoder text, readings text) without rowid`);
  const insert = db.prepare("insert into uplink values (?,?,?,?,?,?,?,?,?,?,?,?,?)");
  const keepAll = db.transaction((some: readonly KeptUplink[]) => {
    for (const one of some)
      insert.run(
        one.identity,
        one.deviceId,
        one.session,
        one.fCnt,
        one.fPort,
        Buffer.from(one.payload),
        one.time,
        one.timeSource,
        one.heardAt,
        JSON.stringify(one.radio),
        one.via,
        one.decoder,
        JSON.stringify(one.readings),
      );
  });
  const startedMs = performance.now();
  for (let from = 0; from < RIVAL_UPLINKS; from += 200)
    keepAll(Array.from({ length: 200 }, (_, i) => uplink(from + i)));
  const rate = RIVAL_UPLINKS / ((performance.now() - startedMs) / 1000);
  const pages = db.pragma("wal_checkpoint(TRUNCATE)");
  const [{ page_count: count }] = db.pragma("page_count") as [{ page_count: number }];
  const [{ page_size: size }] = db.pragma("page_size") as [{ page_size: number }];
  if (!pages) throw new Error("SQLite did not write its pages");
  db.close();
  return { rate, bytes: (count * size) / RIVAL_UPLINKS };
}

async function pouchRate(path: string): Promise<Rival> {
  const pouch = new PouchDB(path, { adapter: "leveldb" });
  const startedMs = performance.now();
  let next = 0;
  const caller = async () => {
    while (next < RIVAL_UPLINKS) {
      const { identity, payload, ...rest } = uplink(next++);
      const doc = { _id: identity, ...rest, payload: Buffer.from(payload).toString("base64") };
      await pouch.put(doc);
    }
  };
  await Promise.all(Array.from({ length: UNDER_WAY }, caller));
  const rate = RIVAL_UPLINKS / ((performance.now() - startedMs) / 1000);
  await pouch.close();
  return { rate, bytes: (await bytesIn(path)) / RIVAL_UPLINKS };
}

async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(folder)) bytes += (await stat(join(folder, name))).size;
  return bytes;
}

const percentile = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
const round = (value: number) => Math.round(value * 100) / 100;
