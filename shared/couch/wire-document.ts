/**
 * `wire-document`: a document as replicators send it, checked before an engine sees it.
 *
 * PouchDB and CouchDB both refuse a whole batch for one document of a wrong form, and a replicator
 * then offers the same batch for ever: here each is judged by itself.
 */
import type { StoredDoc } from "pouchdb";
import { refusedId } from "./document-rules.ts";

const REV = /^[1-9][0-9]{0,9}-[0-9a-f]{8,64}$/;
const OWN_FIELDS = new Set(["_id", "_rev", "_revisions", "_deleted"]);

/** Why something that came over the wire is no document with revisions, or undefined. */
export function malformed(doc: StoredDoc, newEdits: boolean): string | undefined {
  for (const field in doc)
    if (field.startsWith("_") && !OWN_FIELDS.has(field)) return `the field ${field} is not taken`;
  const reason = refusedId(doc._id);
  if (reason) return reason;
  if (doc._rev !== undefined && !(typeof doc._rev === "string" && REV.test(doc._rev)))
    return "the revision is malformed";
  if (newEdits) return doc._revisions === undefined ? undefined : "a new edit has no history";
  const history = doc._revisions;
  if (history === undefined) return doc._rev === undefined ? "the revision is missing" : undefined;
  const { start, ids } = history as { start?: unknown; ids?: unknown };
  if (
    !Number.isSafeInteger(start) ||
    !Array.isArray(ids) ||
    ids.length === 0 ||
    ids.length > (start as number)
  )
    return "the history is malformed";
  if (!ids.every((id, at) => typeof id === "string" && REV.test(`${(start as number) - at}-${id}`)))
    return "the history is malformed";
  return doc._rev === `${start as number}-${ids[0]}`
    ? undefined
    : "the history is not the revision's";
}

/** A document with its history as CouchDB shows it to a rule, also when only the revision was sent. */
export function withHistory(doc: StoredDoc): StoredDoc {
  if (doc._revisions || doc._rev === undefined) return doc;
  const [start, id] = doc._rev.split("-") as [string, string];
  return { ...doc, _revisions: { start: Number(start), ids: [id] } };
}

export const isDocument = (doc: unknown): doc is StoredDoc =>
  typeof doc === "object" &&
  doc !== null &&
  !Array.isArray(doc) &&
  typeof (doc as StoredDoc)._id === "string";
