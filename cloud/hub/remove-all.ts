/** `remove-all`: removes many documents, a batch with each sync. */
import type { Doc, Shelf } from "#shared/couch/database.ts";

const BATCH = 500;

/** @throws when one of them could not be removed */
export async function removeAll(
  database: Shelf,
  docs: readonly Pick<Doc, "_id" | "_rev">[],
): Promise<void> {
  for (let from = 0; from < docs.length; from += BATCH) {
    const batch = docs.slice(from, from + BATCH);
    for (const outcome of await database.removeMany(batch))
      if (!outcome.ok) throw new Error(`${outcome.id} could not be removed: ${outcome.message}`);
  }
}
