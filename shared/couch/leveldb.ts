/**
 * `leveldb`: databases as folders of synced LevelDB, opened on demand and closed by last use.
 *
 * The one file that knows PouchDB's LevelDB adapter. Two processes must never open the same folder.
 */
import { mkdir, open as openFile, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import PouchDB from "pouchdb";
import leveldbAdapter from "pouchdb-adapter-leveldb";
import { type Clock, systemClock } from "#shared/model/clock.ts";
import { Fault } from "#shared/model/fault.ts";
import { ChangeBell } from "./change-bell.ts";
import type { Databases } from "./database.ts";
import { checkDatabaseName } from "./document-rules.ts";
import { HandlePool } from "./handle-pool.ts";
import { type Lend, pouchDatabase } from "./pouch-database.ts";
import { syncedLevelDown } from "./synced-leveldown.ts";

export interface LevelDatabasesOptions {
  /** Made when it is not there. Each database is one folder in it. */
  readonly folder: string;
  /** Handles kept open, default 24: an open one costs about 3 MB and 4 files. */
  readonly maxOpen?: number;
  readonly clock?: Clock;
}

/** Databases whose PouchDB can be borrowed, by replication and by the hub's own endpoint. */
export interface LocalDatabases extends Databases {
  /** Runs `work` on the open handle, or resolves undefined when there is no such database. */
  borrow<T>(name: string, work: (pouch: PouchDB) => Promise<T>): Promise<T | undefined>;
  /** To be rung after writes that did not go through a `Database`. */
  readonly bell: ChangeBell;
  /** Handles open at the moment, for metrics. */
  openCount(): number;
}

// PouchDB brings a LevelDB adapter today and means to drop it: ours is named and pinned by itself.
PouchDB.plugin(leveldbAdapter);

/** Half made or half removed: swept away at the next start. */
const NEW = ".new-";
const GONE = ".gone-";

/** LevelDB goes on failing after the disk was full: only a new handle helps. */
const isFatal = (error: unknown) =>
  /IO error|Corruption/i.test(String((error as Error | undefined)?.message));

/** Makes the folder's own entry durable: LevelDB syncs its files and not the folder they stand in. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await openFile(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function openLevelDatabases(options: LevelDatabasesOptions): Promise<LocalDatabases> {
  const { folder, maxOpen = 24, clock = systemClock } = options;
  await mkdir(folder, { recursive: true });
  for (const entry of await readdir(folder))
    if (entry.startsWith(GONE) || entry.startsWith(NEW))
      await rm(join(folder, entry), { recursive: true, force: true });

  const place = (name: string) => join(folder, name);
  /** A folder without CURRENT is no database. */
  const exists = async (name: string) =>
    stat(join(place(name), "CURRENT")).then(
      () => true,
      () => false,
    );

  const openPouch = (location: string) =>
    new PouchDB(location, { adapter: "leveldb", db: syncedLevelDown, auto_compaction: true });
  /**
   * Makes a database beside its place and moves it there when all of it is on the disk. LevelDB
   * syncs the CURRENT of a new store, but not the first manifest that it names: a power cut in
   * between would leave a database that nobody can open.
   */
  const create = async (name: string) => {
    const fresh = join(folder, `${NEW}${name}`);
    await rm(fresh, { recursive: true, force: true });
    const pouch = openPouch(fresh);
    // Opening writes the database's own id, synced: with it the first files are on the disk.
    await pouch.info();
    await pouch.close();
    await syncFolder(fresh);
    const before = await stat(place(name)).catch(() => undefined);
    if (before?.isDirectory()) await rm(place(name), { recursive: true });
    await rename(fresh, place(name));
    await syncFolder(folder);
  };

  const bell = new ChangeBell(clock);
  const pool = new HandlePool<{ readonly pouch: PouchDB }>({
    maxOpen,
    isFatal,
    async open(name, mayCreate) {
      const isNew = !(await exists(name));
      if (isNew && !mayCreate) throw new Fault("not_found", `there is no database ${name}`);
      try {
        if (isNew) await create(name);
        const pouch = openPouch(place(name));
        await pouch.info();
        return { pouch };
      } catch (error) {
        const message = `the database ${name} cannot be opened: ${(error as Error).message}`;
        throw new Fault("unavailable", message, {}, error);
      }
    },
    close: ({ pouch }) => pouch.close(),
  });

  const view = (name: string) => {
    const lend: Lend = (work) => pool.use(name, ({ pouch }) => work(pouch));
    return pouchDatabase(name, lend, bell, () => pool.release(name));
  };

  return {
    bell,
    openCount: () => pool.openCount,
    async borrow(name, work) {
      checkDatabaseName(name);
      try {
        return await pool.use(name, ({ pouch }) => work(pouch));
      } catch (error) {
        if (error instanceof Fault && error.code === "not_found" && !(await exists(name)))
          return undefined;
        throw error;
      }
    },
    async open(name) {
      checkDatabaseName(name);
      await pool.use(name, async () => {}, true);
      return view(name);
    },
    async openExisting(name) {
      checkDatabaseName(name);
      return (await exists(name)) ? view(name) : undefined;
    },
    async names() {
      const entries = await readdir(folder, { withFileTypes: true });
      const found = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."));
      const real = await Promise.all(
        found.map(async ({ name }) => ((await exists(name)) ? [name] : [])),
      );
      return real.flat().sort();
    },
    async destroy(name) {
      checkDatabaseName(name);
      await pool.alone(name, async () => {
        const gone = join(folder, `${GONE}${name}`);
        await rm(gone, { recursive: true, force: true });
        // Renamed first: a crash in between leaves rubbish, never half a database.
        await rename(place(name), gone).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== "ENOENT") throw error;
        });
        await syncFolder(folder);
        await rm(gone, { recursive: true, force: true });
      });
      bell.ring(name);
    },
    async close() {
      bell.ringAll();
      await pool.close();
    },
  };
}
