/**
 * `rollup-worker`: follows a community's segments and keeps its rollup in step, for ever.
 *
 * The same on the gateway and on the hub. It takes as many segments at once as there are, up to a
 * bound, so that catching up writes each device and day once, and between two bounds what is newest;
 * a segment that is damaged is counted and passed over, the others go on. When a decoder is mended or
 * a clock's error becomes known, the devices concerned are derived anew from the segments that are here.
 */
import type { Clock } from "#shared/model/clock.ts";
import { monthBounds, parseDatabaseName } from "#shared/model/database-names.ts";
import { Fault } from "#shared/model/fault.ts";
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { KeptUplink } from "#shared/model/kept-uplink.ts";
import type { Redecoder } from "#shared/model/redecoder.ts";
import type { Tally } from "#shared/model/refusals.ts";
import { parseSegmentId, type SegmentDoc } from "#shared/model/segment.ts";
import { breathe } from "./breathe.ts";
import {
  basisOf,
  changesOf,
  editionsFrom,
  inRightTime,
  writeBasis,
  type Basis,
  type Corrections,
  type HeldBasis,
} from "./rollup-basis.ts";
import {
  forgetDays,
  gatheredDays,
  isRolledUp,
  LAST_MS,
  latestId,
  positionsOf,
  replaceLatest,
  writeDays,
  writeRollup,
  type LatestByDevice,
  type LatestDoc,
  type OpenSegment,
  type SegmentPlace,
} from "./rollup.ts";
import { addSeqs, type Runs } from "./runs.ts";
import { newestSegments } from "./newest-segments.ts";
import { unpackSegment } from "./segment.ts";
import type { SeriesStore, StoredDoc } from "./series-store.ts";
import { forgetUndecoded, noteUndecoded, type Reread } from "./undecoded.ts";

/** A month of segments. `Database` of `shared/couch` fits it. */
export interface SegmentSource {
  readonly name: string;
  ids(options: {
    from?: string;
    to?: string;
    descending?: boolean;
    limit?: number;
  }): Promise<string[]>;
  getMany<T extends StoredDoc>(ids: readonly string[]): Promise<T[]>;
  changes(options: {
    since: string | number;
    limit: number;
    waitMs?: number;
    signal?: AbortSignal;
  }): Promise<{
    changes: readonly { readonly id: string; readonly isDeleted?: boolean }[];
    lastSeq: string | number;
  }>;
  /** How far it is written. */
  info(): Promise<{ seq: string | number }>;
  /** Gives back what is held in memory of it. */
  rest?(): Promise<void>;
}

/** What is said of an uplink that is in the rollup now. */
export type RolledUplink = Pick<KeptUplink, "deviceId" | "identity">;

export interface RollupWorkerOptions {
  readonly tenant: TenantName;
  /** The open months, oldest first; asked again on every round. */
  readonly teleDatabases: () => Promise<readonly SegmentSource[]>;
  readonly roll: SeriesStore;
  /** Says what the uplinks mean today; without one they mean what was made of them when they were heard. */
  readonly redecoder?: Redecoder;
  /** What is known of clocks that were wrong; asked again on every round. */
  readonly corrections?: () => Promise<Corrections>;
  /**
   * Work on a community's days, one after the other: between reading days and letting go of them nobody may
   * write them. Without one nobody else works on them.
   */
  readonly inTurn?: <T>(work: () => Promise<T>) => Promise<T>;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly signal: AbortSignal;
  /** How long one waits for news before everything is looked at again: 20 s when left out. Long where `wake` is called. */
  readonly lookAgainMs?: number;
  /** Segments taken at once: each day they touch is written once. 400 when left out: 80,000 readings, some 40 MB. */
  readonly batchSegments?: number;
  /** Of some devices every uplink is handed on, before it counts as rolled up. */
  readonly elsewhere?: {
    devices(): Promise<ReadonlySet<DeviceId>>;
    take(uplinks: readonly KeptUplink[]): Promise<void>;
  };
  /** After each batch is in the rollup: what it was made of. */
  readonly onRolledUp?: (
    uplinks: readonly RolledUplink[],
    counts: { segments: number; readings: number; days: number },
  ) => void | Promise<void>;
  /** After the days of these were made again, with another decoder or clock than before. */
  readonly onDerivedAnew?: (deviceIds: ReadonlySet<DeviceId>) => void | Promise<void>;
  readonly log: {
    info?(about: object, message: string): void;
    warn(about: object, message: string): void;
  };
}

