/**
 * `leveldb`: databases as folders of synced LevelDB, opened on demand and closed by last use.
 *
 * The one file that knows PouchDB's LevelDB adapter. Two processes must never open the same folder.
 */
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LevelDown } from "leveldown";
import PouchDB from "pouchdb";
import leveldbAdapter from "pouchdb-adapter-leveldb";
import { type Clock, systemClock } from "#shared/model/clock.ts";
import { Fault } from "#shared/model/fault.ts";
import { ChangeBell } from "./change-bell.ts";
import type { Databases } from "./database.ts";
import { diskSpace } from "./disk-space.ts";
import { checkDatabaseName } from "./document-rules.ts";
import { holdFolder, isLocked } from "./folder-hold.ts";
import { HandlePool } from "./handle-pool.ts";
import { folderCheck } from "./leveldb-check/folder-check.ts";
import {
  beginLevelShelf,
  closeLevelShelf,
  levelShelf,
  openLevelShelf,
  SHELF_MARK,
} from "./level-shelf.ts";
import { type Lend, pouchDatabase } from "./pouch-database.ts";
import { salvage } from "./leveldb-check/salvage.ts";
import { putBackInto } from "./put-back.ts";
import { setAside, type SetAside } from "./set-aside.ts";
import { syncFolder } from "./sync-folder.ts";
import { sparingLevelDown, syncedLevelDown } from "./synced-leveldown.ts";

export interface LevelDatabasesOptions {
  /** Made when it is not there. Each database is one folder in it. */
  readonly folder: string;
  /** Handles kept open, default 24: an open one costs about 3 MB and 4 files. */
  readonly maxOpen?: number;
  readonly clock?: Clock;
  /** For a machine with little memory: see `sparingLevelDown`. */
  readonly isSparing?: boolean;
  /**
   * Checks a database's files before it is opened. One that is damaged, or held by somebody else, is
   * set aside and begun anew. Only where what is in it can be had again, or its loss can be told.
   */
  readonly guard?: Guard;
  /** Bytes the disk has left; the system's word unless told otherwise. */
  readonly freeBytes?: () => Promise<number>;
}

export interface Guard {
  /** Where damaged databases are moved to; on the same file system. */
  readonly asideFolder: string;
  /**
   * Whether the documents of a database are written once and never revised: then those that can be read
   * for certain are put back into the empty one.
   */
  readonly isWrittenOnce: (name: string) => boolean;
  /** Called before the empty one in its place is used. */
  readonly onSetAside: (found: SetAside) => void;
  /** An open database turns out to be damaged: nobody should go on with it. */
  readonly onBroken: (name: string, reason: string) => void;
}

/** Databases whose PouchDB can be borrowed, by replication and by the hub's own endpoint. */
export interface LocalDatabases extends Databases {
  /** Runs `work` on the open handle, or resolves undefined when there is no such database. */
  borrow<T>(name: string, work: (pouch: PouchDB) => Promise<T>): Promise<T | undefined>;
  /** To be rung after writes that did not go through a `Database`. */
  readonly bell: ChangeBell;
  /** Handles open at the moment, for metrics. */
  openCount(): number;
  /** Reads a database's tables from the disk again and says what is wrong with them, open or not. */
  inspect(name: string): Promise<string | undefined>;
}

// PouchDB brings a LevelDB adapter today and means to drop it: ours is named and pinned by itself.
PouchDB.plugin(leveldbAdapter);

/** Half made or half removed: swept away at the next start. */
const NEW = ".new-";
const GONE = ".gone-";

const messageOf = (error: unknown) => String((error as Error | undefined)?.message);
const isFull = (error: unknown) => /no space left|ENOSPC|quota exceeded/i.test(messageOf(error));
const isCorrupt = (error: unknown) =>
  /Corruption|Input\/output error|NotFound:/i.test(messageOf(error));
/** LevelDB goes on failing after an error of the disk: only a new handle helps. */
const isFatal = (error: unknown) => /IO error|Corruption/i.test(messageOf(error));
/** A handle that failed for want of space is opened anew when there is as much as an opening takes. */
const ENOUGH_BYTES = 8 * 1024 * 1024;
/** Another process may be about to end. */
const LOCKED_FOR_MS = 3_000;

