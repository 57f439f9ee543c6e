/**
 * `set-aside`: what is done with a database that cannot be trusted: its folder is moved out of the way,
 * whole, under its name and the time, for whoever wants to look at it. Nothing of it is repaired:
 * LevelDB's own repair drops what it does not understand.
 */
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { syncFolder } from "./sync-folder.ts";

/** A database that was set aside. */
export interface SetAside {
  readonly name: string;
  /** What was found, in words. */
  readonly reason: string;
  readonly atMs: number;
  /** Where it lies now. */
  readonly folder: string;
}

/** Of one database; older ones go, so that a disk that rots does not fill up. */
const MOST_KEPT = 3;

/** Moves the folder `name` of `from` into `to`. Durable when resolved. */
export async function setAside(
  name: string,
  { from, to, reason, atMs }: { from: string; to: string; reason: string; atMs: number },
): Promise<SetAside> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  const stamp = new Date(atMs).toISOString().replaceAll(":", "");
  const taken = new Set(await readdir(to));
  let entry = `${name}@${stamp}`;
  for (let n = 2; taken.has(entry); n++) entry = `${name}@${stamp}-${n}`;
  const folder = join(to, entry);
  await rename(join(from, name), folder);
  await syncFolder(to);
  await syncFolder(from);
  const older = [...taken].filter((one) => one.startsWith(`${name}@`)).sort();
  for (const one of older.slice(0, Math.max(0, older.length + 1 - MOST_KEPT)))
    await rm(join(to, one), { recursive: true, force: true });
  return { name, reason, atMs, folder };
}
