/**
 * `make-backup`: everything a hub holds, into one sealed file, while it serves: its databases with
 * the revisions they have, and its secrets. The deny journal is left out on purpose: it has to
 * outlive what comes back.
 *
 * What is derived (`roll`) is made again after a restore. Each document is as it was at one moment;
 * what gateways bring meanwhile they bring again when they notice that it is missing.
 */
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Database, Databases } from "#shared/couch/database.ts";
import { everyDoc } from "../every-doc.ts";
import type { Hub } from "../hub.ts";
import { writeBackup, type BackupLine } from "./backup-file.ts";

/** Documents of one line; a segment is some kilobytes. */
const PER_LINE = 100;
/** What is a hub's own: a CouchDB may hold more. `roll` is derived. */
const OWN = /^riser$|^[ogtw]-/;

export interface BackedUp {
  readonly path: string;
  readonly databases: number;
  readonly docs: number;
  readonly bytes: number;
}

export async function makeBackup(
  hub: Pick<Hub, "databases" | "secrets" | "clock" | "random">,
  secretsFolder: string,
  { path, passphrase }: { readonly path: string; readonly passphrase: string },
): Promise<BackedUp> {
  const count = { databases: 0, docs: 0 };
  const about = {
    hubId: hub.secrets.hubId,
    at: new Date(hub.clock.now()).toISOString(),
    passphrase,
  };
  const lines = linesOf(hub.databases, secretsFolder, count);
  const bytes = await writeBackup(path, about, hub.random, lines);
  return { path, ...count, bytes };
}

async function* linesOf(
  databases: Databases,
  secretsFolder: string,
  count: { databases: number; docs: number },
): AsyncGenerator<BackupLine> {
  for (const entry of await readdir(secretsFolder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const name = file.slice(secretsFolder.length + 1);
    yield { secret: name, base64: (await readFile(file)).toString("base64") };
  }
  for (const name of await databases.names()) {
    if (!OWN.test(name)) continue;
    const database = await databases.openExisting(name);
    // Dropped since it was listed.
    if (!database) continue;
    yield { database: name };
    count.databases++;
    for await (const docs of linesOfOne(database)) {
      count.docs += docs.length;
      yield { docs };
    }
  }
  yield { end: { ...count } };
}

async function* linesOfOne(database: Database) {
  let docs: { _id: string; _rev: string }[] = [];
  for await (const doc of everyDoc(database)) {
    docs.push(doc as typeof doc & { _rev: string });
    if (docs.length < PER_LINE) continue;
    yield docs;
    docs = [];
  }
  if (docs.length > 0) yield docs;
}
