/**
 * `replicate`: brings one local database and the hub's database of the same name together, once.
 *
 * One-shot, so that whoever supervises decides when to try again. It always ends: each request has
 * its time, and the first answer that cannot be got over ends all. PouchDB's own way through errors
 * is not trusted: it calls refused documents a success and may wait for ever.
 */
import PouchDB, { type Replication, type ReplicationResult } from "pouchdb";
import { type Clock, systemClock } from "#shared/model/clock.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { Fetch } from "./answer.ts";
import { checkDatabaseName } from "./document-rules.ts";
import type { LocalDatabases } from "./leveldb.ts";
import { calmInfo, facade, remotePouch } from "./remote-pouch.ts";

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
  /** Forgets how far it came before and compares everything: finds what an earlier one passed over. */
  readonly isFromTheStart?: boolean;
  /** Documents per batch, default 100. After a Fault "too_large" a smaller one may get through. */
  readonly batchSize?: number;
  /** Longest time for one request, default 30 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Called after each batch that arrived, with the documents written so far. */
  readonly onProgress?: (docsWritten: number) => void;
  readonly fetch?: Fetch;
  readonly clock?: Clock;
}

const DEFAULT_TIMEOUT_MS = 30_000;

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
  const { clock = systemClock, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const stop = new AbortController();
  let fatal: Fault | undefined;
  const giveUp = (fault: Fault) => {
    fatal ??= fault;
    stop.abort();
  };
  const away = () => giveUp(new Fault("unavailable", "the replication was called off"));
  if (signal?.aborted) away();
  signal?.addEventListener("abort", away, { once: true });

  const stillness = watchStillness(clock, 2 * timeoutMs, stop.signal, giveUp);
  const { pouch: farPouch, remote } = remotePouch({
    name,
    url: options.url,
    token: options.token,
    timeoutMs,
    fetch: options.fetch,
    off: stop.signal,
    moved: stillness.moved,
    giveUp,
  });
  const near = facade(pouch, { info: calmInfo(name) });
  const [source, target] = direction === "push" ? [near, remote] : [remote, near];
  const denied = new Set<string>();
  let docsWritten = 0;
  const running = PouchDB.replicate(source, target, {
    batch_size: batchSize,
    batches_limit: 2,
    ...(options.isFromTheStart ? { since: 0, checkpoint: false } : {}),
  });
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
 * Ends a replication that has nothing on its way and says nothing: PouchDB loses the thread over some
 * answers. It counts waits and reads no clock, because a gateway's clock jumps.
 */
function watchStillness(
  clock: Clock,
  ms: number,
  off: AbortSignal,
  giveUp: (fault: Fault) => void,
) {
  let moves = 0;
  const watch = async () => {
    for (let seen = -1; seen !== moves && !off.aborted;) {
      seen = moves;
      await clock.sleep(ms, off);
    }
    giveUp(new Fault("unavailable", "the replication came to a standstill", { timeoutMs: ms }));
  };
  void watch();
  return { moved: () => void (moves += 1) };
}
