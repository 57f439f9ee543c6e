/**
 * `sealer`: turns what lies in the inbox into segments, in the order kept, without holes.
 *
 * A segment is written when 200 uplinks wait, or the oldest has waited long enough: a short while
 * when the hub listens, longer when it does not, since small segments are dear on disk and wire.
 * The segment is its own commit record; after a cut the inbox is read again from its end.
 */
import type { Databases, Doc } from "#shared/couch/database.ts";
import type { Clock } from "#shared/model/clock.ts";
import { databaseName, monthOf } from "#shared/model/database-names.ts";
import type { Epoch, TenantName, WriterId } from "#shared/model/ids.ts";
import { parseSegmentId, SEGMENT_UPLINKS, type SegmentDoc } from "#shared/model/segment.ts";
import { packSegment } from "#shared/series/segment.ts";
import { chainEnd, startsOf, type ChainEnd } from "./chain.ts";
import type { InboxEntry } from "./inbox.ts";

export interface SealerOptions {
  readonly databases: Databases;
  readonly clock: Clock;
  readonly writer: WriterId;
  readonly epoch: Epoch;
  /** How long the oldest may wait, ms; asked each time. */
  readonly patienceMs: () => number;
  /**
   * Uplinks up to this place were heard in an earlier epoch and are sealed as its: their times are put
   * right by its correction and not by this one's.
   */
  readonly before?: { readonly n: number; readonly epoch: Epoch } | undefined;
  /** The newest segment that is known to be somewhere, where what is here lost its end. */
  readonly knownEnd?: (tenant: TenantName) => ChainEnd | undefined;
  readonly onSealed: (tenant: TenantName, segment: SegmentDoc) => void;
  readonly log: { warn(about: object, message: string): void };
}

export interface Sealer {
  /** Says where a community's chain ends; to be called before its first `add`. */
  resume(tenant: TenantName): Promise<ChainEnd | undefined>;
  /** Takes what is durable in the inbox; in order. What is sealed already is passed over. */
  add(entry: InboxEntry): void;
  /** Seals all that waits. @throws what the store throws; what was not sealed waits on */
  sealAll(): Promise<void>;
  /** Runs until the signal aborts, then seals what is left. */
  run(signal: AbortSignal): Promise<void>;
  /** Uplinks waiting to be sealed, of one community or all. */
  waiting(tenant?: TenantName): number;
  ends(): ReadonlyMap<TenantName, ChainEnd | undefined>;
  /** The community was erased: what waits of it is not sealed any more. */
  forget(tenant: TenantName): void;
  /** The inbox day of the oldest that waits; undefined when none does. */
  oldestDay(): string | undefined;
  /** Whether the last attempt failed. */
  isStuck(): boolean;
  /** The last inbox place before the first one that waits; `lastN` when none waits. */
  sealedUpTo(lastN: number): number;
}

interface Written {
  readonly segment: SegmentDoc;
  readonly month: string;
}

interface Queue {
  end: ChainEnd | undefined;
  entries: InboxEntry[];
  /** When the oldest waiting one was added. */
  sinceMs: number;
  /** Its write failed: it may be on the disk all the same. */
  uncertain: Written | undefined;
}

/** After a failure of the store. */
const RETRY_MS = 2_000;
/** Patience shrinks when the hub comes back: nobody sleeps through that for long. */
const LOOK_AGAIN_MS = 10_000;

