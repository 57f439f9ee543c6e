/**
 * `rollup-worker`: follows a community's segments and keeps its rollup in step, for ever.
 *
 * The same on the gateway and on the hub. It takes as many segments at once as there are, up to a
 * bound, so that catching up writes each device and day once; a segment that is damaged is counted
 * and passed over, the others go on.
 */
import type { Clock } from "#shared/model/clock.ts";
import { Fault } from "#shared/model/fault.ts";
import type { TenantName } from "#shared/model/ids.ts";
import type { KeptUplink } from "#shared/model/kept-uplink.ts";
import type { Redecoder } from "#shared/model/redecoder.ts";
import type { Tally } from "#shared/model/refusals.ts";
import { parseSegmentId, type SegmentDoc } from "#shared/model/segment.ts";
import { breathe } from "./breathe.ts";
import { isRolledUp, positionsOf, rollUp, type OpenSegment } from "./rollup.ts";
import { addSeqs, type Runs } from "./runs.ts";
import { unpackSegment } from "./segment.ts";
import type { SeriesStore, StoredDoc } from "./series-store.ts";

/** A month of segments. `Database` of `shared/couch` fits it. */
export interface SegmentSource {
  readonly name: string;
  getMany<T extends StoredDoc>(ids: readonly string[]): Promise<T[]>;
  changes(options: {
    since: string | number;
    limit: number;
    waitMs?: number;
    signal?: AbortSignal;
  }): Promise<{
    changes: readonly { readonly id: string }[];
    lastSeq: string | number;
  }>;
}

export interface RollupWorkerOptions {
  readonly tenant: TenantName;
  /** The open months, oldest first; asked again on every round. */
  readonly teleDatabases: () => Promise<readonly SegmentSource[]>;
  readonly roll: SeriesStore;
  /** Says what the uplinks mean today; without one they mean what was made of them when they were heard. */
  readonly redecoder?: Redecoder;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly signal: AbortSignal;
  /** After each batch is in the rollup: what it was made of. */
  readonly onRolledUp?: (
    uplinks: readonly KeptUplink[],
    counts: { segments: number; readings: number; days: number },
  ) => void;
  readonly log: { warn(about: object, message: string): void };
}

/** Segments taken at once: 80,000 uplinks at most, some 60 MB while they are merged. */
const BATCH_SEGMENTS = 400;
/** Read at once: one whose writer lies may be as large as the hub takes, 8 MB. */
const READ_SEGMENTS = 20;
/** Uplinks, readings and values rolled up at once: more than a batch of honest segments has. */
const MOST_AT_ONCE = 1_000_000;
/** How long one waits for news before the list of months is looked at again. */
const WAIT_MS = 20_000;
/** Gives a burst time to come together, so that a day is not written for every segment. */
const GATHER_MS = 1_000;
/** After a failure of the store. */
const RETRY_MS = 2_000;

export interface RollupWorker {
  /** Settles when the signal aborted and the last batch is written. */
  readonly done: Promise<void>;
  /** Resolves when all that stood in the databases at this moment is in the rollup. */
  caughtUp(): Promise<void>;
}

