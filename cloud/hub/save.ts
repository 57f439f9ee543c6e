/**
 * `save`: writes documents as they should be, leaving alone those that already are.
 */
import { isDeepStrictEqual } from "node:util";
import type { Database, Doc } from "#shared/couch/database.ts";
import { Fault } from "#shared/model/fault.ts";
import { docsById } from "./every-doc.ts";

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
 * @param known what is stored, by id, where the caller has just read it
 * @returns how many were written
 * @throws Fault "conflict" when somebody else wrote one meanwhile, "unavailable" when the store refused one
 */
export async function save(
  database: Database,
  docs: readonly Doc[],
  known?: ReadonlyMap<string, Doc>,
): Promise<number> {
  const stored =
    known ??
    (await docsById(
      database,
      docs.map(({ _id }) => _id),
    ));
  const changed: Doc[] = [];
  for (const doc of docs) {
    const old = stored.get(doc._id);
    const content = contentOf(doc);
    if (old && isDeepStrictEqual(content, contentOf(old))) continue;
    const rev = doc._rev ?? old?._rev;
    changed.push({ ...content, _id: doc._id, ...(rev === undefined ? {} : { _rev: rev }) });
  }
  for (let from = 0; from < changed.length; from += BATCH) {
    const batch = changed.slice(from, from + BATCH);
    for (const outcome of await database.bulk(batch)) {
      if (outcome.ok) continue;
      if (outcome.reason === "conflict")
        throw new Fault("conflict", "Somebody else changed the same thing meanwhile. Try again.");
      throw new Fault("unavailable", `The hub could not write a document: ${outcome.message}`);
    }
  }
  return changed.length;
}
