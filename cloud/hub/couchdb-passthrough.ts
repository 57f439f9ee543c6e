/**
 * `couchdb-passthrough`: hands what `sync-door` has admitted on to a real CouchDB, with the gateway's
 * own token, so that CouchDB checks token and roles again.
 *
 * CouchDB does not cut a feed when a token expires or is taken back, so feeds end here. Nothing of
 * the caller's URL or headers goes through but the parts that were parsed.
 */
import { type Fetch, faultOfAnswer } from "#shared/couch/answer.ts";
import { isDocument, malformed, withHistory } from "#shared/couch/wire-document.ts";
import type { Clock } from "#shared/model/clock.ts";
import { Fault } from "#shared/model/fault.ts";
import {
  askedBulkDocs,
  askedBulkGet,
  askedCheckpoint,
  askedDoc,
  askedFeed,
  askedRevsDiff,
  askedRows,
} from "./asked.ts";
import type { SyncGate } from "./engine.ts";
import { type Admitted, FEED_LIFE_MS, json, noSuchDatabase } from "./sync-door.ts";
import { whyForbidden } from "./validate.ts";

export interface PassthroughOptions {
  /** CouchDB's address without credentials. */
  readonly url: string;
  readonly gate: SyncGate;
  readonly clock: Clock;
  readonly fetch?: Fetch;
  /** Longest time until CouchDB begins to answer, ms. */
  readonly timeoutMs?: number;
}

/** Longest time an answer that is no feed may take to its last byte, ms: a slow line has to get a whole batch. */
const ANSWER_LIFE_MS = 600_000;
/** Between a feed's end by itself and its end by force, ms. */
const FEED_GRACE_MS = 3_000;

const NOT_NOW = "the database server cannot be used at the moment";
/** CouchDB says "bad request" of a token whose key it does not (any more) know. */
const TOKEN_REFUSED = /\b(kid|alg|signature|token)\b/i;

interface Row {
  readonly key: string;
  readonly value?: { readonly rev: string; readonly deleted?: boolean };
}

const missingDocument = (reason: string) => new Fault("not_found", reason, { isDocument: true });

