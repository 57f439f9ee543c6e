/**
 * `write-all`: writes many documents in one call and says of each, in the order given, what became of it.
 *
 * A document that no engine would take is told apart before, because PouchDB refuses a whole batch
 * for one of them.
 */
import type { WriteError, WriteResult } from "pouchdb";
import type { BulkOutcome, Doc } from "./database.ts";
import { refusedDoc } from "./document-rules.ts";

/** Why one document was not written. `error` is CouchDB's word, `name` PouchDB's. */
function reasonOf(result: WriteError): "conflict" | "forbidden" | "failed" {
  const word = typeof result.error === "string" ? result.error : result.name;
  if (result.status === 409 || word === "conflict") return "conflict";
  return word === "forbidden" || word === "unauthorized" ? "forbidden" : "failed";
}

/** `write` answers one result per document, in the order it was given them. */
export async function writeAll(
  docs: readonly Doc[],
  write: (taken: readonly Doc[]) => Promise<readonly WriteResult[]>,
): Promise<BulkOutcome[]> {
  const taken: Doc[] = [];
  const outcomes: (BulkOutcome | undefined)[] = docs.map((doc) => {
    const message = refusedDoc(doc);
    if (message) return { id: doc._id, ok: false, reason: "failed", message };
    taken.push(doc);
    return undefined;
  });
  const results = taken.length > 0 ? await write(taken) : [];
  let next = 0;
  return outcomes.map((outcome, at) => {
    if (outcome) return outcome;
    const id = (docs[at] as Doc)._id;
    const result = results[next++];
    if (result?.ok) return { id, ok: true, rev: result.rev };
    const message = result?.reason ?? result?.message ?? "no answer for this document";
    return { id, ok: false, reason: result ? reasonOf(result) : "failed", message };
  });
}
