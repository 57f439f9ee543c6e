/**
 * `save`: writes documents as they should be, leaving alone those that already are.
 */
import { isDeepStrictEqual } from "node:util";
import type { Database, Doc } from "#shared/couch/database.ts";
import { Fault } from "#shared/model/fault.ts";

/** Documents per write. */
const BATCH = 500;

/** A document without what the engine adds, and without fields that are undefined. */
export function contentOf(doc: Doc): Record<string, unknown> {
  const { _rev, ...content } = doc;
  return JSON.parse(JSON.stringify(content)) as Record<string, unknown>;
}

/**
 * Writes those of `docs` that differ from what is stored. Their `_rev` is not looked at unless it
 * is there: a document that was read before has to be unchanged since.
 *
 * @returns how many were written
 * @throws Fault "conflict" when somebody else wrote one meanwhile, "unavailable" when the store refused one
 */
export async function save(database: Database, docs: readonly Doc[]): Promise<number> {
  let written = 0;
  for (let from = 0; from < docs.length; from += BATCH) {
    const batch = docs.slice(from, from + BATCH);
    const stored = new Map(
      (await database.getMany(batch.map(({ _id }) => _id))).map((doc) => [doc._id, doc]),
    );
    const changed: Doc[] = [];
    for (const doc of batch) {
      const old = stored.get(doc._id);
      const content = contentOf(doc);
      if (old && isDeepStrictEqual(content, contentOf(old))) continue;
      const rev = doc._rev ?? old?._rev;
      changed.push({ ...content, _id: doc._id, ...(rev === undefined ? {} : { _rev: rev }) });
    }
    if (changed.length === 0) continue;
    for (const outcome of await database.bulk(changed)) {
      if (outcome.ok) continue;
      if (outcome.reason === "conflict")
        throw new Fault("conflict", "Somebody else changed the same thing meanwhile. Try again.");
      throw new Fault("unavailable", `The hub could not write a document: ${outcome.message}`);
    }
    written += changed.length;
  }
  return written;
}
