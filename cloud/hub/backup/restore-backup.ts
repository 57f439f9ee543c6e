/**
 * `restore-backup`: a hub from its backup, on an empty folder and engine. The file is read twice:
 * first whether it is whole, then to be used. Afterwards the hub begins a new life: gateways look
 * through what they had sent, and every `site` gets a new generation.
 *
 * The deny journal is not touched: where it is still there, nobody revoked, disabled or erased
 * since comes back with the databases.
 */
import { chmod, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import type { Databases } from "#shared/couch/database.ts";
import { databaseName } from "#shared/model/database-names.ts";
import { Fault } from "#shared/model/fault.ts";
import { TICKS_FILE } from "../life.ts";
import { readBackup, readHeader } from "./backup-file.ts";

export interface Restored {
  readonly at: string;
  readonly databases: number;
  readonly docs: number;
}

export interface RestoreParts {
  readonly path: string;
  readonly passphrase: string;
  readonly secretsFolder: string;
  readonly journalFolder: string;
  /** Opens the engine; called after the secrets are in their place. */
  readonly open: () => Promise<{ databases: Databases; close(): Promise<void> }>;
  readonly progress: (databases: number, docs: number) => void;
}

/** @throws Fault "conflict" where there is a hub already, "invalid" for a file that is not whole */
export async function restoreBackup(parts: RestoreParts): Promise<Restored> {
  const { path, passphrase, secretsFolder, journalFolder, open, progress } = parts;
  const { header } = await readHeader(path);
  const secrets = new Map<string, Buffer>();
  for await (const line of readBackup(path, passphrase))
    if ("secret" in line) secrets.set(safeName(line.secret), Buffer.from(line.base64, "base64"));
  await checkSame(secretsFolder, header.hubId);
  await mkdir(secretsFolder, { recursive: true, mode: 0o700 });
  await chmod(secretsFolder, 0o700);
  for (const [name, bytes] of secrets) {
    const file = join(secretsFolder, name);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, bytes, { mode: 0o600 });
  }
  const { databases, close } = await open();
  try {
    if (await databases.openExisting(databaseName.hub))
      throw new Fault(
        "conflict",
        "There is a hub here already. A backup is restored where there is none: move the databases away first.",
      );
    const count = { databases: 0, docs: 0 };
    let current: Awaited<ReturnType<Databases["open"]>> | undefined;
    for await (const line of readBackup(path, passphrase)) {
      if ("database" in line) {
        await current?.close();
        current = await databases.open(line.database);
        count.databases++;
      }
      if ("docs" in line && current) {
        // The count of lives is this hub's own and begins anew.
        const docs = line.docs.filter(({ _id }) => _id !== "life");
        await current.take(docs);
        count.docs += docs.length;
      }
      progress(count.databases, count.docs);
    }
    await current?.close();
    await beginAnew(journalFolder);
    return { at: header.at, ...count };
  } finally {
    await close();
  }
}

/** A name of a file below the folder, whatever stands in the backup. */
function safeName(name: string): string {
  const plain = normalize(name);
  if (plain.startsWith("..") || plain.startsWith("/") || plain.includes("\0"))
    throw new Fault("invalid", "The backup names a file outside of its folder.");
  return plain;
}

/** Secrets of another hub are never overwritten: what they sealed would be lost. */
async function checkSame(folder: string, hubId: string): Promise<void> {
  const there = await readdir(folder).catch(() => []);
  if (there.length === 0) return;
  const known = (await readFile(join(folder, "hub-id"), "utf8").catch(() => "")).trim();
  if (known !== "" && known !== hubId)
    throw new Fault("conflict", "The folder holds the secrets of another hub (HUB_DATA).");
}

/** The databases are older than what this hub has known, also where nothing of it is left. */
async function beginAnew(journalFolder: string): Promise<void> {
  await mkdir(journalFolder, { recursive: true, mode: 0o700 });
  const path = join(journalFolder, TICKS_FILE);
  const ticks = Number(await readFile(path, "utf8").catch(() => "0")) || 0;
  await writeFile(path, String(ticks + 1), { mode: 0o600 });
}
