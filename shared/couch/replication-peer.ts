/**
 * `replication-peer`: what CouchDB's replication protocol asks of a server, over local databases.
 *
 * Knows revisions, checkpoints and feeds; knows nothing of HTTP or of who asks. Documents are
 * judged one by one before they are written, and no two writers are judged at the same time in one
 * database: otherwise both would find it empty.
 *
 * @see CouchDB "Replication Protocol" (what a source and a target have to offer)
 */
import type PouchDB from "pouchdb";
import type { StoredDoc, WriteResult } from "pouchdb";
import { Fault } from "#shared/model/fault.ts";
import { isEngineId } from "./document-rules.ts";
import type { LocalDatabases } from "./leveldb.ts";
import { withHighBorder } from "./pouch-database.ts";
import { isDocument, malformed, withHistory } from "./wire-document.ts";

/** Says why a document may not be written, or undefined. `oldDoc` is what stands there, deleted or not. */
export type Judge = (newDoc: StoredDoc, oldDoc: StoredDoc | null) => string | undefined;

export interface BulkRequest {
  readonly docs: readonly unknown[];
  /** False: the documents bring their own revisions, as replicators do. */
  readonly newEdits: boolean;
  readonly judge: Judge;
}

export interface FeedRequest {
  readonly since: number | "now";
  readonly limit: number;
  readonly style: "main_only" | "all_docs";
  readonly includeDocs: boolean;
  readonly docIds?: string[] | undefined;
}

/** One document's failure, in CouchDB's words. */
export interface BulkFailure {
  readonly id: string;
  readonly rev?: string | undefined;
  readonly error: "forbidden" | "conflict" | "unknown_error";
  readonly reason: string;
}
export type BulkAnswer =
  | { readonly ok: true; readonly id: string; readonly rev: string }
  | BulkFailure;

export interface DocQuery {
  readonly rev?: string;
  readonly openRevs?: string[] | "all";
  readonly revs?: boolean;
  readonly latest?: boolean;
  readonly conflicts?: boolean;
}

/** All methods throw Fault "not_found" where there is no such database, document or checkpoint. */
export type ReplicationPeer = ReturnType<typeof replicationPeer>;

const status = (error: unknown) => (error as { status?: number } | undefined)?.status;

