/**
 * `replicate`: brings one local database and the hub's database of the same name together, once.
 *
 * One-shot, so that whoever supervises decides when to try again. It always ends: each request has
 * its time, and the first answer that cannot be got over ends all. PouchDB's own way through errors
 * is not trusted: it calls refused documents a success and may wait for ever.
 */
import PouchDB, { type Replication, type ReplicationResult } from "pouchdb";
import { Fault, isFault } from "#shared/model/fault.ts";
import { ask, type AskOptions, type Fetch } from "./answer.ts";
import { checkDatabaseName } from "./document-rules.ts";
import type { LocalDatabases } from "./leveldb.ts";

export interface ReplicateOptions {
  readonly local: LocalDatabases;
  /** The database's name on both sides; it has to be there on both. */
  readonly name: string;
  /** The hub's `/sync`, without the database's name and without credentials. */
  readonly url: string;
  /** The bearer token, asked for before each request. What it throws ends the replication. */
  readonly token: () => Promise<string>;
  /** "push" = to the hub, "pull" = from the hub. */
  readonly direction: "push" | "pull";
  /** Documents per batch, default 100. After a Fault "too_large" a smaller one may get through. */
  readonly batchSize?: number;
  /** Longest time for one request, default 30 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Called after each batch that arrived, with the documents written so far. */
  readonly onProgress?: (docsWritten: number) => void;
  readonly fetch?: Fetch;
}

export interface Replicated {
  readonly docsWritten: number;
  /** Ids the other side refused. They are not offered again: who calls must count and tell them. */
  readonly denied: readonly string[];
}

/**
 * @throws Fault "unauthorized" | "forbidden" | "too_large" | "too_many" | "unavailable" | "not_found"
 * (no such local database), whatever arrived before stays
 */
export async function replicateOnce(options: ReplicateOptions): Promise<Replicated> {
  checkDatabaseName(options.name);
  const done = await options.local.borrow(options.name, (pouch) => replicateWith(pouch, options));
  if (!done) throw new Fault("not_found", `there is no local database ${options.name}`);
  return done;
}

async function replicateWith(pouch: PouchDB, options: ReplicateOptions): Promise<Replicated> {
  const { local, name, direction, batchSize = 100, signal, onProgress } = options;
  const stop = new AbortController();
  let fatal: Fault | undefined;
  const giveUp = (fault: Fault) => {
    fatal ??= fault;
    stop.abort();
  };
  const away = () => giveUp(new Fault("unavailable", "the replication was called off"));
  if (signal?.aborted) away();
  signal?.addEventListener("abort", away, { once: true });

  const { pouch: farPouch, remote } = remotePouch(options, stop.signal, giveUp);
  const near = facade(pouch, { info: calmInfo(name) });
  const [source, target] = direction === "push" ? [near, remote] : [remote, near];
  const denied = new Set<string>();
  let docsWritten = 0;
  const running = PouchDB.replicate(source, target, { batch_size: batchSize, batches_limit: 2 });
  const cancel = () => running.cancel();
  stop.signal.addEventListener("abort", cancel, { once: true });
  if (stop.signal.aborted) cancel();
  running.on("denied", (error: { id?: string; docId?: string }) =>
    denied.add(error.id ?? error.docId ?? "unknown"),
  );
  running.on("change", (result: { docs_written: number }) => {
    docsWritten = result.docs_written;
    if (direction === "pull") local.bell.ring(name);
    onProgress?.(docsWritten);
  });
  try {
    const result = await settled(running, stop.signal);
    if (fatal) throw fatal;
    return { docsWritten: result?.docs_written ?? docsWritten, denied: [...denied] };
  } catch (error) {
    if (fatal) throw fatal;
    throw stumbled(error, name);
  } finally {
    signal?.removeEventListener("abort", away);
    stop.signal.removeEventListener("abort", cancel);
    stop.abort();
    await farPouch.close().catch(() => {});
    // Reads wait in PouchDB's queue behind what is still being written: then the handle may be closed.
    await pouch.allDocs({ limit: 1 }).catch(() => {});
    if (direction === "pull") local.bell.ring(name);
  }
}

const messageOf = (error: unknown) =>
  (error as { message?: string } | undefined)?.message ?? String(error);

/** What PouchDB itself did not get over: an answer it did not understand, or the local database. */
function stumbled(error: unknown, name: string): Fault {
  if (isFault(error)) return error;
  if ((error as { status?: number }).status === 404)
    return new Fault("not_found", `the hub has no database ${name}`, {}, error);
  return new Fault(
    "unavailable",
    `the replication of ${name} broke off: ${messageOf(error)}`,
    {},
    error,
  );
}

/** The end of a replication, or undefined soon after it was called off. */
async function settled(running: Replication, off: AbortSignal) {
  return new Promise<ReplicationResult | undefined>((resolve, reject) => {
    // A cancelled replication does not always say so: it is not waited for.
    const leave = () => setImmediate(resolve, undefined);
    if (off.aborted) leave();
    off.addEventListener("abort", leave, { once: true });
    void running.then(resolve, reject);
  });
}

/**
 * A PouchDB of its own over the same handle, some methods replaced. It has its own listeners, so
 * that a replication leaves none behind on a handle that is kept.
 */
function facade(pouch: PouchDB, replaced: Record<string, unknown>): PouchDB {
  return Object.assign(
    Object.create(pouch) as PouchDB,
    { _events: Object.create(null), _eventsCount: 0 },
    replaced,
  );
}

/** PouchDB asks it for a progress bar only, and a failure there would be nobody's: an unhandled rejection. */
const calmInfo = (name: string) => async () => ({ db_name: name, doc_count: 0, update_seq: 0 });

function remotePouch(options: ReplicateOptions, off: AbortSignal, giveUp: (fault: Fault) => void) {
  const { name, token, timeoutMs = 30_000, fetch } = options;
  const url = `${options.url.replace(/\/+$/, "")}/${name}`;
  const askOptions: AskOptions = {
    timeoutMs,
    signal: off,
    headers: async () => ({ authorization: `Bearer ${await token()}` }),
    ...(fetch && { fetch }),
  };
  const asked = async (method: string, address: string, body?: string) => {
    try {
      const answer = await ask({ method, url: address, body }, askOptions);
      // Read here, within the request's time: PouchDB would read it without a limit.
      return { status: answer.status, text: await answer.text() };
    } catch (error) {
      const fault = isFault(error) ? error : new Fault("unavailable", messageOf(error), {}, error);
      giveUp(fault);
      throw fault;
    }
  };
  const pouch = new PouchDB(url, {
    skip_setup: true,
    fetch: async (address: string, init: { method?: string; body?: string } = {}) => {
      const { status, text } = await asked(init.method ?? "GET", address, init.body);
      return new Response(text, { status, headers: { "content-type": "application/json" } });
    },
  });
  const remote = facade(pouch, {
    info: calmInfo(name),
    /** A part of the checkpoint's name: the hub may move to another address and stays the same. */
    id: async () => name,
    /** PouchDB would remember one failure for ever and ask document by document from then on. */
    bulkGet: async ({ docs }: { docs: object[] }) => {
      const { status, text } = await asked(
        "POST",
        `${url}/_bulk_get?revs=true&latest=true`,
        JSON.stringify({ docs }),
      );
      if (status !== 200) throw new Fault("unavailable", `the hub answered ${status} to _bulk_get`);
      return JSON.parse(text) as unknown;
    },
  });
  return { pouch, remote };
}
