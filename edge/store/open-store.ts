/**
 * `open-store`: everything this gateway keeps, opened: the databases behind their guard, the ledger, the
 * time, and what is remembered beside them. What turned out to be damaged is set aside here, and told.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Database } from "#shared/couch/database.ts";
import { diskSpace, type DiskSpace } from "#shared/couch/disk-space.ts";
import { openLevelDatabases, type LocalDatabases } from "#shared/couch/leveldb.ts";
import type { SetAside } from "#shared/couch/set-aside.ts";
import type { Clock } from "#shared/model/clock.ts";
import { databaseName, parseDatabaseName } from "#shared/model/database-names.ts";
import { ledger, type Ledger } from "./ledger.ts";
import { recall, remember, type Remembered } from "./remembered.ts";
import { trustedTime, type TrustedTime } from "./trusted-time.ts";

export interface Store {
  readonly databases: LocalDatabases;
  readonly local: Database;
  readonly ledger: Ledger;
  readonly time: TrustedTime;
  /** The same passing time, but never later than what is certain: for what expires, and for months and days. */
  readonly certain: Clock;
  readonly space: DiskSpace;
  /** Databases that were set aside since this start. */
  readonly setAside: readonly SetAside[];
  /** What was remembered at the start. */
  readonly remembered: Remembered;
  /** Remembers something from now on; written by `flush`. */
  note(some: Partial<Remembered>): void;
  /** What is remembered now. */
  now(): Remembered;
  /** Makes durable what is only in memory; what is only a memory not more than twice a minute unless `all`. */
  flush(options?: { readonly all?: boolean }): Promise<void>;
  /** Folder of lines about what was acknowledged. */
  readonly witnessFolder: string;
  readonly databaseFolder: string;
  close(): Promise<void>;
}

export interface OpenStoreOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly elapsedMs: () => number;
  readonly random: (size: number) => Uint8Array;
  /** Told as soon as a database is set aside. */
  readonly onSetAside: (found: SetAside) => void;
  /** An open database is damaged: whoever runs this has to start again. */
  readonly onBroken: (name: string, reason: string) => void;
}

const FLUSH_EVERY_MS = 30_000;
/**
 * Not segments: a chain with a hole in it would go on behind it, where without its end it is sealed again
 * from the inbox or comes from the hub.
 */
const WRITTEN_ONCE = /^(inbox-\d{8}|strangers)$/;
const isEvents = (name: string) => parseDatabaseName(name)?.kind === "events";

/** @throws Fault "conflict" when another process works on the folder */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  const { folder, clock, elapsedMs, random, onSetAside, onBroken } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const time = await trustedTime({ file: join(folder, "time.json"), clock, elapsedMs });
  const rememberedFile = join(folder, "remembered.json");
  const remembered = await recall(rememberedFile);
  let latest = remembered;
  let flushedAt = elapsedMs();
  const setAside: SetAside[] = [];
  const databaseFolder = join(folder, "db");
  const space = diskSpace(folder);
  const databases = await openLevelDatabases({
    folder: databaseFolder,
    clock: time,
    isSparing: true,
    freeBytes: space.free,
    guard: {
      asideFolder: join(folder, "set-aside"),
      isWrittenOnce: (name) => WRITTEN_ONCE.test(name) || isEvents(name),
      onSetAside(found) {
        setAside.push(found);
        const { name, reason, atMs } = found;
        latest = { ...latest, setAside: [...latest.setAside, { name, reason, atMs }].slice(-20) };
        onSetAside(found);
      },
      onBroken,
    },
  });
  try {
    const local = await databases.open(databaseName.local);
    const book = await ledger({
      database: await databases.open(databaseName.ledger),
      day: time.day,
      now: time.now,
      random,
      remembered: remembered.sums,
    });
    return {
      databases,
      local,
      ledger: book,
      time,
      certain: { now: time.certain, sleep: clock.sleep },
      space,
      setAside,
      remembered,
      note: (some) => void (latest = { ...latest, ...some }),
      now: () => latest,
      async flush({ all = false } = {}) {
        await book.flush();
        if (!all && elapsedMs() - flushedAt < FLUSH_EVERY_MS) return;
        flushedAt = elapsedMs();
        latest = { ...latest, sums: book.sums() };
        await remember(rememberedFile, latest);
        await time.upkeep();
      },
      witnessFolder: join(folder, "witness"),
      databaseFolder,
      close: () => databases.close(),
    };
  } catch (error) {
    await databases.close();
    throw error;
  }
}
