/**
 * `outbox`: takes to the hub what this gateway wrote: segments in the order of their chain, events
 * as they came. Documents written once by one writer need no negotiation: they go as they are, with
 * their revisions, and the same one twice is one.
 *
 * With much waiting, the newest goes first between any two batches of the old. Where the chain is
 * on the hub stands in `confirmed`; it moves forward only over what the hub has said it has.
 */
import type { LocalDatabases } from "#shared/couch/leveldb.ts";
import type { Database, Doc } from "#shared/couch/database.ts";
import type { ChainEnd } from "#shared/keep/chain.ts";
import { startsOf } from "#shared/keep/chain.ts";
import { databaseName, parseDatabaseName } from "#shared/model/database-names.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { GatewayId, TenantName } from "#shared/model/ids.ts";
import type { Tally } from "#shared/model/refusals.ts";
import type { SegmentDoc } from "#shared/model/segment.ts";
import { bodyOf, FIRST_BYTES, halved, nextBytes, onTheLine, patienceFor } from "./batches.ts";
import { confirm, type Confirmed } from "./confirmed.ts";
import type { DeadLetters } from "./dead-letters.ts";
import type { SyncCalls } from "./sync-calls.ts";

export interface OutboxOptions {
  readonly databases: LocalDatabases;
  readonly local: Database;
  readonly gatewayId: GatewayId;
  readonly calls: SyncCalls;
  readonly letters: DeadLetters;
  readonly confirmed: Map<TenantName, Confirmed>;
  readonly chainEnds: () => ReadonlyMap<TenantName, ChainEnd | undefined>;
  /** A month's databases are missing on the hub. Resolves with whether they are new there. */
  readonly makeMonth: (tenant: TenantName, month: string) => Promise<boolean>;
  readonly tally: Tally;
  readonly onConfirmed: (tenant: TenantName, end: ChainEnd) => void;
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
const PAGE = 50;
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
    const lines = docs.map((doc) => ({ id: doc._id, text: onTheLine(doc) }));
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
        const refused = await write(tenant, name, bodyOf(batch.map(({ text }) => text)), bytes);
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
  /** A month the hub does not have is made there, once; what lay in it is brought again. */
  const write = async (tenant: TenantName, name: string, body: string, bytes: number) => {
    try {
      return await calls.write(name, body, patienceFor(bytes));
    } catch (error) {
      const parsed = parseDatabaseName(name);
      const isMissing = isFault(error, "forbidden") || isFault(error, "not_found");
      if (!isMissing || parsed === undefined || !("month" in parsed)) throw error;
      if (!(await options.makeMonth(tenant, parsed.month))) throw error;
      throw new Fault("conflict", "the hub had lost a month: it is brought again", {
        lost: parsed.month,
      });
    }
  };

  const monthsFrom = async (tenant: TenantName, month: string) =>
    (await databases.names())
      .filter((name) => {
        const parsed = parseDatabaseName(name);
        return parsed?.kind === "tele" && parsed.tenant === tenant && parsed.month >= month;
      })
      .sort();

  const endOf = (segment: SegmentDoc & Doc, month: string): Sent => ({
    untilMs: segment.lastHeardMs,
    id: segment._id,
    digest: segment.digest,
    sealedN: segment.inbox.to,
    uplinks: segment.before + segment.count,
    month,
    starts: startsOf(segment.epoch),
  });