export function sealer({
  databases,
  clock,
  writer,
  epoch: present,
  before,
  patienceMs,
  knownEnd = () => undefined,
  onSealed,
  log,
}: SealerOptions): Sealer {
  const queues = new Map<TenantName, Queue>();
  const forgotten = new Set<TenantName>();
  let wake = new AbortController();
  let sealing: Promise<void> = Promise.resolve();
  let isStuck = false;

  const epochOf = (entry: InboxEntry | undefined) =>
    entry && before && entry.n <= before.n ? before.epoch : present;
  const queueOf = (tenant: TenantName) => {
    const queue = queues.get(tenant);
    if (!queue) throw new Error(`the chain of ${tenant} was not resumed before its first uplink`);
    return queue;
  };

  const isWritten = (tenant: TenantName, queue: Queue, { segment, month }: Written) => {
    queue.uncertain = undefined;
    queue.entries.splice(0, queue.entries.filter(({ n }) => n <= segment.inbox.to).length);
    queue.end = {
      id: segment._id,
      digest: segment.digest,
      sealedN: segment.inbox.to,
      uplinks: segment.before + segment.count,
      starts: startsOf(segment.epoch),
      month,
    };
    queue.sinceMs = clock.now();
    onSealed(tenant, segment);
  };

  /**
   * Asks the disk after a write of which nobody knows how it ended. For that segment by its name: the chain
   * may have another end, where two lives of a machine met.
   */
  const settleUncertain = async (tenant: TenantName, queue: Queue) => {
    const { uncertain } = queue;
    if (!uncertain) return;
    const database = await databases.open(databaseName.tele(tenant, uncertain.month));
    const there = await database.get<SegmentDoc & Doc>(uncertain.segment._id);
    if (there?.digest === uncertain.segment.digest) isWritten(tenant, queue, uncertain);
    else queue.uncertain = undefined;
  };

  const sealOne = async (tenant: TenantName, queue: Queue) => {
    await settleUncertain(tenant, queue);
    // A segment is of one inbox day: what a day holds can be compared with its counts.
    const day = queue.entries[0]?.day;
    const epoch = epochOf(queue.entries[0]);
    const next = queue.entries.slice(0, SEGMENT_UPLINKS);
    const cut = next.findIndex((entry) => entry.day !== day || epochOf(entry) !== epoch);
    const entries = cut < 0 ? next : next.slice(0, cut);
    const [first, last] = [entries[0], entries.at(-1)];
    if (!first || !last) return;
    // Never an older month than the last one: a clock that stepped back must not open a closed month.
    const month = [queue.end?.month ?? "", monthOf(clock.now())].toSorted().at(-1) as string;
    const segment = packSegment(
      {
        writer,
        epoch,
        seq: seqAfter(queue.end, epoch),
        prev: queue.end ? { id: queue.end.id, digest: queue.end.digest } : null,
        before: queue.end?.uplinks ?? 0,
        inbox: { from: first.n, to: last.n },
        day,
      },
      entries.map(({ uplink }) => uplink),
    );
    const database = await databases.open(databaseName.tele(tenant, month));
    queue.uncertain = { segment, month };
    await database.put(segment);
    isWritten(tenant, queue, queue.uncertain);
  };

  const seal = (isDue: (queue: Queue) => boolean) => {
    const round = async () => {
      let failure: { readonly error: unknown } | undefined;
      for (const [tenant, queue] of queues)
        try {
          while (queue.entries.length > 0 && isDue(queue)) await sealOne(tenant, queue);
        } catch (error) {
          // The other communities' databases may be well.
          failure ??= { error };
        }
      isStuck = failure !== undefined;
      if (failure) throw failure.error;
    };
    // One at a time, also after a failure: the chain has one end.
    sealing = sealing.then(round, round);
    return sealing;
  };
  const isFull = ({ entries }: Queue) => entries.length >= SEGMENT_UPLINKS;
  const isDue = (queue: Queue) => {
    const ageMs = clock.now() - queue.sinceMs;
    // Younger than nothing: the clock stepped back, and nobody knows how long it has waited.
    return isFull(queue) || ageMs >= patienceMs() || ageMs < 0;
  };

  return {
    async resume(tenant) {
      const queue = queues.get(tenant);
      if (queue) return queue.end;
      const [here, known] = [await chainEnd(databases, tenant, writer), knownEnd(tenant)];
      const end = known && known.uplinks > (here?.uplinks ?? 0) ? known : here;
      const raced = queues.get(tenant);
      if (raced) return raced.end;
      queues.set(tenant, { end, entries: [], sinceMs: clock.now(), uncertain: undefined });
      return end;
    },
    add(entry) {
      // Kept just when its community went.
      if (forgotten.has(entry.tenant)) return;
      const queue = queueOf(entry.tenant);
      if (entry.n <= Math.max(queue.end?.sealedN ?? 0, queue.entries.at(-1)?.n ?? 0)) return;
      if (queue.entries.length === 0) queue.sinceMs = clock.now();
      queue.entries.push(entry);
      if (isFull(queue)) wake.abort();
    },
    sealAll: () => seal(() => true),
    async run(signal) {
      // One signal to sleep on: joining a new one with the process's own at each turn is never freed.
      signal.addEventListener("abort", () => wake.abort(), { once: true });
      while (!signal.aborted) {
        try {
          await seal(isDue);
          const oldest = Math.min(
            ...[...queues.values()]
              .filter(({ entries }) => entries.length > 0)
              .map(({ sinceMs }) => sinceMs),
          );
          const untilDueMs = Number.isFinite(oldest)
            ? oldest + patienceMs() - clock.now()
            : patienceMs();
          // A step of the clock must not put sealing off: never wait longer than patience.
          await clock.sleep(
            Math.min(Math.max(untilDueMs, 10), patienceMs(), LOOK_AGAIN_MS),
            wake.signal,
          );
        } catch (error) {
          log.warn({ error }, "a segment could not be written; it is tried again");
          await clock.sleep(RETRY_MS, signal);
        }
        if (wake.signal.aborted) wake = new AbortController();
      }
      await seal(() => true);
    },
    waiting(tenant) {
      const asked = tenant === undefined ? [...queues.values()] : [queues.get(tenant)];
      return asked.reduce((sum, queue) => sum + (queue?.entries.length ?? 0), 0);
    },
    oldestDay: () => [...queues.values()].flatMap(({ entries }) => entries[0]?.day ?? []).sort()[0],
    isStuck: () => isStuck,
    forget(tenant) {
      forgotten.add(tenant);
      queues.delete(tenant);
    },
    ends: () => new Map([...queues].map(([tenant, { end }]) => [tenant, end])),
    sealedUpTo(lastN) {
      const waiting = [...queues.values()].flatMap(({ entries }) => entries[0]?.n ?? []);
      return waiting.length === 0 ? lastN : Math.min(...waiting) - 1;
    },
  };
}

/** The place behind a segment, or the first one of another epoch. */
function seqAfter(end: ChainEnd | undefined, epoch: Epoch): number {
  const place = end && parseSegmentId(end.id);
  return place?.epoch === epoch ? place.seq + 1 : 0;
}