/** An open folder: a database with revisions, or a shelf without. */
type Handle = { readonly pouch: PouchDB } | { readonly level: LevelDown };

const closeHandle = (handle: Handle) =>
  "pouch" in handle ? handle.pouch.close() : closeLevelShelf(handle.level);

export async function openLevelDatabases(options: LevelDatabasesOptions): Promise<LocalDatabases> {
  const { folder, maxOpen = 24, clock = systemClock, guard } = options;
  const levelDown = options.isSparing ? sparingLevelDown : syncedLevelDown;
  const { freeBytes = diskSpace(folder).free } = options;
  await mkdir(folder, { recursive: true });
  const letGo = guard ? await holdFolder(folder, { waitMs: 2 * LOCKED_FOR_MS, clock }) : undefined;
  for (const entry of await readdir(folder))
    if (entry.startsWith(GONE) || entry.startsWith(NEW))
      await rm(join(folder, entry), { recursive: true, force: true });

  const place = (name: string) => join(folder, name);
  /** Names that were seen to be databases: looking again at thousands of them takes its time. */
  const seen = new Set<string>();
  /** A folder without CURRENT is no database. */
  const exists = async (name: string) =>
    stat(join(place(name), "CURRENT")).then(
      () => true,
      () => false,
    );

  const openPouch = (location: string) =>
    new PouchDB(location, { adapter: "leveldb", db: levelDown, auto_compaction: true });
  /** Names that were opened as shelves. */
  const shelves = new Set<string>();
  const isMarked = (location: string) =>
    stat(join(location, SHELF_MARK)).then(
      () => true,
      () => false,
    );
  const openAt = async (location: string, name: string): Promise<Handle> => {
    if (shelves.has(name)) return { level: await openLevelShelf(levelDown(location)) };
    if (await isMarked(location)) throw new Fault("invalid", `${name} is a shelf`);
    const pouch = openPouch(location);
    await pouch.info();
    return { pouch };
  };
  /**
   * Makes a database beside its place and moves it there when all of it is on the disk. LevelDB
   * syncs the CURRENT of a new store, but not the first manifest that it names: a power cut in
   * between would leave a database that nobody can open.
   */
  const create = async (name: string) => {
    const fresh = join(folder, `${NEW}${name}`);
    await rm(fresh, { recursive: true, force: true });
    // Opening writes a database's own id, synced: with it the first files are on the disk.
    const handle = await openAt(fresh, name);
    // Opening a shelf writes nothing that is synced; its first write is.
    if ("level" in handle) await beginLevelShelf(handle.level);
    await closeHandle(handle);
    if (shelves.has(name)) await writeFile(join(fresh, SHELF_MARK), "");
    await syncFolder(fresh);
    const before = await stat(place(name)).catch(() => undefined);
    if (before?.isDirectory()) await rm(place(name), { recursive: true });
    await rename(fresh, place(name));
    await syncFolder(folder);
  };

  const check = folderCheck();
  /** Folders of what was set aside and has to be put back as far as it can be. */
  const asides = new Map<string, string>();
  const aside = async (name: string, reason: string) => {
    if (!guard) return;
    seen.delete(name);
    const { asideFolder: to, onSetAside } = guard;
    const found = await setAside(name, { from: folder, to, reason, atMs: clock.now() });
    if (guard.isWrittenOnce(name)) asides.set(name, found.folder);
    onSetAside(found);
  };
  const putBack = async (name: string, pouch: PouchDB) => {
    const from = asides.get(name);
    if (from === undefined) return;
    asides.delete(name);
    await putBackInto(pouch, salvage(from));
  };
  /** Opens what is there. @throws what LevelDB says */
  const openThere = async (name: string, isNew: boolean): Promise<Handle> => {
    if (isNew) await create(name);
    // A shelf can be made again from what it was derived from: nobody needs what stood in its place.
    else if (shelves.has(name) && !(await isMarked(place(name)))) await create(name);
    const handle = await openAt(place(name), name);
    if ("pouch" in handle) await putBack(name, handle.pouch);
    return handle;
  };
  /** The same, or a new one where what is there is of no use to anybody. */
  const openOrBegin = async (name: string, isNew: boolean) => {
    for (let leftMs = LOCKED_FOR_MS; ; leftMs -= 100)
      try {
        return await openThere(name, isNew);
      } catch (error) {
        const isWaiting = guard !== undefined && isLocked(error) && leftMs > 0;
        if (!guard || !(isLocked(error) || isCorrupt(error))) throw error;
        if (!isWaiting) {
          await aside(name, messageOf(error).slice(0, 200));
          return openThere(name, true);
        }
        await clock.sleep(100);
      }
  };
  if (guard)
    for (const { name } of await readdir(folder, { withFileTypes: true }))
      if (!name.startsWith(".") && !(await exists(name))) {
        const damage = await check.damage(place(name));
        if (damage !== undefined) await aside(name, damage);
      }

  const bell = new ChangeBell(clock);
  const pool = new HandlePool<Handle>({
    maxOpen,
    // Without space it could not be opened again: it is kept, so that what is in it can be read.
    isFatal: (error) => isFatal(error) && !isFull(error),
    async open(name, mayCreate) {
      const damage = guard && (await check.damage(place(name)));
      if (damage !== undefined) await aside(name, damage);
      const isNew = !(await exists(name));
      if (isNew && !mayCreate && damage === undefined)
        throw new Fault("not_found", `there is no database ${name}`);
      try {
        return await openOrBegin(name, isNew);
      } catch (error) {
        const message = `the database ${name} cannot be opened: ${(error as Error).message}`;
        throw new Fault("unavailable", message, {}, error);
      }
    },
    close: closeHandle,
  });

  /** Databases whose handle refuses writes since the disk was full. */
  const full = new Set<string>();
  const useHandle = async <T>(name: string, work: (handle: Handle) => Promise<T>): Promise<T> => {
    if (full.has(name) && (await freeBytes()) >= ENOUGH_BYTES && full.delete(name))
      await pool.alone(name, async () => {});
    try {
      return await pool.use(name, work);
    } catch (error) {
      if (isFull(error)) full.add(name);
      else if (isCorrupt(error)) guard?.onBroken(name, messageOf(error).slice(0, 200));
      throw error;
    }
  };

  const use = <T>(name: string, work: (pouch: PouchDB) => Promise<T>): Promise<T> =>
    useHandle(name, async (handle) => {
      if (!("pouch" in handle)) throw new Fault("invalid", `${name} is a shelf`);
      return work(handle.pouch);
    });

  const view = (name: string) => {
    const lend: Lend = (work) => use(name, work);
    return pouchDatabase(name, lend, bell, () => pool.release(name));
  };

  return {
    bell,
    openCount: () => pool.openCount,
    async borrow(name, work) {
      checkDatabaseName(name);
      try {
        return await use(name, work);
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
    async openShelf(name) {
      checkDatabaseName(name);
      shelves.add(name);
      await pool.use(name, async () => {}, true);
      return levelShelf(name, (work) =>
        useHandle(name, async (handle) => {
          if (!("level" in handle)) throw new Fault("invalid", `${name} is no shelf`);
          return work(handle.level);
        }),
      );
    },
    async openExisting(name) {
      checkDatabaseName(name);
      return (await exists(name)) ? view(name) : undefined;
    },
    async names() {
      const entries = await readdir(folder, { withFileTypes: true });
      const found = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."));
      const real = await Promise.all(
        found.map(async ({ name }) => (seen.has(name) || (await exists(name)) ? [name] : [])),
      );
      const all = real.flat().sort();
      seen.clear();
      for (const name of all) seen.add(name);
      return all;
    },
    async compact(name) {
      checkDatabaseName(name);
      // A shelf keeps nothing old.
      if ((await exists(name)) && !shelves.has(name))
        await use(name, async (pouch) => void (await pouch.compact()));
    },
    async destroy(name) {
      checkDatabaseName(name);
      seen.delete(name);
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
    inspect: (name) => check.damageWhileOpen(place(name)),
    async close() {
      bell.ringAll();
      await pool.close();
      await letGo?.();
    },
  };
}