  /** The newest segments ahead of a backlog: from where they began when it was noticed. */
  const aheadLane = (tenant: TenantName) => {
    let from: Place | undefined;
    let to: Sent | undefined;
    return {
      /** What went ahead, once the backlog gets there: it goes on behind it. */
      joined: (cursor: Place) =>
        from && to && isUpTo(from, cursor) && isUpTo(cursor, to) ? to : undefined,
      async send() {
        const end = options.chainEnds().get(tenant);
        if (!end || to?.id === end.id) return;
        const name = databaseName.tele(tenant, end.month);
        const database = await databases.open(name);
        const isSameMonth = to?.month === end.month;
        const newest = await database.list<SegmentDoc & Doc>({
          from: to && isSameMonth ? `${to.id}\u0000` : mine,
          to: `${mine}\uffff`,
          descending: true,
          limit: AHEAD,
        });
        const docs = newest.toReversed();
        const [first, last] = [docs[0], docs.at(-1)];
        if (!first || !last) return;
        await deliver(tenant, name, docs);
        // A hole between what went ahead before and now is filled by the backlog.
        if (!isSameMonth || newest.length === AHEAD) from = { month: end.month, id: first._id };
        to = endOf(last, end.month);
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
    const done = sent.get(tenant);
    let cursor: Place = done ?? { month: before?.month ?? "", id: before?.segmentId ?? mine };
    if (done?.id === end.id) return note(tenant);
    const isBacklog = end.uplinks - ((done ?? before)?.uplinks ?? 0) > BACKLOG_UPLINKS;
    const lane = isBacklog ? aheadLane(tenant) : undefined;
    let notedMs = performance.now();
    try {
      for (const name of await monthsFrom(tenant, cursor.month)) {
        const month = name.slice(-6);
        const database = await databases.open(name);
        if (cursor.month !== month) cursor = { month, id: mine };
        while (!signal.aborted) {
          await lane?.send();
          const ahead = lane?.joined(cursor);
          if (ahead) {
            cursor = ahead;
            sent.set(tenant, ahead);
            if (ahead.month !== month) break;
          }
          const docs = await database.list<SegmentDoc & Doc>({
            from: `${cursor.id}\u0000`,
            to: `${mine}\uffff`,
            limit: PAGE,
          });
          const last = docs.at(-1);
          if (!last) break;
          await deliver(tenant, name, docs);
          cursor = { month, id: last._id };
          sent.set(tenant, endOf(last, month));
          options.onArrived(docs.reduce((sum, { count }) => sum + count, 0));
          if (performance.now() - notedMs > NOTE_MS) {
            notedMs = performance.now();
            await note(tenant);
          }
        }
      }
    } finally {
      await note(tenant);
    }
  };

  const sendEvents = async (tenant: TenantName, signal: AbortSignal) => {
    const own = `e:${gatewayId}:`;
    for (const name of await databases.names()) {
      const parsed = parseDatabaseName(name);
      if (parsed?.kind !== "events" || parsed.tenant !== tenant) continue;
      const database = await databases.open(name);
      const placeId = `sent-events:${name}`;
      const place = await local.get<Doc & { since?: string | number }>(placeId);
      let since = place?.since ?? 0;
      // A database that was begun anew counts from the start.
      if (Number((await database.info()).seq) < Number(since)) since = 0;
      const begun = since;
      while (!signal.aborted) {
        const { changes, lastSeq } = await database.changes({ since, limit: PAGE, docs: true });
        const docs = changes.flatMap(({ id, doc }) => (doc && id.startsWith(own) ? [doc] : []));
        if (docs.length > 0) await deliver(tenant, name, docs);
        since = lastSeq;
        if (changes.length < PAGE) break;
      }
      if (since !== begun) await local.put({ ...place, _id: placeId, v: 1, since });
    }
  };

  return {
    async send(tenant, signal) {
      try {
        await sendEvents(tenant, signal);
        await sendSegments(tenant, signal);
      } catch (error) {
        const lost = isFault(error, "conflict") ? error.details.lost : undefined;
        if (typeof lost !== "string") throw error;
        await bringMonth(tenant, lost, signal);
        await sendSegments(tenant, signal);
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

  /** All of one month, segments and events. */
  async function bringMonth(tenant: TenantName, month: string, signal: AbortSignal) {
    for (const [kind, prefix] of [
      ["tele", mine],
      ["events", `e:${gatewayId}:`],
    ] as const) {
      const name = databaseName[kind](tenant, month);
      const database = await databases.openExisting(name);
      for (let from: string = prefix; database && !signal.aborted;) {
        const docs = await database.list({ from, to: `${prefix}\uffff`, limit: PAGE });
        const last = docs.at(-1);
        if (!last) break;
        await deliver(tenant, name, docs);
        from = `${last._id}\u0000`;
      }
    }
  }
}

interface Sent extends ChainEnd {
  /** When its last uplink was heard, epoch ms. */
  readonly untilMs: number;
}

interface Place {
  readonly month: string;
  readonly id: string;
}

/** Whether `a` lies before `b` in the chain, or is it. */
const isUpTo = (a: Place, b: Place) => a.month < b.month || (a.month === b.month && a.id <= b.id);
