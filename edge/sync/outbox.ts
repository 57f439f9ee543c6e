/**
 * `outbox`: takes to the hub what this gateway wrote: segments in the order of their chain, events
 * as they came. Documents written once by one writer need no negotiation: they go as they are, with
 * their revisions, and the same one twice is one.
 *
 * With much waiting, the newest goes first between any two batches of the old. Where the chain is
 * on the hub stands in `confirmed`: what the hub has said it has, and after it lost a month, as far
 * as it has it again.
 */
import type { z } from "zod";
import type { MadeMonth } from "#shared/api/gateway-talk.ts";
import type { LocalDatabases } from "#shared/couch/leveldb.ts";
import type { Database, Doc } from "#shared/couch/database.ts";
import type { ChainEnd } from "#shared/keep/chain.ts";
import { startsOf } from "#shared/keep/chain.ts";
import { databaseName, parseDatabaseName } from "#shared/model/database-names.ts";
import { isFault } from "#shared/model/fault.ts";
import type { GatewayId, TenantName } from "#shared/model/ids.ts";
import type { Tally } from "#shared/model/refusals.ts";
import type { SegmentDoc } from "#shared/model/segment.ts";
import { bodyOf, FIRST_BYTES, halved, nextBytes, onTheLine, patienceFor } from "./batches.ts";
import { confirm, type Confirmed } from "./confirmed.ts";
import type { DeadLetters } from "./dead-letters.ts";
import { troubled } from "./hub-trouble.ts";
import type { SyncCalls } from "./sync-calls.ts";

export interface OutboxOptions {
  readonly databases: LocalDatabases;
  readonly local: Database;
  readonly gatewayId: GatewayId;
  readonly calls: SyncCalls;
  readonly letters: DeadLetters;
  readonly confirmed: Map<TenantName, Confirmed>;
  readonly chainEnds: () => ReadonlyMap<TenantName, ChainEnd | undefined>;
  /** A month's databases are missing on the hub. */
  readonly makeMonth: (tenant: TenantName, month: string) => Promise<z.infer<typeof MadeMonth>>;
  /** Brings segments of a month that is history on the hub, as far as it lacks them. */
  readonly bringLate: (tenant: TenantName, month: string, docs: readonly Doc[]) => Promise<void>;
  readonly tally: Tally;
  readonly onConfirmed: (tenant: TenantName, end: ChainEnd) => void;
  /** Came from the hub under our own name: need not go there again. */
  readonly isReturned: (id: string) => boolean;
  /** Uplinks of a community that arrived just now. */
  readonly onArrived: (uplinks: number) => void;
  /** Bytes of documents that arrived, before they were squeezed. */
  readonly onSent: (bytes: number) => void;
  readonly log: { warn(about: object, message: string): void };
}

