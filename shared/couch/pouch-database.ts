/**
 * `pouch-database`: the `Database` contract over one PouchDB.
 *
 * PouchDB's errors and shapes end here. The handle is borrowed for each operation and never kept,
 * so that it may be closed by last use and opened again between two calls.
 */
import type PouchDB from "pouchdb";
import type { AllDocsRow, StoredDoc } from "pouchdb";
import { Fault } from "#shared/model/fault.ts";
import type { ChangeBell } from "./change-bell.ts";
import type { Change, ChangesOptions, Database, Doc, ListOptions } from "./database.ts";
import { checkId, ENGINE_IDS, isEngineId, refusedDoc } from "./document-rules.ts";
import { type RowQuery, rowsBetween } from "./rows-between.ts";
import { writeAll } from "./write-all.ts";

/** Lends the open handle for the time of `work`. */
export type Lend = <T>(work: (pouch: PouchDB) => Promise<T>) => Promise<T>;

const HIGHEST_ID = "\u{10ffff}";

const statusOf = (error: unknown) => (error as { status?: number } | undefined)?.status;

/** What PouchDB threw, as a Fault. */
export function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const message = (error as { message?: string }).message ?? String(error);
  if (statusOf(error) === 409)
    return new Fault("conflict", "the document was changed meanwhile", {}, error);
  if (statusOf(error) === 404)
    return new Fault("not_found", "there is no such document", {}, error);
  if (statusOf(error) === 400) return new Fault("invalid", message, {}, error);
  return new Fault("unavailable", `the database cannot be used: ${message}`, {}, error);
}

/**
 * PouchDB's open end of a range stops before ids that begin beyond U+00FF: they would be left out
 * of a list, in silence. A border of its own is honoured.
 */
export function withHighBorder<Q extends RowQuery>(query: Q): Q {
  const border = query.descending ? "startkey" : "endkey";
  return query[border] === undefined ? { ...query, [border]: HIGHEST_ID } : query;
}

/** Documents of one `getMany` asked for at the same time. */
const GETS_AT_ONCE = 100;

/** What is not there, or was deleted, is undefined. */
async function orUndefined<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

export function pouchDatabase(
  name: string,
  lend: Lend,
  bell: ChangeBell,
  release: () => Promise<void>,
): Database {
  let isClosed = false;
  const underWay = new Set<Promise<unknown>>();

  async function run<T>(work: (pouch: PouchDB) => Promise<T>): Promise<T> {
    if (isClosed) throw new Fault("unavailable", `the database ${name} was given back`);
    const running = lend(work);
    const watched = running.then(
      () => {},
      () => {},
    );
    underWay.add(watched);
    try {
      return await running;
    } catch (error) {
      throw faultOf(error);
    } finally {
      underWay.delete(watched);
    }
  }

  const between = (options: ListOptions, withDocs: boolean) =>
    rowsBetween<AllDocsRow>(options, async (query) => {
      const { rows } = await run((pouch) =>
        pouch.allDocs(withHighBorder({ ...query, include_docs: withDocs })),
      );
      return rows;
    });

  async function engineDocs(pouch: PouchDB): Promise<number> {
    const page = await pouch.allDocs({ startkey: ENGINE_IDS.from, endkey: ENGINE_IDS.to });
    return page.rows.length;
  }

  async function page({ since, limit, docs = false }: ChangesOptions) {
    const { results, last_seq } = await run(async (pouch) => {
      // Whoever asks again and again mostly hears that there is nothing new: known without reading.
      const { update_seq } = await pouch.info();
      if (update_seq === since) return { results: [], last_seq: since };
      return pouch.changes({ since, limit, include_docs: docs });
    });
    const changes: Change[] = [];
    for (const row of results)
      if (!isEngineId(row.id))
        changes.push({
          id: row.id,
          seq: row.seq,
          isDeleted: row.deleted === true,
          ...(docs && row.doc && !row.deleted && { doc: row.doc }),
        });
    return { changes, lastSeq: last_seq, isFull: results.length >= limit };
  }

  return {
    name,
    async get<T extends Doc>(id: string) {
      checkId(id);
      return run(async (pouch) => {
        return (await orUndefined(pouch.get(id))) as (StoredDoc & T) | undefined;
      });
    },
    async getMany<T extends Doc>(ids: readonly string[]) {
      ids.forEach(checkId);
      if (ids.length === 0) return [];
      // One by one and side by side: asked by `keys`, the engine opens an iterator for each of them.
      return run(async (pouch) => {
        const found: T[] = [];
        for (let from = 0; from < ids.length; from += GETS_AT_ONCE) {
          const some = ids.slice(from, from + GETS_AT_ONCE).map((id) => orUndefined(pouch.get(id)));
          for (const doc of await Promise.all(some)) if (doc) found.push(doc as StoredDoc & T);
        }
        return found;
      });
    },
    async list<T extends Doc>(options: ListOptions = {}) {
      return (await between(options, true)).map((row) => row.doc as unknown as T);
    },
    async ids(options = {}) {
      return (await between(options, false)).map((row) => row.id);
    },
    async put(doc) {
      const reason = refusedDoc(doc);
      if (reason) throw new Fault("invalid", reason);
      const { rev } = await run((pouch) => pouch.put(doc as StoredDoc));
      bell.ring(name);
      return { rev };
    },
    async bulk(docs) {
      const outcomes = await writeAll(docs, (taken) =>
        run((pouch) => pouch.bulkDocs(taken as StoredDoc[])),
      );
      bell.ring(name);
      return outcomes;
    },
    async take(docs) {
      await run(async (pouch) => {
        const failed = await pouch.bulkDocs(docs as StoredDoc[], { new_edits: false });
        if (failed.length > 0) throw new Fault("unavailable", `${name} did not take a document`);
      });
      bell.ring(name);
    },
    async remove(id, rev) {
      checkId(id);
      await run((pouch) => pouch.remove(id, rev));
      bell.ring(name);
    },
    async removeMany(docs) {
      const outcomes = await writeAll(docs, (taken) => {
        const gone = taken.map(({ _id, _rev }) => ({ _id, _rev, _deleted: true }));
        return run((pouch) => pouch.bulkDocs(gone as StoredDoc[]));
      });
      bell.ring(name);
      return outcomes;
    },
    async changes(options) {
      const untilMs = bell.clock.now() + (options.waitMs ?? 0);
      let { since } = options;
      for (;;) {
        const ear = bell.listen(name);
        try {
          const { changes, lastSeq, isFull } = await page({ ...options, since });
          since = lastSeq;
          // A page full of the engine's own documents is not the end of the feed.
          if (changes.length === 0 && isFull) continue;
          const leftMs = untilMs - bell.clock.now();
          if (changes.length > 0 || leftMs <= 0 || options.signal?.aborted)
            return { changes, lastSeq };
          await ear.within(leftMs, options.signal);
        } finally {
          ear.leave();
        }
      }
    },
    async info() {
      return run(async (pouch) => {
        const { doc_count, update_seq } = await pouch.info();
        return { docs: doc_count - (await engineDocs(pouch)), seq: update_seq };
      });
    },
    rest: release,
    async close() {
      if (isClosed) return;
      isClosed = true;
      await Promise.all(underWay);
      await release();
    },
  };
}