export function replicationPeer(local: LocalDatabases) {
  const turns = new Map<string, Promise<unknown>>();

  async function on<T>(name: string, work: (pouch: PouchDB) => Promise<T>): Promise<T> {
    // Boxed, because a document that is not there and a database that is not there are two things.
    const done = await local.borrow(name, async (pouch) => ({ is: await work(pouch) }));
    if (!done) throw new Fault("not_found", "there is no such database");
    return done.is;
  }

  /** Runs one writer after the other, per database. */
  async function inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = turns.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    turns.set(name, mine);
    try {
      return await mine;
    } finally {
      if (turns.get(name) === mine) turns.delete(name);
    }
  }

  async function missingOf(
    pouch: PouchDB,
    docs: readonly StoredDoc[],
  ): Promise<(doc: StoredDoc) => boolean> {
    const asked: Record<string, string[]> = Object.create(null);
    for (const { _id, _rev } of docs) if (_rev !== undefined) (asked[_id] ??= []).push(_rev);
    const missing = await pouch.revsDiff(asked);
    return ({ _id, _rev }) => _rev !== undefined && (missing[_id]?.missing.includes(_rev) ?? false);
  }

  /** What stands under each id, a deleted document as a document that says so. */
  async function standing(pouch: PouchDB, ids: string[]): Promise<Map<string, StoredDoc>> {
    const { rows } = await pouch.allDocs({ keys: ids, include_docs: true });
    const found = new Map<string, StoredDoc>();
    for (const { key, value, doc } of rows)
      if (value)
        found.set(
          key,
          doc ?? { _id: key, _rev: value.rev, ...(value.deleted && { _deleted: true }) },
        );
    return found;
  }

  async function write(
    pouch: PouchDB,
    { docs, newEdits, judge }: BulkRequest,
  ): Promise<BulkAnswer[]> {
    const answers: (BulkAnswer | undefined)[] = [];
    const sound: { readonly doc: StoredDoc; readonly at: number }[] = [];
    docs.forEach((doc, at) => {
      const id = isDocument(doc) ? doc._id : "";
      const reason = isDocument(doc) ? malformed(doc, newEdits) : "not a document with an _id";
      if (reason) answers[at] = { id, error: "forbidden", reason };
      else sound.push({ doc: doc as StoredDoc, at });
    });
    const isMissing = newEdits
      ? () => true
      : await missingOf(
          pouch,
          sound.map(({ doc }) => doc),
        );
    const stands = await standing(pouch, [...new Set(sound.map(({ doc }) => doc._id))]);
    const taken: typeof sound = [];
    for (const { doc, at } of sound) {
      if (!isMissing(doc)) {
        answers[at] = { ok: true, id: doc._id, rev: doc._rev ?? "" };
        continue;
      }
      const old = stands.get(doc._id) ?? null;
      const reason = judge(newEdits ? doc : withHistory(doc), old);
      const isStale = newEdits && old && !old._deleted && doc._rev !== old._rev;
      if (reason && isStale)
        answers[at] = { id: doc._id, error: "conflict", reason: "Document update conflict." };
      else if (reason) answers[at] = { id: doc._id, rev: doc._rev, error: "forbidden", reason };
      else {
        taken.push({ doc, at });
        // A second document of the same name in this batch meets the first.
        if (!newEdits) stands.set(doc._id, doc);
      }
    }
    if (taken.length === 0) return answers.filter((answer) => answer !== undefined);
    const results = await pouch.bulkDocs(
      taken.map(({ doc }) => doc),
      { new_edits: newEdits },
    );
    if (newEdits) taken.forEach(({ doc, at }, n) => (answers[at] = answerOf(doc, results[n])));
    else {
      // Without new edits PouchDB tells failures only.
      const failed = new Map(results.map((result) => [result.id, result]));
      for (const { doc, at } of taken) {
        const result = failed.get(doc._id);
        answers[at] =
          result && !result.ok
            ? answerOf(doc, result)
            : { ok: true, id: doc._id, rev: doc._rev ?? "" };
      }
    }
    return answers.filter((answer) => answer !== undefined);
  }

  return {
    info: (name: string) =>
      on(name, async (pouch) => {
        const { doc_count, update_seq } = await pouch.info();
        return { db_name: name, doc_count, update_seq, instance_start_time: "0" };
      }),

    /** A replicator's checkpoint; `id` without `_local/`. */
    getLocal: (name: string, id: string) => on(name, (pouch) => found(pouch.get(`_local/${id}`))),
    putLocal: (name: string, id: string, doc: object) =>
      on(name, async (pouch) => {
        try {
          return await pouch.put({ ...doc, _id: `_local/${id}` });
        } catch (error) {
          if (status(error) === 409)
            throw new Fault("conflict", "Document update conflict.", {}, error);
          throw error;
        }
      }),

    revsDiff: (name: string, asked: Record<string, string[]>) =>
      on(name, (pouch) => pouch.revsDiff(asked)),

    /** One answer per document, in the order given. Durable when resolved. */
    bulkDocs: (name: string, request: BulkRequest) =>
      inTurn(name, async () => {
        const answers = await on(name, (pouch) => write(pouch, request));
        if (answers.some((answer) => "ok" in answer)) local.bell.ring(name);
        return answers;
      }),

    get: (name: string, id: string, { openRevs, ...query }: DocQuery) =>
      on<unknown>(name, (pouch) =>
        openRevs === undefined
          ? found(pouch.get(id, query))
          : found(
              pouch.get(id, {
                open_revs: openRevs,
                revs: query.revs === true,
                latest: query.latest === true,
              }),
            ),
      ),

    allDocs: (
      name: string,
      query: {
        startkey?: string;
        endkey?: string;
        keys?: string[];
        descending: boolean;
        limit?: number;
        include_docs: boolean;
      },
    ) => on(name, (pouch) => pouch.allDocs(query.keys ? query : withHighBorder(query))),

    /** One page of the feed; the engine's own documents are not in it. */
    changes: (name: string, request: FeedRequest) =>
      on(name, async (pouch) => {
        const { since, limit, style, includeDocs, docIds } = request;
        const from = since === "now" ? (await pouch.info()).update_seq : since;
        const page = await pouch.changes({
          since: from,
          limit,
          style,
          include_docs: includeDocs,
          ...(docIds && { doc_ids: docIds }),
        });
        return {
          results: page.results.filter(({ id }) => !isEngineId(id)),
          last_seq: page.last_seq,
        };
      }),

    /** Hears of the next write. Must be left. */
    listen: (name: string) => local.bell.listen(name),
  };
}

async function found<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (status(error) === 404)
      throw new Fault(
        "not_found",
        (error as { reason?: string }).reason ?? "missing",
        { isDocument: true },
        error,
      );
    if (status(error) === 400) throw new Fault("invalid", (error as Error).message, {}, error);
    throw error;
  }
}

function answerOf(doc: StoredDoc, result: WriteResult | undefined): BulkAnswer {
  if (result?.ok) return { ok: true, id: doc._id, rev: result.rev };
  const isConflict = result?.status === 409;
  const reason = result?.message ?? "the document was not written";
  return { id: doc._id, rev: doc._rev, error: isConflict ? "conflict" : "unknown_error", reason };
}
