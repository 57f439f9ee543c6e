/**
 * `life`: notices that the hub's databases came back from a backup.
 *
 * Once a minute a counter is written into `riser` and into a file beside the deny journal. A
 * database that counts less than the file was restored: a new life begins, gateways are told and
 * look through what they had sent, and every `site` gets a new generation.
 */
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Database, Doc } from "#shared/couch/database.ts";
import { isFault } from "#shared/model/fault.ts";

/**
 * `life` in `riser`.
 *
 * History: 1 = first release.
 */
interface LifeDoc extends Doc {
  readonly type: "life";
  readonly v: 1;
  /** Random, new with each life. */
  readonly life: string;
  readonly ticks: number;
}

export interface Life {
  /** Names this life of the databases. */
  readonly id: string;
  /** True when the databases are older than what this hub has known. */
  readonly isRestored: boolean;
  /** Counts on; to be called about once a minute. */
  tick(): Promise<void>;
}

/** Beside the deny journal: how far the life of the databases was counted. */
export const TICKS_FILE = "ticks";

export async function openLife(
  riser: Database,
  folder: string,
  random: (size: number) => Uint8Array,
): Promise<Life> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, TICKS_FILE);
  const known = Number(await readFile(path, "utf8").catch(missing)) || 0;
  const stored = await riser.get<LifeDoc>("life");
  const isRestored = known > (stored?.ticks ?? 0);
  const id = stored && !isRestored ? stored.life : Buffer.from(random(8)).toString("hex");
  const write = async (ticks: number) => {
    const old = await riser.get<LifeDoc>("life");
    const doc: LifeDoc = { ...old, _id: "life", type: "life", v: 1, life: id, ticks };
    await riser.put(doc).catch((error: unknown) => {
      // Another process of this hub counted just now.
      if (!isFault(error, "conflict")) throw error;
    });
    // The database first: cut off in between, it counts more than the file, and that means nothing.
    await replaceFile(path, String(ticks));
  };
  await write(Math.max(known, stored?.ticks ?? 0) + 1);
  return {
    id,
    isRestored,
    async tick() {
      await write(((await riser.get<LifeDoc>("life"))?.ticks ?? 0) + 1);
    },
  };
}

const missing = (error: NodeJS.ErrnoException) => {
  if (error.code === "ENOENT") return "";
  throw error;
};

async function replaceFile(path: string, text: string): Promise<void> {
  const file = await open(`${path}.new`, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}
