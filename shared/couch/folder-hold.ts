/**
 * `folder-hold`: one process per folder of databases. The hold is LevelDB's own lock on an empty store
 * in it: the system lets go of it when the process ends, however it ends.
 *
 * Without it a second process that finds databases locked would take them for damaged ones.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import leveldown from "leveldown";
import type { Clock } from "#shared/model/clock.ts";
import { Fault } from "#shared/model/fault.ts";

const NAME = ".held";
const AGAIN_MS = 100;

/** What LevelDB says when another process, or another handle of this one, has it open. */
export function isLocked(error: unknown): boolean {
  return /\block\b.*(temporarily unavailable|already held)/i.test(
    String((error as Error | undefined)?.message),
  );
}

/**
 * Holds the folder until the returned function is called; waits for one who is about to end.
 *
 * @throws Fault "conflict" when another process works on it
 */
export async function holdFolder(
  folder: string,
  { waitMs, clock }: { readonly waitMs: number; readonly clock: Clock },
): Promise<() => Promise<void>> {
  const place = join(folder, NAME);
  for (let leftMs = waitMs; ; leftMs -= AGAIN_MS) {
    const store = leveldown(place);
    const error = await new Promise<Error | undefined | null>((resolve) => store.open({}, resolve));
    if (!error) return () => new Promise<void>((resolve) => store.close(() => resolve()));
    if (!isLocked(error)) {
      // There is nothing in it: whatever is wrong with it, an empty one is as good.
      if (leftMs <= 0) throw new Fault("unavailable", `${place} cannot be opened`, {}, error);
      await rm(place, { recursive: true, force: true });
    } else if (leftMs <= 0)
      throw new Fault("conflict", `another process works on ${folder}`, {}, error);
    await clock.sleep(AGAIN_MS);
  }
}
