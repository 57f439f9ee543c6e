/**
 * `session-store`: sessions in `local`, written in groups with one sync each.
 *
 * Two ways to write. `save` is for what must be durable before it is used: nonces, new sessions,
 * blocks of downlink counters. `saveLater` is for uplink counters: they reach the disk within a
 * second or 200 frames. After a crash they lag, which doubles nothing: the inbox knows every
 * uplink by device, session, counter and bytes, and calls a frame that comes again a repeat.
 *
 * One write is under way at a time; what comes meanwhile goes with the next.
 */
import type { Database, Doc } from "#shared/couch/database.ts";
import { Fault } from "#shared/model/fault.ts";
import type { Clock } from "#shared/model/clock.ts";
import type { Log } from "../log.ts";
import { SessionRecord, sessionDocId } from "./session.ts";

/** The longest an uplink counter waits for the disk, ms. */
export const LAZY_MS = 1000;
/** The most of them that wait. */
const LAZY_FRAMES = 200;
/** Documents read at a time when it starts. */
const PAGE = 500;

export interface SessionStore {
  /** Reads all. A document that cannot be read is logged and left out: its device has to join again. */
  load(): Promise<SessionRecord[]>;
  /** Resolves when durable. @throws Fault "unavailable": it may be durable or not, so do not use it */
  save(record: SessionRecord): Promise<void>;
  /** Durable within a second when the disk works; tried again for as long as it does not. */
  saveLater(record: SessionRecord): void;
  /** Writes what waits. */
  flush(): Promise<void>;
}

interface Waiting {
  record: SessionRecord;
  /** The newest record that nobody waits for, when there is one. */
  lazy: SessionRecord | undefined;
  readonly settle: { resolve(): void; reject(error: unknown): void }[];
}

export function sessionStore(options: {
  local: Database;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}): SessionStore {
  const { local, clock, log, signal } = options;
  const revisions = new Map<string, string>();
  let waiting = new Map<string, Waiting>();
  let lazyFrames = 0;
  let isTimed = false;
  let writing: Promise<void> | undefined;

  const enqueue = (record: SessionRecord): Waiting => {
    const id = sessionDocId(record.devEui);
    const entry = waiting.get(id) ?? { record, lazy: undefined, settle: [] };
    entry.record = record;
    waiting.set(id, entry);
    return entry;
  };

  async function writeOnce(): Promise<void> {
    const group = waiting;
    waiting = new Map();
    lazyFrames = 0;
    const docs = [...group].map(([_id, { record }]): Doc => {
      const _rev = revisions.get(_id);
      return { ...record, _id, ...(_rev === undefined ? {} : { _rev }) };
    });
    let failure: unknown;
    const outcomes = await local.bulk(docs).catch((error: unknown) => {
      failure = error;
      return [];
    });
    for (const [index, [id, entry]] of [...group].entries()) {
      const outcome = outcomes[index];
      if (outcome?.ok) {
        revisions.set(id, outcome.rev);
        for (const { resolve } of entry.settle) resolve();
        continue;
      }
      if (outcome?.reason === "conflict") await learnRevision(id);
      const error = new Fault(
        "unavailable",
        `the session could not be written: ${outcome?.message ?? String(failure)}`,
        {},
        failure,
      );
      log.error({ id, reason: error.message }, "a LoRaWAN session could not be written");
      for (const { reject } of entry.settle) reject(error);
      // A record whose `save` failed is not tried again: its caller was told that it does not hold.
      if (entry.lazy !== undefined && !waiting.has(id)) {
        waiting.set(id, { record: entry.lazy, lazy: entry.lazy, settle: [] });
        timed();
      }
    }
  }

  /** A write whose answer was lost leaves a revision this process does not know: it alone writes here, so take it. */
  async function learnRevision(id: string): Promise<void> {
    const stored = await local.get(id).catch(() => undefined);
    if (stored?._rev !== undefined) revisions.set(id, stored._rev);
    else revisions.delete(id);
  }

  function write(): Promise<void> {
    writing ??= (async () => {
      try {
        // Lets everybody who is ready now go with this group.
        await Promise.resolve();
        await writeOnce();
      } finally {
        writing = undefined;
        if ([...waiting.values()].some(({ settle }) => settle.length > 0)) void write();
      }
    })();
    return writing;
  }

  function timed(): void {
    if (isTimed || signal.aborted) return;
    isTimed = true;
    void clock.sleep(LAZY_MS, signal).then(() => {
      isTimed = false;
      return waiting.size > 0 ? write() : undefined;
    });
  }

  return {
    async load() {
      const records: SessionRecord[] = [];
      let from = sessionDocId("");
      for (;;) {
        const page = await local.list({ from, to: `${sessionDocId("")}\uffff`, limit: PAGE });
        for (const { _id, _rev, ...rest } of page) {
          if (_rev !== undefined) revisions.set(_id, _rev);
          const read = SessionRecord.safeParse(rest);
          if (read.success) records.push(read.data);
          else
            log.error(
              { id: _id },
              "a LoRaWAN session could not be read: its device has to join again",
            );
        }
        const last = page.at(-1);
        if (last === undefined || page.length < PAGE) return records;
        from = `${last._id}\u0000`;
      }
    },
    save: (record) =>
      new Promise((resolve, reject) => {
        enqueue(record).settle.push({ resolve, reject });
        void write();
      }),
    saveLater(record) {
      enqueue(record).lazy = record;
      lazyFrames += 1;
      if (lazyFrames >= LAZY_FRAMES) void write();
      else timed();
    },
    async flush() {
      while (writing) await writing;
      if (waiting.size > 0) await write();
    },
  };
}
