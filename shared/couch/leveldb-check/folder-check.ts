/**
 * `folder-check`: whether a LevelDB that nobody has open is whole, before anybody opens it: LevelDB and
 * PouchDB over it end the process, hang, or leave documents out over much of what can be wrong.
 *
 * It reads and changes nothing. What was found whole is not read again while its size and times stay.
 */
import { open, readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { readLog } from "./level-log.ts";
import { manifestOf, type Manifest } from "./level-manifest.ts";
import { damageInTable } from "./level-table.ts";

export interface FolderCheck {
  /** What is wrong, in words for the ledger; undefined when it is whole, or there is no such folder. */
  damage(folder: string): Promise<string | undefined>;
  /**
   * Reads all tables from the disk again, also while the database is open: a table is never changed
   * once the manifest names it. The log of an open database is left out: what it says is in memory.
   */
  damageWhileOpen(folder: string): Promise<string | undefined>;
}

const NUMBERED = /^(\d{6,})\.(ldb|sst|log)$/;
const names = (number: number, ending: string) => `${String(number).padStart(6, "0")}.${ending}`;

export function folderCheck(): FolderCheck {
  /** Path to what it looked like when it was whole. */
  const whole = new Map<string, string>();
  /** One place for all tables, one after the other: each its own would be garbage of a hundred megabytes. */
  let place = Buffer.alloc(0);
  let turn: Promise<unknown> = Promise.resolve();

  const damageIn = async (path: string, size: number) => {
    if (place.length < size) place = Buffer.allocUnsafeSlow(size);
    const handle = await open(path, "r");
    try {
      const { bytesRead } = await handle.read(place, 0, size, 0);
      return damageInTable(place.subarray(0, bytesRead));
    } finally {
      await handle.close();
    }
  };

  const tableAt = async (path: string, told: number, isAgain: boolean) => {
    const { size, mtimeMs, ino } = await stat(path);
    if (size !== told) return "its size is another one than the manifest says";
    const looks = `${size} ${mtimeMs} ${ino}`;
    if (!isAgain && whole.get(path) === looks) return undefined;
    const mine = turn.then(() => damageIn(path, size));
    turn = mine.catch(() => undefined);
    const damage = await mine;
    if (damage === undefined) whole.set(path, looks);
    return damage;
  };

  const check = async (folder: string, isOpen: boolean): Promise<string | undefined> => {
    const entries = new Set(await readdir(folder).catch(noFolder));
    if (![...entries].some((name) => name === "CURRENT" || NUMBERED.test(name))) return undefined;
    if (!entries.has("CURRENT")) return "CURRENT is missing";
    const current = await readFile(join(folder, "CURRENT"), "utf8");
    const name = /^(MANIFEST-\d+)\n$/.exec(current)?.[1];
    if (name === undefined) return "CURRENT is damaged";
    if (!entries.has(name)) return `${name} is missing`;
    const log = readLog(await readFile(join(folder, name)));
    if (log.damage !== undefined || log.records.length === 0)
      return `${name}: ${log.damage ?? "it is empty"}`;
    const manifest = manifestOf(log.records);
    const damaged = await tables(folder, entries, manifest, isOpen);
    return damaged ?? (isOpen ? undefined : await logs(folder, entries, manifest, log.isTorn));
  };

  const tables = async (
    folder: string,
    entries: ReadonlySet<string>,
    manifest: Manifest,
    isOpen: boolean,
  ) => {
    for (const [number, size] of manifest.tables) {
      const name = [names(number, "ldb"), names(number, "sst")].find((one) => entries.has(one));
      const path = join(folder, name ?? names(number, "ldb"));
      const damage = await tableAt(path, size, isOpen).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT") throw error;
        // While it is open a compaction may have removed it since the manifest was read.
        return isOpen ? undefined : "it is missing";
      });
      if (damage !== undefined) return `${basename(path)}: ${damage}`;
    }
    return undefined;
  };

  const logs = async (
    folder: string,
    entries: ReadonlySet<string>,
    { logNumber }: Manifest,
    isManifestTorn: boolean,
  ) => {
    const needed = [...entries].filter((name) => {
      const [, number, ending] = NUMBERED.exec(name) ?? [];
      return ending === "log" && Number(number) >= logNumber;
    });
    // A manifest that was cut off says an older state, whose log is gone by now.
    if (logNumber > 0 && !entries.has(names(logNumber, "log")))
      return `${names(logNumber, "log")} is missing${isManifestTorn ? ", and the manifest is cut off" : ""}`;
    for (const name of needed) {
      const { damage } = readLog(await readFile(join(folder, name)));
      if (damage !== undefined) return `${name}: ${damage}`;
    }
    return undefined;
  };

  return {
    damage: (folder) => inWords(() => check(folder, false)),
    damageWhileOpen: (folder) => inWords(() => check(folder, true)),
  };
}

async function inWords(check: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await check();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Bad sectors say so when they are read.
    if (code === "EIO" || code === "EUCLEAN" || code === "EISDIR")
      return `it cannot be read (${code})`;
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

const noFolder = (error: NodeJS.ErrnoException): string[] => {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
  throw error;
};