export interface Outbox {
  /** Sends all that waits of a community. @throws Fault; what arrived before stays */
  send(tenant: TenantName, signal: AbortSignal): Promise<void>;
  /** Up to which segment all of a community was sent; empty for none. */
  sentUpTo(tenant: TenantName): string;
  /** Offers what the hub refused once more. */
  replay(tenant: TenantName, signal: AbortSignal): Promise<void>;
  /** Sends these again, whatever was confirmed. */
  resend(
    tenant: TenantName,
    name: string,
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<void>;
}

/** More uplinks than this waiting, and the newest goes ahead. */
const BACKLOG_UPLINKS = 2_000;
/** Segments sent ahead at a time. */
const AHEAD = 20;
const PAGE = 100;
/** Places of the local feed looked at in one go. */
const CHANGES = 500;
/** Read so many pages of the feed through one handle, some 4 MB: it holds every table it has read in memory. */
const PAGES_A_HANDLE = 2;
/** How often the place is written down while much is sent, ms. */
const NOTE_MS = 5_000;

export function outbox(options: OutboxOptions): Outbox {
  const { databases, local, gatewayId, calls, letters, confirmed, tally, log } = options;
  const mine = `s:${gatewayId}:`;
  let batchBytes = FIRST_BYTES;

  /**
   * Sends documents of one database, as many requests as it takes.
   * Resolves when the hub has all but those that are dead letters now.
   */
  const deliver = async (tenant: TenantName, name: string, docs: readonly Doc[]): Promise<void> => {
    const lines = docs.map((doc) => ({ id: doc._id, doc, text: onTheLine(doc) }));
    for (let at = 0; at < lines.length;) {
      const batch: typeof lines = [];
      let bytes = 0;
      while (at + batch.length < lines.length) {
        const line = lines[at + batch.length] as (typeof lines)[number];
        if (batch.length > 0 && bytes + line.text.length > batchBytes) break;
        batch.push(line);
        bytes += line.text.length;
      }
      const startedMs = performance.now();
      try {
        const refused = await write(tenant, name, batch, bytes);
        if (refused.length > 0) {
          tally.refused("replication_denied", refused.length);
          log.warn(
            { name, documents: refused.slice(0, 20) },
            "the hub refuses documents of this gateway",
          );
          await letters.add(
            tenant,
            refused.map(({ id, reason }) => ({ name, id, reason })),
          );
        }
      } catch (error) {
        if (!isFault(error, "too_large")) throw error;
        if (batch.length > 1) {
          batchBytes = halved(bytes);
          continue;
        }
        tally.refused("replication_denied");
        const id = batch[0]?.id as string;
        await letters.add(tenant, [{ name, id, reason: "too large for the line (413)" }]);
      }
      options.onSent(bytes);
      if (bytes * 2 > batchBytes) batchBytes = nextBytes(bytes, performance.now() - startedMs);
      at += batch.length;
    }
  };
  /** A month the hub does not have is made there, once; what was sent into it before goes there again. */
  const write = async (
    tenant: TenantName,
    name: string,
    batch: readonly { readonly text: string; readonly doc: Doc }[],
    bytes: number,
  ) => {
    try {
      const body = bodyOf(batch.map(({ text }) => text));
      return await calls.write(name, body, patienceFor(bytes));
    } catch (error) {
      const parsed = parseDatabaseName(name);
      const isMissing = isFault(error, "forbidden") || isFault(error, "not_found");
      if (!isMissing || parsed === undefined || !("month" in parsed)) throw error;
      const { isNew, isHistory } = await options.makeMonth(tenant, parsed.month);
      if (isHistory && parsed.kind === "tele") {
        const late = batch.map(({ doc }) => doc);
        await options.bringLate(tenant, parsed.month, late);
        return [];
      }
      if (!isNew) throw error;
      throw troubled("conflict", { code: "month_lost" }, { details: { lost: parsed.month } });
    }
  };

  const endOf = (segment: SegmentDoc & Doc, month: string): Sent => ({
    untilMs: segment.lastHeardMs,
    id: segment._id,
    digest: segment.digest,
    sealedN: segment.inbox.to,
    uplinks: segment.before + segment.count,
    month,
    starts: startsOf(segment.epoch),
  });

  /** The newest segments ahead of a backlog. */
  const aheadLane = (tenant: TenantName) => {
    const there = new Set<string>();
    let last = "";
    return {
      has: (id: string) => there.has(id),
      async send() {
        const end = options.chainEnds().get(tenant);
        if (!end || end.id === last) return;
        const name = databaseName.tele(tenant, end.month);
        const database = await databases.open(name);
        const newest = await database.list({
          from: `${end.id.slice(0, end.id.lastIndexOf(":"))}:`,
          to: end.id,
          descending: true,
          limit: AHEAD,
        });
        const docs = newest.filter(({ _id }) => !there.has(_id)).toReversed();
        if (docs.length > 0) await deliver(tenant, name, docs);
        for (const { _id } of docs) there.add(_id);
        last = end.id;
      },
    };
  };

  /** How far each community's chain was sent since this start, also over dead letters. */
  const sent = new Map<TenantName, Sent>();

  const note = async (tenant: TenantName) => {
    const reached = sent.get(tenant);
    if (!reached || confirmed.get(tenant)?.segmentId === reached.id) return;
    if (letters.of(tenant).some(({ id }) => id.startsWith("s:"))) return;
    confirmed.set(tenant, await confirm(local, tenant, reached, reached.untilMs));
    options.onConfirmed(tenant, reached);
  };

  const sendSegments = async (tenant: TenantName, signal: AbortSignal) => {
    const end = options.chainEnds().get(tenant);
    const before = confirmed.get(tenant);
    if (!end || before?.segmentId === end.id) return;
    if (sent.get(tenant)?.id === end.id) {
      await note(tenant);
      return;
    }
    const isBacklog = end.uplinks - ((sent.get(tenant) ?? before)?.uplinks ?? 0) > BACKLOG_UPLINKS;
    const lane = isBacklog ? aheadLane(tenant) : undefined;
    let notedMs = performance.now();
    try {
      for (const name of await databasesOf(tenant, "tele"))
        await sendChanges(tenant, name, mine, signal, {
          before: async () => lane?.send(),
          isThere: (id) => lane?.has(id) ?? false,
          async after(docs) {
            const last = docs.at(-1) as (SegmentDoc & Doc) | undefined;
            if (!last) return;
            sent.set(tenant, endOf(last, name.slice(-6)));
            options.onArrived(
              (docs as (SegmentDoc & Doc)[]).reduce((sum, { count }) => sum + count, 0),
            );
            if (performance.now() - notedMs < NOTE_MS) return;
            notedMs = performance.now();
            await note(tenant);
          },
        });
      // All that was here at the beginning is there: also where nothing had to be sent any more.
      if (!signal.aborted && sent.get(tenant)?.id !== end.id) {
        const database = await databases.openExisting(databaseName.tele(tenant, end.month));
        const last = await database?.get<SegmentDoc & Doc>(end.id);
        if (last) sent.set(tenant, endOf(last, end.month));
      }
    } finally {
      await note(tenant);
    }
  };

  const databasesOf = async (tenant: TenantName, kind: "tele" | "events") =>
    (await databases.names())
      .filter((name) => {
        const parsed = parseDatabaseName(name);
        return parsed?.kind === kind && parsed.tenant === tenant;
      })
      .sort();

  /**
   * Sends what was written into one database since the last time, in the order it was written.
   * Ids are no such order: a machine that goes back to an old image of its disk counts anew.
   */
  const sendChanges = async (
    tenant: TenantName,
    name: string,
    prefix: string,
    signal: AbortSignal,
    hooks: {
      readonly before?: () => Promise<void>;
      /** Went there by another way already. */
      readonly isThere?: (id: string) => boolean;
      readonly after?: (docs: readonly Doc[]) => Promise<void>;
    } = {},
  ) => {
    const database = await databases.open(name);
    const placeId = placeOf(name);
    let place: Doc & { since?: string | number } = (await local.get(placeId)) ?? {
      _id: placeId,
      v: 1,
    };
    const { seq } = await database.info();
    let since = place.since ?? 0;
    // A database that was begun anew counts from the start.
    if (Number(seq) < Number(since)) since = 0;
    let notedMs = performance.now();
    let pages = 0;
    const keepPlace = async () => {
      if (place.since === since) return;
      place = { ...place, since };
      const { rev } = await local.put(place);
      place = { ...place, _rev: rev };
    };
    try {
      while (!signal.aborted && String(since) !== String(seq)) {
        await hooks.before?.();
        const { changes, lastSeq } = await database.changes({ since, limit: CHANGES });
        const ids = changes.flatMap(({ id }) =>
          id.startsWith(prefix) && !options.isReturned(id) ? [id] : [],
        );
        // Two on their way at a time: the next is read and squeezed while the hub writes the first.
        let going: { readonly docs: readonly Doc[]; readonly arrived: Promise<void> } | undefined;
        const arrive = async () => {
          const { docs = [], arrived } = going ?? {};
          going = undefined;
          await arrived;
          if (docs.length > 0) await hooks.after?.(docs);
        };
        try {
          for (let at = 0; at < ids.length && !signal.aborted; at += PAGE) {
            const docs = await database.getMany(ids.slice(at, at + PAGE));
            const missing = docs.filter(({ _id }) => !(hooks.isThere?.(_id) ?? false));
            const arrived = deliver(tenant, name, missing);
            // Told by `arrive`, which waits for those before.
            arrived.catch(() => undefined);
            await arrive();
            going = { docs, arrived };
            await hooks.before?.();
          }
          await arrive();
        } finally {
          await going?.arrived.catch(() => undefined);
        }
        if (signal.aborted) return;
        since = lastSeq;
        if (performance.now() - notedMs > NOTE_MS) {
          notedMs = performance.now();
          await keepPlace();
        }
        if (changes.length < CHANGES) break;
        if (++pages % PAGES_A_HANDLE === 0) await database.rest();
      }
    } finally {
      await keepPlace();
    }
  };

  const sendEvents = async (tenant: TenantName, signal: AbortSignal) => {
    for (const name of await databasesOf(tenant, "events"))
      await sendChanges(tenant, name, `e:${gatewayId}:`, signal);
  };

  return {
    async send(tenant, signal) {
      const made = new Set<string>();
      for (;;)
        try {
          await sendEvents(tenant, signal);
          await sendSegments(tenant, signal);
          return;
        } catch (error) {
          const lost = isFault(error, "conflict") ? error.details.lost : undefined;
          if (typeof lost !== "string" || made.has(lost)) throw error;
          made.add(lost);
          await fromTheStart(tenant, lost);
        }
    },
    sentUpTo: (tenant) => sent.get(tenant)?.id ?? confirmed.get(tenant)?.segmentId ?? "",
    async replay(tenant, signal) {
      const waiting = letters.of(tenant);
      for (const name of new Set(waiting.map((letter) => letter.name))) {
        const some = waiting.filter((letter) => letter.name === name);
        const database = await databases.openExisting(name);
        const docs = (await database?.getMany(some.map(({ id }) => id))) ?? [];
        await letters.remove(tenant, new Set(some.map(({ id }) => id)));
        if (docs.length > 0 && !signal.aborted) await deliver(tenant, name, docs);
      }
    },
    async resend(tenant, name, ids, signal) {
      const database = await databases.openExisting(name);
      for (let at = 0; database && at < ids.length && !signal.aborted; at += PAGE)
        await deliver(tenant, name, await database.getMany(ids.slice(at, at + PAGE)));
    },
  };

  /** What the hub has of a month is nothing: all of it goes there, from the first change on. */
  async function fromTheStart(tenant: TenantName, month: string) {
    for (const kind of ["tele", "events"] as const) {
      const place = await local.get(placeOf(databaseName[kind](tenant, month)));
      if (place) await local.put({ ...place, since: 0 });
    }
  }
}

/** In `local`: up to where a database was sent. */
const placeOf = (name: string) => `sent:${name}`;

interface Sent extends ChainEnd {
  /** When its last uplink was heard, epoch ms. */
  readonly untilMs: number;
}