export function rollupWorker(options: RollupWorkerOptions): RollupWorker {
  const { tenant, teleDatabases, roll, redecoder, clock, tally, signal, log } = options;
  const since = new Map<string, string | number>();
  const damaged = new Set<string>();
  let positions: Map<string, Runs> | undefined;
  let waiters: { round: number; resolve: () => void }[] = [];
  let round = 0;
  let nap = new AbortController();

  /** Rolls up what one month has news of; true when there may be more. */
  const takeFrom = async (source: SegmentSource): Promise<boolean> => {
    const { changes, lastSeq } = await source.changes({
      since: since.get(source.name) ?? 0,
      limit: BATCH_SEGMENTS,
    });
    positions ??= await positionsOf(roll, tenant);
    const wanted = changes
      .map(({ id }) => id)
      .filter((id) => {
        const place = parseSegmentId(id);
        return (
          place &&
          !damaged.has(id) &&
          !isRolledUp(positions as Map<string, Runs>, place.writer, place.epoch, place.seq)
        );
      });
    await absorb(source, wanted);
    since.set(source.name, lastSeq);
    return changes.length === BATCH_SEGMENTS;
  };

  const absorb = async (source: SegmentSource, ids: readonly string[]) => {
    let open: OpenSegment[] = [];
    let size = 0;
    for (let from = 0; from < ids.length; from += READ_SEGMENTS) {
      const some = ids.slice(from, from + READ_SEGMENTS);
      for (const doc of await source.getMany<SegmentDoc & StoredDoc>(some)) {
        await breathe();
        const segment = openedOrCounted(doc);
        if (!segment) continue;
        const uplinks = await redecoder?.again(tenant, segment.uplinks);
        open.push(uplinks ? { ...segment, uplinks } : segment);
        size += sizeOf(segment);
        if (size < MOST_AT_ONCE) continue;
        await keep(open);
        [open, size] = [[], 0];
      }
    }
    await keep(open);
  };

  const openedOrCounted = (doc: SegmentDoc & StoredDoc): OpenSegment | undefined => {
    try {
      return opened(doc);
    } catch (error) {
      damaged.add(doc._id);
      tally.refused("segment_damaged");
      log.warn({ segment: doc._id, error }, "a segment is damaged and was passed over");
      return undefined;
    }
  };

  const keep = async (open: readonly OpenSegment[]) => {
    if (open.length === 0) return;
    const counts = await rollUp(roll, tenant, open);
    for (const { writer, epoch, seq } of open) {
      const key = `${writer}:${epoch}`;
      positions?.set(key, addSeqs(positions.get(key) ?? [], [seq]));
    }
    options.onRolledUp?.(
      open.flatMap(({ uplinks }) => uplinks),
      { segments: open.length, ...counts },
    );
  };

  const oneRound = async () => {
    const started = round++;
    const sources = await teleDatabases();
    for (const source of sources) while (!signal.aborted && (await takeFrom(source)));
    for (const waiter of waiters.filter((one) => one.round <= started)) waiter.resolve();
    waiters = waiters.filter((one) => one.round > started);
    if (signal.aborted || waiters.length > 0) return;
    nap = new AbortController();
    // The newest one may be of a month that has not begun.
    await waitForNews(sources.slice(-2), nap.signal);
  };

  const waitForNews = async (newest: readonly SegmentSource[], either: AbortSignal) => {
    if (newest.length === 0) return clock.sleep(RETRY_MS, either);
    const enough = new AbortController();
    const end = () => enough.abort();
    either.addEventListener("abort", end, { once: true });
    const asked = newest.map((source) =>
      source.changes({
        since: since.get(source.name) ?? 0,
        limit: 1,
        waitMs: WAIT_MS,
        signal: enough.signal,
      }),
    );
    const news = await Promise.race(asked)
      .catch((error: unknown) => {
        if (either.aborted) return undefined;
        throw error;
      })
      .finally(end);
    await Promise.allSettled(asked);
    if (news && news.changes.length > 0) await clock.sleep(GATHER_MS, either);
  };

  const run = async () => {
    // One signal to sleep on: joining a new one with the process's own at each turn is never freed.
    signal.addEventListener("abort", () => nap.abort(), { once: true });
    while (!signal.aborted)
      try {
        await oneRound();
      } catch (error) {
        if (signal.aborted) return;
        // The positions in memory may be ahead of what was written: read them again.
        positions = undefined;
        since.clear();
        log.warn({ tenant, error }, "the rollup could not go on; it tries again");
        await clock.sleep(RETRY_MS, signal);
      }
  };
  return {
    done: run(),
    caughtUp: () =>
      new Promise((resolve) => {
        waiters.push({ round, resolve });
        nap.abort();
      }),
  };
}

/** What a segment holds, at the place its name says. @throws Fault "invalid" */
function opened(doc: SegmentDoc & StoredDoc): OpenSegment {
  const place = parseSegmentId(doc._id);
  const { writer, epoch, seq } = doc;
  if (!place || place.writer !== writer || place.epoch !== epoch || place.seq !== seq)
    throw new Fault("invalid", `segment ${doc._id} says another place than its name`);
  return { ...place, uplinks: unpackSegment(doc) };
}

function sizeOf({ uplinks }: OpenSegment): number {
  let size = uplinks.length;
  for (const { readings } of uplinks) for (const { values } of readings) size += 1 + values.length;
  return size;
}