const BATCH_SEGMENTS = 400;
/** Read through one handle, some 4 MB: it holds every table it has read in memory. */
const BATCHES_A_HANDLE = 2;
/** Read at once: one whose writer lies may be as large as the hub takes, 8 MB. */
const READ_SEGMENTS = 20;
/** Uplinks, readings and values of a segment: more than an honest one has. What has more is rolled up in parts. */
const MOST_A_SEGMENT = 2_500;
/** How long one waits for news before the list of months is looked at again, where nobody says otherwise. */
const LOOK_AGAIN_MS = 20_000;
/** Gives a burst time to come together, so that a day is not written for every segment. */
const GATHER_MS = 1_000;
/** A time before this was told by a clock that was never set. */
const NO_LATER_MS = Date.UTC(2000, 0);
/** After a failure of the store. */
const RETRY_MS = 2_000;

export interface RollupWorker {
  /** Settles when the signal aborted and the last batch is written. */
  readonly done: Promise<void>;
  /** There is news, of whatever the rollup is made from. */
  wake(): void;
  /** Resolves when all that stood in the databases at this moment is in the rollup. */
  caughtUp(): Promise<void>;
}

export function rollupWorker(options: RollupWorkerOptions): RollupWorker {
  const { tenant, teleDatabases, roll, redecoder, clock, tally, signal, log } = options;
  const { batchSegments = BATCH_SEGMENTS, lookAgainMs = LOOK_AGAIN_MS } = options;
  const { inTurn = (work) => work() } = options;
  const since = new Map<string, string | number>();
  const damaged = new Set<string>();
  /** By month: segments it told of that could not be read yet; one machine of a cluster may be behind another. */
  const owed = new Map<string, readonly string[]>();
  let positions: Map<string, Runs> | undefined;
  let basis: HeldBasis | undefined;
  let waiters: { round: number; resolve: () => void }[] = [];
  let round = 0;
  let nap = new AbortController();
  /** Aborted when somebody said since the round began that there is news. */
  let stirred = new AbortController();

  /**
   * Rolls up what a month holds that is not in the rollup yet, by the names of its segments alone: reading
   * through its changes from the beginning would read every one of them whole, at each start.
   */
  const takeAll = async (source: SegmentSource, sources: readonly SegmentSource[]) => {
    const { seq } = await source.info();
    // The place of a cluster says which of its machines were asked, and the list may come from another one
    // that lacks a little: there the changes themselves are looked through, which reads no segment.
    if (typeof seq === "string") {
      since.set(source.name, 0);
      return;
    }
    const ids = await notYet(await segmentIds(source));
    for (let from = 0, batches = 1; from < ids.length; from += batchSegments, batches++) {
      if (signal.aborted) return;
      // Meanwhile what is newest may have been rolled up, of this month too.
      await keep(source, await notYet(ids.slice(from, from + batchSegments)));
      if (from + batchSegments < ids.length) await between(source, sources, batches);
    }
    since.set(source.name, seq);
  };

  const between = async (
    source: SegmentSource,
    sources: readonly SegmentSource[],
    batches: number,
  ) => {
    await takeNewest(sources);
    if (batches % BATCHES_A_HANDLE === 0) await source.rest?.();
  };

  /** Rolls up what one month has news of; true when there may be more. */
  const takeFrom = async (source: SegmentSource): Promise<boolean> => {
    const { changes, lastSeq } = await source.changes({
      since: since.get(source.name) as string | number,
      limit: batchSegments,
    });
    const gone = new Set(changes.flatMap(({ id, isDeleted }) => (isDeleted ? id : [])));
    const told = [...(owed.get(source.name) ?? []), ...changes.map(({ id }) => id)];
    const some = new Set(told.filter((id) => !gone.has(id)));
    owed.set(source.name, await keep(source, await notYet([...some])));
    since.set(source.name, lastSeq);
    // The page may have been full: an engine's own documents (`_design/…`) are in it and left out.
    return changes.length * 2 > batchSegments;
  };

  /** Of these, the segments that are not in the rollup. */
  const notYet = async (ids: readonly string[]): Promise<string[]> => {
    const known = (positions ??= await positionsOf(roll, tenant));
    return ids.filter((id) => {
      const place = parseSegmentId(id);
      return place && !damaged.has(id) && !isRolledUp(known, place.writer, place.epoch, place.seq);
    });
  };

  /** Between two batches of a backlog: what was heard just now. */
  const takeNewest = async (sources: readonly SegmentSource[]) => {
    for (const source of sources.slice(-2))
      await keep(source, await notYet(await newestSegments(source)));
  };

  /** Hands on one segment after the other, as they read today. Returns those that are not there. */
  const open = async (
    source: SegmentSource,
    ids: readonly string[],
    take: (segment: OpenSegment) => Promise<void> | void,
  ): Promise<string[]> => {
    const absent: string[] = [];
    for (let from = 0; from < ids.length; from += READ_SEGMENTS) {
      const some = ids.slice(from, from + READ_SEGMENTS);
      const docs = await source.getMany<SegmentDoc & StoredDoc>(some);
      const found = new Set(docs.map(({ _id }) => _id));
      absent.push(...some.filter((id) => !found.has(id)));
      for (const doc of docs) {
        await breathe();
        const segment = openedOrCounted(doc);
        if (segment) await take(await asOfToday(segment));
      }
    }
    return absent;
  };

  /** A segment as its decoders read it today; what they cannot read is listed. */
  const asOfToday = async (segment: OpenSegment): Promise<OpenSegment> => {
    const { writer, uplinks: before } = segment;
    const uplinks = (await redecoder?.again(tenant, before)) ?? before;
    const rereads: Reread[] = [];
    for (const [i, now] of uplinks.entries()) {
      const was = before[i] as KeptUplink;
      if (was.undecoded !== null || now.undecoded !== null)
        rereads.push({ writer, before: was, now });
    }
    if (rereads.length > 0) await noteUndecoded(roll, tenant, rereads);
    return { ...segment, uplinks };
  };

  const openedOrCounted = (doc: SegmentDoc & StoredDoc): OpenSegment | undefined => {
    try {
      return opened(doc, basis?.corrections ?? new Map());
    } catch (error) {
      if (!damaged.has(doc._id)) {
        damaged.add(doc._id);
        tally.refused("segment_damaged");
        log.warn({ segment: doc._id, error }, "a segment is damaged and was passed over");
      }
      return undefined;
    }
  };

  /**
   * Rolls segments up: of their uplinks only rows are held, until the days they fill are written. Returns
   * those that are not there.
   */
  const keep = async (source: SegmentSource, ids: readonly string[]): Promise<string[]> => {
    let [gathered, size] = [gatheredDays(), 0];
    let places: SegmentPlace[] = [];
    let uplinks: RolledUplink[] = [];
    const flush = async () => {
      if (places.length === 0) return;
      const counts = await inTurn(() => writeRollup(roll, tenant, gathered, places));
      for (const { writer, epoch, seq } of places) {
        const key = `${writer}:${epoch}`;
        positions?.set(key, addSeqs(positions.get(key) ?? [], [seq]));
      }
      await options.onRolledUp?.(uplinks, { segments: places.length, ...counts });
      [gathered, size, places, uplinks] = [gatheredDays(), 0, [], []];
    };
    const { elsewhere } = options;
    const theirs = ids.length > 0 ? await elsewhere?.devices() : undefined;
    const absent = await open(source, ids, async (segment) => {
      const { writer, epoch, seq } = segment;
      if (elsewhere && theirs && theirs.size > 0)
        await elsewhere.take(segment.uplinks.filter(({ deviceId }) => theirs.has(deviceId)));
      gathered.add(segment);
      places.push({ writer, epoch, seq });
      for (const { deviceId, identity } of segment.uplinks) uplinks.push({ deviceId, identity });
      size += sizeOf(segment);
      if (size >= batchSegments * MOST_A_SEGMENT) await flush();
    });
    await flush();
    return absent;
  };

  /** Derives anew what was derived with another decoder or clock than those of now. */
  const stayInStep = async (sources: readonly SegmentSource[]) => {
    const editions = await redecoder?.editions(tenant);
    const corrections = (await options.corrections?.()) ?? new Map<string, number>();
    const held = (basis ??=
      (await basisOf(roll, tenant)) ??
      (await firstBasis({ editions: editions ?? new Map<DeviceId, string>(), corrections })));
    const now: Basis = { editions: editionsFrom(held, editions), corrections };
    const { devices, epochs } = changesOf(held, now);
    if (devices.size === 0 && epochs.size === 0 && held.again.size === 0) return;
    const again = new Set([...held.again, ...(await derivedOf([...devices]))]);
    if (epochs.size > 0) for (const id of await heardIn(sources, epochs)) again.add(id);
    await step({ ...now, again });
    if (again.size === 0) return;
    await inTurn(() => deriveAgain(sources, again));
    await step({ ...now, again: new Set() });
    log.info?.({ tenant, devices: again.size }, "devices were derived anew");
  };

  const step = async (next: HeldBasis) => {
    await writeBasis(roll, tenant, next);
    basis = next;
  };

  /** A rollup without a basis was made by nobody knows which decoders; an empty one by none. */
  const firstBasis = async (now: Basis): Promise<HeldBasis> => {
    positions ??= await positionsOf(roll, tenant);
    const unknown = { editions: new Map<DeviceId, string>(), corrections: new Map() };
    const first = { ...(positions.size === 0 ? now : unknown), again: new Set<DeviceId>() };
    await step(first);
    return first;
  };

  const derivedOf = async (deviceIds: readonly DeviceId[]): Promise<DeviceId[]> => {
    const prefix = latestId(tenant, "" as DeviceId);
    const docs = await roll.getMany<LatestDoc>(deviceIds.map((id) => latestId(tenant, id)));
    return docs.map(({ _id }) => _id.slice(prefix.length) as DeviceId);
  };

  const segmentIds = async (source: SegmentSource, prefix = "s:") => {
    const ids: string[] = [];
    for (let from = prefix; ;) {
      const page = await source.ids({ from, to: `${prefix}\uffff`, limit: 5_000 });
      ids.push(...page);
      const last = page.at(-1);
      if (last === undefined || page.length < 5_000) break;
      from = `${last}\u0000`;
    }
    return ids.filter((id) => parseSegmentId(id));
  };

  const heardIn = async (sources: readonly SegmentSource[], epochs: ReadonlySet<string>) => {
    const found = new Set<DeviceId>();
    for (const source of sources)
      for (const epoch of epochs)
        await open(source, await segmentIds(source, `s:${epoch}:`), ({ uplinks }) => {
          for (const { deviceId, timeSource } of uplinks)
            if (timeSource === "unset") found.add(deviceId);
        });
    return found;
  };

  /** Days of months that are not here any more cannot be derived: they stay as they are. */
  const derivableFrom = async (sources: readonly SegmentSource[]): Promise<number> => {
    let there = 0;
    for (const source of sources) there += (await segmentIds(source)).length;
    positions ??= await positionsOf(roll, tenant);
    let rolled = 0;
    for (const runs of positions.values()) for (const [from, to] of runs) rolled += to - from + 1;
    if (rolled <= there) return 0;
    return Math.min(LAST_MS, ...sources.flatMap(({ name }) => monthStartOf(name) ?? []));
  };

  const deriveAgain = async (sources: readonly SegmentSource[], again: ReadonlySet<DeviceId>) => {
    const fromMs = await derivableFrom(sources);
    for (const [first, last] of [
      [0, NO_LATER_MS],
      [fromMs, LAST_MS],
    ] as const) {
      await forgetDays(roll, tenant, again, first, last);
      await forgetUndecoded(roll, tenant, again, first, last);
    }
    const latest: LatestByDevice = new Map();
    for (const source of sources) {
      const ids = await segmentIds(source);
      for (let from = 0; from < ids.length; from += batchSegments) {
        const gathered = gatheredDays(latest);
        const some = ids.slice(from, from + batchSegments);
        const [absent] = await open(source, some, ({ writer, uplinks }) =>
          gathered.add({ writer, uplinks: uplinks.filter(({ deviceId }) => again.has(deviceId)) }),
        );
        // Begun again until they are all there, where another machine of a cluster has them.
        if (absent !== undefined && typeof (await source.info()).seq === "string")
          throw new Fault("unavailable", `${absent} cannot be read yet`);
        await writeDays(roll, tenant, gathered);
      }
    }
    // A device that has no segment left keeps the latest it had.
    await replaceLatest(roll, tenant, latest);
    await options.onDerivedAnew?.(again);
  };

  const oneRound = async () => {
    const started = round++;
    stirred = new AbortController();
    const sources = await teleDatabases();
    await stayInStep(sources);
    for (const source of sources) {
      if (signal.aborted) break;
      if (!since.has(source.name)) await takeAll(source, sources);
      for (let batches = 1; !signal.aborted && (await takeFrom(source)); batches++)
        await between(source, sources, batches);
    }
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
    stirred.signal.addEventListener("abort", end, { once: true });
    if (stirred.signal.aborted) end();
    const asked = newest.map((source) =>
      source.changes({
        since: since.get(source.name) ?? 0,
        limit: 1,
        waitMs: lookAgainMs,
        signal: enough.signal,
      }),
    );
    const news = await Promise.race(asked)
      .catch((error: unknown) => {
        if (enough.signal.aborted) return undefined;
        throw error;
      })
      .finally(end);
    await Promise.allSettled(asked);
    if (stirred.signal.aborted || (news && news.changes.length > 0))
      await clock.sleep(GATHER_MS, either);
  };

  const run = async () => {
    // One signal to sleep on: joining a new one with the process's own at each turn is never freed.
    signal.addEventListener("abort", () => nap.abort(), { once: true });
    redecoder?.onChange((changed) => {
      if (changed === tenant) nap.abort();
    });
    while (!signal.aborted)
      try {
        await oneRound();
      } catch (error) {
        if (signal.aborted) return;
        // What is in memory may be ahead of what was written: read it again.
        positions = undefined;
        basis = undefined;
        since.clear();
        owed.clear();
        log.warn({ tenant, error }, "the rollup could not go on; it tries again");
        await clock.sleep(RETRY_MS, signal);
      }
  };
  return {
    done: run(),
    wake: () => stirred.abort(),
    caughtUp: () =>
      new Promise((resolve) => {
        waiters.push({ round, resolve });
        nap.abort();
      }),
  };
}

/** What a segment holds, at the place its name says, in right time. @throws Fault "invalid" */
function opened(doc: SegmentDoc & StoredDoc, corrections: Corrections): OpenSegment {
  const place = parseSegmentId(doc._id);
  const { writer, epoch, seq } = doc;
  if (!place || place.writer !== writer || place.epoch !== epoch || place.seq !== seq)
    throw new Fault("invalid", `segment ${doc._id} says another place than its name`);
  return { ...place, uplinks: inRightTime(unpackSegment(doc), `${writer}:${epoch}`, corrections) };
}

/** Whether a segment cannot be read: it was counted, and is in no rollup. */
export function isDamaged(doc: SegmentDoc & StoredDoc): boolean {
  try {
    opened(doc, new Map());
    return false;
  } catch {
    return true;
  }
}

/** When the month of a database of segments began, epoch ms. */
function monthStartOf(name: string): number | undefined {
  const parsed = parseDatabaseName(name);
  return parsed?.kind === "tele" ? monthBounds(parsed.month).fromMs : undefined;
}

function sizeOf({ uplinks }: OpenSegment): number {
  let size = uplinks.length;
  for (const { readings } of uplinks) for (const { values } of readings) size += 1 + values.length;
  return size;
}
