/**
 * `http`: databases over CouchDB's HTTP interface: a real CouchDB 3, or the hub's `/sync`.
 *
 * A thin client on the global fetch, which keeps connections alive. All writing goes through
 * `_bulk_docs`, the one way that both of them offer. Never puts credentials into a URL it sends.
 */
import type { WriteResult } from "pouchdb";
import { type Clock, systemClock } from "#shared/model/clock.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import { ask, type Fetch, type Question, readJson } from "./answer.ts";
import type { Change, ChangesOptions, Database, Databases, Doc, ListOptions } from "./database.ts";
import {
  checkDatabaseName,
  checkId,
  ENGINE_IDS,
  isEngineId,
  refusedDoc,
} from "./document-rules.ts";
import { rowsBetween } from "./rows-between.ts";
import { writeAll } from "./write-all.ts";

export interface HttpDatabasesOptions {
  /** `http://user:password@host:5984` or `https://hub/sync`. */
  readonly url: string;
  readonly fetch?: Fetch;
  /** Further headers, asked for before each request. */
  readonly headers?: () => Promise<Record<string, string>>;
  /** Longest time for one request, default 30 s; waiting for a change comes on top. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
}

interface Row {
  readonly id: string;
  readonly value?: { readonly rev: string; readonly deleted?: boolean };
  readonly doc?: Doc | null;
}
interface ChangesAnswer {
  readonly results: { id: string; seq: string | number; deleted?: boolean; doc?: Doc }[];
  readonly last_seq: string | number;
}

/** A URL without its user and password, and the header that carries them. */
export function splitCredentials(url: string): { base: string; authorization?: string } {
  const parsed = new URL(url);
  const { username, password } = parsed;
  parsed.username = "";
  parsed.password = "";
  const base = parsed.href.replace(/\/+$/, "");
  if (!username) return { base };
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { base, authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
}

/** One request with all that `openHttpDatabases` was told; `path` is appended to its URL. */
export type HttpCall = (
  method: string,
  path: string,
  body?: unknown,
  options?: { readonly extraMs?: number; readonly signal?: AbortSignal | undefined },
) => Promise<Response>;

export function httpCall({
  url,
  fetch,
  headers,
  timeoutMs = 30_000,
}: HttpDatabasesOptions): HttpCall {
  const { base, authorization } = splitCredentials(url);
  return (method, path, body, { extraMs = 0, signal } = {}) => {
    const question: Question = {
      method,
      url: `${base}${path}`,
      body: body === undefined ? undefined : JSON.stringify(body),
      ...(authorization && { headers: { authorization } }),
    };
    return ask(question, {
      timeoutMs: timeoutMs + extraMs,
      signal,
      ...(fetch && { fetch }),
      ...(headers && { headers }),
    });
  };
}

/** The JSON of an answer that went well. */
async function good<T>(answer: Response, name: string): Promise<T> {
  if (answer.ok) return readJson<T>(answer);
  const { error, reason } = await readJson<{ error?: string; reason?: string }>(answer);
  const message = `the database ${name}: ${error ?? answer.status} (${reason ?? "no reason given"})`;
  if (answer.status === 404) throw new Fault("not_found", message);
  if (answer.status === 409) throw new Fault("conflict", message);
  if (answer.status === 400) throw new Fault("invalid", message);
  throw new Fault("unavailable", message);
}

const DESTROY_AGAIN_MS = 300;

export function openHttpDatabases(options: HttpDatabasesOptions): Databases {
  const call = httpCall(options);
  const { clock = systemClock } = options;
  let isClosed = false;
  const whileOpen: HttpCall = (...args) => {
    if (isClosed) throw new Fault("unavailable", "the databases are closed");
    return call(...args);
  };
  const open = async (name: string) => {
    checkDatabaseName(name);
    const answer = await whileOpen("PUT", `/${name}?q=1`);
    if (answer.status === 412) await answer.body?.cancel();
    else await good(answer, name);
    return httpDatabase(name, whileOpen, clock);
  };
  return {
    open,
    openShelf: open,
    async openExisting(name) {
      checkDatabaseName(name);
      const answer = await whileOpen("GET", `/${name}`);
      if (answer.status === 404) {
        await answer.body?.cancel();
        return undefined;
      }
      await good(answer, name);
      return httpDatabase(name, whileOpen, clock);
    },
    async names() {
      const all = await good<string[]>(await whileOpen("GET", "/_all_dbs"), "list");
      return all.filter((name) => !name.startsWith("_")).sort();
    },
    async compact(name) {
      checkDatabaseName(name);
      const answer = await whileOpen("POST", `/${name}/_compact`, {});
      if (answer.status === 404) await answer.body?.cancel();
      else await good(answer, name);
    },
    async destroy(name) {
      checkDatabaseName(name);
      // CouchDB 3.4 stumbles now and then over a database it is still letting go of (500, badarg).
      const answer = await whileOpen("DELETE", `/${name}`).catch(async (error: unknown) => {
        if (!isFault(error, "unavailable") || error.details.status !== 500) throw error;
        await clock.sleep(DESTROY_AGAIN_MS);
        return whileOpen("DELETE", `/${name}`);
      });
      if (answer.status === 404) await answer.body?.cancel();
      else await good(answer, name);
    },
    async close() {
      isClosed = true;
    },
  };
}

function httpDatabase(name: string, call: HttpCall, clock: Clock): Database {
  let isClosed = false;
  const here: HttpCall = async (method, path, ...rest) => {
    if (isClosed) throw new Fault("unavailable", `the database ${name} was given back`);
    return call(method, `/${name}${path}`, ...rest);
  };

  async function rows(query: Record<string, unknown>, keys?: readonly string[]): Promise<Row[]> {
    const asked = new URLSearchParams();
    for (const [option, value] of Object.entries(query)) asked.set(option, JSON.stringify(value));
    const path = `/_all_docs?${asked}`;
    const answer = keys ? await here("POST", path, { keys }) : await here("GET", path);
    return (await good<{ rows: Row[] }>(answer, name)).rows;
  }
  const between = (options: ListOptions, withDocs: boolean) =>
    rowsBetween(options, (query) => rows({ ...query, include_docs: withDocs }));

  async function write(docs: readonly object[]): Promise<WriteResult[]> {
    return good(await here("POST", "/_bulk_docs", { docs }), name);
  }
  async function writeOne(doc: object): Promise<{ rev: string }> {
    const [result] = await write([doc]);
    if (result?.ok) return { rev: result.rev };
    const why = result?.reason ?? result?.message ?? "no answer for the document";
    if (result?.error === "conflict")
      throw new Fault("conflict", "the document was changed meanwhile");
    if (result?.error === "forbidden" || result?.error === "unauthorized")
      throw new Fault("forbidden", why);
    throw new Fault("unavailable", `the database ${name} did not take the document: ${why}`);
  }

  async function get<T extends Doc>(id: string): Promise<T | undefined> {
    checkId(id);
    const answer = await here("GET", `/${encodeURIComponent(id)}`);
    if (answer.status !== 404) return good<T>(answer, name);
    const { reason } = await readJson<{ reason?: string }>(answer);
    if (reason === "missing" || reason === "deleted") return undefined;
    throw new Fault("not_found", `there is no database ${name}`);
  }

  async function feed(
    since: string | number,
    limit: number,
    docs: boolean,
    waitMs: number,
    signal?: AbortSignal,
  ) {
    const asked = new URLSearchParams({
      since: String(since),
      limit: String(limit),
      include_docs: String(docs),
    });
    if (waitMs > 0) {
      asked.set("feed", "longpoll");
      asked.set("timeout", String(waitMs));
    }
    const answer = await here("GET", `/_changes?${asked}`, undefined, { extraMs: waitMs, signal });
    const { results, last_seq } = await good<ChangesAnswer>(answer, name);
    const changes: Change[] = [];
    for (const { id, seq, deleted = false, doc } of results)
      if (!isEngineId(id))
        changes.push({ id, seq, isDeleted: deleted, ...(docs && doc && !deleted && { doc }) });
    return { changes, lastSeq: last_seq, isFull: results.length >= limit };
  }

  return {
    name,
    get,
    async getMany<T extends Doc>(ids: readonly string[]) {
      ids.forEach(checkId);
      if (ids.length === 0) return [];
      const found = await rows({ include_docs: true }, ids);
      return found.flatMap((row) => (row.doc && !row.value?.deleted ? [row.doc as T] : []));
    },
    async list<T extends Doc>(options: ListOptions = {}) {
      return (await between(options, true)).map((row) => row.doc as T);
    },
    async ids(options = {}) {
      return (await between(options, false)).map((row) => row.id);
    },
    async put(doc) {
      const reason = refusedDoc(doc);
      if (reason) throw new Fault("invalid", reason);
      return writeOne(doc);
    },
    bulk: (docs) => writeAll(docs, write),
    async take(docs) {
      const answer = await here("POST", "/_bulk_docs", { docs, new_edits: false });
      const failed = await good<unknown[]>(answer, name);
      if (failed.length > 0) throw new Fault("unavailable", `${name} did not take a document`);
    },
    async remove(id, rev) {
      checkId(id);
      // CouchDB takes the deletion of a document that never was, and keeps a tombstone of it.
      if (!(await get(id))) throw new Fault("not_found", "there is no such document");
      await writeOne({ _id: id, _rev: rev, _deleted: true });
    },
    removeMany: (docs) =>
      writeAll(docs, (taken) =>
        write(taken.map(({ _id, _rev }) => ({ _id, _rev, _deleted: true }))),
      ),
    async changes({ since, limit, docs = false, waitMs = 0, signal }: ChangesOptions) {
      const untilMs = clock.now() + waitMs;
      let from = since;
      try {
        for (;;) {
          const leftMs = untilMs - clock.now();
          const { changes, lastSeq, isFull } = await feed(
            from,
            limit,
            docs,
            Math.max(0, leftMs),
            signal,
          );
          from = lastSeq;
          // A page full of the engine's own documents is not the end of the feed.
          const isOver = !isFull && untilMs - clock.now() <= 0;
          if (changes.length > 0 || isOver) return { changes, lastSeq };
        }
      } catch (error) {
        if (signal?.aborted) return { changes: [], lastSeq: from };
        throw error;
      }
    },
    async info() {
      const told = await good<{ doc_count: number; update_seq: string | number }>(
        await here("GET", ""),
        name,
      );
      const own = await rows({ startkey: ENGINE_IDS.from, endkey: ENGINE_IDS.to });
      return { docs: told.doc_count - own.length, seq: told.update_seq };
    },
    rest: async () => {},
    async close() {
      isClosed = true;
    },
  };
}
