/** `put-back`: puts salvaged documents into an empty database, each once, with the revision it had. */
import type PouchDB from "pouchdb";
import type { StoredDoc } from "pouchdb";

const BATCH = 200;

export async function putBackInto(pouch: PouchDB, docs: AsyncIterable<StoredDoc>): Promise<void> {
  // Of a document that was removed again its removal is what counts, wherever it stands.
  const removed = new Set<string>();
  let batch = new Map<string, StoredDoc>();
  const write = async () => {
    const taken = [...batch.values()].filter(({ _id }) => !removed.has(_id));
    batch = new Map();
    if (taken.length > 0) await pouch.bulkDocs(taken, { new_edits: false });
  };
  for await (const doc of docs) {
    if (doc._deleted) {
      removed.add(doc._id);
      const old = await pouch.get(doc._id).catch(() => undefined);
      if (old) await pouch.remove(doc._id, old._rev as string);
      continue;
    }
    batch.set(doc._id, doc);
    if (batch.size >= BATCH) await write();
  }
  await write();
}