export function couchdbPassthrough(options: PassthroughOptions) {
  const { url, gate, clock, timeoutMs = 30_000, fetch = globalThis.fetch } = options;
  const turns = new Map<string, Promise<unknown>>();
  const feeds = new Set<AbortController>();

  /** Resolves with CouchDB's answer, or throws the Fault that the gateway is told. */
  async function upstream(
    { name, token, signal }: Admitted,
    method: string,
    path: string,
    {
      body,
      query,
      lifeMs = ANSWER_LIFE_MS,
      silentMs = timeoutMs,
    }: { body?: unknown; query?: URLSearchParams; lifeMs?: number; silentMs?: number } = {},
  ): Promise<Response> {
    const search = query && query.size > 0 ? `?${query}` : "";
    let answer: Response;
    const silent = new AbortController();
    const timer = setTimeout(() => silent.abort(), silentMs);
    try {
      answer = await fetch(`${url}/${name}${path}${search}`, {
        method,
        redirect: "manual",
        signal: AbortSignal.any([signal, silent.signal, AbortSignal.timeout(lifeMs)]),
        headers: {
          accept: "application/json",
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw new Fault("unavailable", "the database server gave no answer", {}, error);
    } finally {
      clearTimeout(timer);
    }
    const fault = faultOfAnswer(answer);
    if (fault) {
      await answer.body?.cancel();
      if (fault.code === "forbidden") throw noSuchDatabase();
      if (fault.code === "too_large") throw fault;
      // The door has taken this token: that CouchDB does not is the hub's trouble, and passes.
      throw new Fault("unavailable", NOT_NOW, {}, fault);
    }
    if (answer.status === 400) {
      const { reason = "" } = (await answer.json()) as { reason?: string };
      if (TOKEN_REFUSED.test(reason)) throw new Fault("unavailable", NOT_NOW);
      throw new Fault("invalid", reason);
    }
    if (answer.status === 404) {
      const { reason = "missing" } = (await answer.json()) as { reason?: string };
      if (reason === "missing" || reason === "deleted") throw missingDocument(reason);
      throw noSuchDatabase();
    }
    return answer;
  }

  const through = (answer: Response, body: ReadableStream<Uint8Array> | null = answer.body) =>
    new Response(body, { status: answer.status, headers: { "content-type": "application/json" } });

  /** One writer after the other per database, so that of two with the same name the second sees the first. */
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

  async function bulkDocs(admitted: Admitted): Promise<Response> {
    const { name, gateway } = admitted;
    const { docs, new_edits: newEdits } = askedBulkDocs(admitted.body);
    const userCtx = { db: name, name: gateway.gatewayId, roles: [] };
    const ids = docs.flatMap((doc) => (isDocument(doc) ? [doc._id] : []));
    const standing = await upstream(admitted, "POST", "/_all_docs", {
      body: { keys: [...new Set(ids)] },
    });
    const { rows } = (await standing.json()) as { rows: Row[] };
    const stands = new Map(
      rows.flatMap(({ key, value }) => (value ? [[key, value.rev] as const] : [])),
    );
    const refused: { id: string; rev?: string; error: string; reason: string }[] = [];
    const refuse = (id: string, rev: string | undefined, reason: string) => {
      refused.push({ id, ...(rev !== undefined && { rev }), error: "forbidden", reason });
      return false;
    };
    const taken = docs.filter((doc) => {
      if (!isDocument(doc)) return refuse("", undefined, "not a document with an _id");
      const { _id: id, _rev: rev } = doc;
      const misshapen = malformed(doc, newEdits);
      if (misshapen) return refuse(id, undefined, misshapen);
      const stood = stands.get(id);
      // The same revision again is no edit; a new edit that does not know what stands is a conflict, says CouchDB.
      if (stood !== undefined && (newEdits ? rev !== stood : rev === stood)) return true;
      const old = stood === undefined ? null : { _id: id, _rev: stood };
      const reason = whyForbidden(newEdits ? doc : withHistory(doc), old, userCtx);
      if (reason !== undefined) return refuse(id, rev, reason);
      stands.set(id, rev ?? "");
      return true;
    });
    let written: { ok?: boolean; error?: string }[] = [];
    if (taken.length > 0) {
      const answer = await upstream(admitted, "POST", "/_bulk_docs", {
        body: { docs: taken, new_edits: newEdits },
      });
      written = (await answer.json()) as typeof written;
      if (!Array.isArray(written))
        throw new Fault("invalid", "the database server refused the documents' form");
    }
    const failed = written.filter((one) => one.error !== undefined);
    const denied = refused.length + failed.filter((one) => one.error === "forbidden").length;
    if (denied > 0) gate.tally?.refused("replication_denied", denied);
    if (taken.length > failed.length) gate.onWritten?.(name);
    return json(201, [...written, ...refused]);
  }

  async function changes(admitted: Admitted): Promise<Response> {
    const { method, query, body, gateway } = admitted;
    const lifeMs = Math.max(1, Math.min(FEED_LIFE_MS, gateway.expMs - clock.now()));
    const maxWaitMs = Math.max(1, lifeMs - FEED_GRACE_MS);
    const asked = askedFeed(query, method, body, maxWaitMs);
    const ids = asked.docIds && { body: { doc_ids: asked.docIds } };
    const passed = new URLSearchParams({
      since: asked.since,
      limit: String(asked.limit),
      style: asked.style,
      include_docs: String(asked.includeDocs),
      ...(asked.docIds && { filter: "_doc_ids" }),
      // Without a heartbeat CouchDB ends the feed by itself after this; with one it may never.
      ...(asked.isLongpoll && { feed: "longpoll", timeout: String(asked.waitMs) }),
    });
    if (!asked.isLongpoll)
      return through(
        await upstream(admitted, method, "/_changes", { query: passed, ...ids, lifeMs }),
      );
    const feed = new AbortController();
    feeds.add(feed);
    const ended = () => void feeds.delete(feed);
    try {
      const signal = AbortSignal.any([admitted.signal, feed.signal]);
      // A cluster may keep even the head of its answer until there is a change.
      const how = { query: passed, ...ids, lifeMs, silentMs: lifeMs };
      const answer = await upstream({ ...admitted, signal }, method, "/_changes", how);
      if (answer.body) return through(answer, fed(answer.body, asked.heartbeatMs, ended));
      throw new Fault("unavailable", "the database server gave no feed");
    } catch (error) {
      ended();
      throw error;
    }
  }

  async function serve(admitted: Admitted): Promise<Response> {
    const { operation, method, id, query, body } = admitted;
    const doc = `/${encodeURIComponent(id)}`;
    switch (operation) {
      case "info":
        return through(await upstream(admitted, "GET", ""));
      case "create":
        await (await upstream(admitted, "GET", "")).body?.cancel();
        return json(412, { error: "file_exists", reason: "The database is there already." });
      case "getLocal":
        return through(await upstream(admitted, "GET", `/_local${doc}`));
      case "putLocal":
        return through(
          await upstream(admitted, "PUT", `/_local${doc}`, { body: askedCheckpoint(body) }),
        );
      case "revsDiff":
        return through(
          await upstream(admitted, "POST", "/_revs_diff", { body: askedRevsDiff(body) }),
        );
      case "bulkDocs":
        return inTurn(admitted.name, () => bulkDocs(admitted));
      case "bulkGet":
        return through(
          await upstream(admitted, "POST", "/_bulk_get", { body: askedBulkGet(body), query }),
        );
      case "changes":
        return changes(admitted);
      case "allDocs":
        askedRows(query, method, body);
        return through(
          await upstream(admitted, method, "/_all_docs", {
            query,
            ...(method === "POST" && { body: { keys: body.keys } }),
          }),
        );
      case "get":
        askedDoc(query);
        return through(await upstream(admitted, "GET", doc, { query }));
      default:
        throw noSuchDatabase();
    }
  }

  return {
    serve,
    /** Ends the feeds that are open. */
    close() {
      for (const feed of feeds) feed.abort();
    },
  };
}

/**
 * A feed as it comes, with a newline every so often while CouchDB says nothing, and only where JSON
 * allows one. `ended` is called once, however it ends.
 */
function fed(
  body: ReadableStream<Uint8Array>,
  everyMs: number | undefined,
  ended: () => void,
): ReadableStream<Uint8Array> {
  const newline = new TextEncoder().encode("\n");
  const reader = body.getReader();
  let isBetween = true;
  let timer: NodeJS.Timeout | undefined;
  const end = () => {
    clearInterval(timer);
    ended();
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      if (everyMs === undefined) return;
      timer = setInterval(() => {
        if (isBetween) controller.enqueue(newline);
      }, everyMs);
    },
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          end();
          controller.close();
          return;
        }
        // CouchDB ends its lines between two tokens, and no JSON text holds a bare line end.
        isBetween = value.at(-1) === newline[0];
        controller.enqueue(value);
      } catch (error) {
        end();
        controller.error(error);
      }
    },
    async cancel(reason) {
      end();
      await reader.cancel(reason);
    },
  });
}
