/**
 * `inflow`: fetches what others wrote of a community: its other gateways' segments, the hub's own,
 * answers to requests, the history of the machine this one replaces. Newest month first.
 *
 * What comes down is as good as its writer: it is kept under the ids the hub keeps it under, and
 * nothing is written that is not a segment or an event.
 */
import type { LocalDatabases } from "#shared/couch/leveldb.ts";
import type { Database, Doc } from "#shared/couch/database.ts";
import { replicationPeer } from "#shared/couch/replication-peer.ts";
import type { CommunityTalk } from "#shared/api/gateway-talk.ts";
import { databaseName } from "#shared/model/database-names.ts";
import { parseEventId } from "#shared/model/events/event.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import { parseSegmentId } from "#shared/model/segment.ts";
import type { SyncCalls } from "./sync-calls.ts";

export interface InflowOptions {
  readonly databases: LocalDatabases;
  readonly local: Database;
  readonly calls: SyncCalls;
  /** The life of the hub's data that positions are good in. */
  readonly life: () => string;
  readonly onArrived: (name: string, docs: readonly Doc[]) => void;
  /** Before they are written; what it throws keeps them from it. */
  readonly beforeWritten: (name: string, docs: readonly Doc[]) => Promise<void>;
}

export interface Inflow {
  /** Fetches what is new of a community. @throws Fault */
  fetch(community: CommunityTalk, signal: AbortSignal): Promise<void>;
  /** These by id. */
  fetchIds(name: string, ids: readonly string[], signal: AbortSignal): Promise<void>;
}

/** `pulled:{database}` in `local`: up to where, in which life of the hub's data. */
interface PlaceDoc extends Doc {
  readonly v: 1;
  readonly since: string | number;
  readonly life: string;
}

const placeOf = (name: string) => `pulled:${name}`;

/** Forgets how far a database was fetched: it is begun anew. */
export async function forgetPlace(local: Database, name: string): Promise<void> {
  const place = await local.get(placeOf(name));
  if (place?._rev !== undefined) await local.remove(place._id, place._rev);
}

const PAGE = 500;
/** Documents per request: some 2 MB of full segments. */
const DOCS = 200;

export function inflow(options: InflowOptions): Inflow {
  const { databases, local, calls, life, onArrived, beforeWritten } = options;
  const peer = replicationPeer(databases);
  /** The version of each database that was fetched. */
  const seen = new Map<string, string>();

  const take = async (name: string, ids: readonly string[], signal: AbortSignal) => {
    const database = await databases.open(name);
    for (let at = 0; at < ids.length && !signal.aborted; at += DOCS) {
      const some = ids.slice(at, at + DOCS);
      const here = new Set((await database.getMany(some)).map(({ _id }) => _id));
      const wanted = some.filter((id) => !here.has(id));
      if (wanted.length === 0) continue;
      const docs = (await calls.docs(name, wanted)).filter(isOurs);
      await beforeWritten(name, docs);
      const answers = await peer.bulkDocs(name, {
        docs,
        newEdits: false,
        judge: () => undefined,
      });
      const failed = answers.find((answer) => "error" in answer);
      if (failed && "error" in failed)
        throw new Fault(
          "unavailable",
          `what came from the hub could not be kept: ${failed.reason}`,
          { trouble: { code: "disk_failing" } },
        );
      if (docs.length > 0) onArrived(name, docs);
    }
  };

  const fetchOne = async (name: string, signal: AbortSignal) => {
    const placeId = placeOf(name);
    const place = await local.get<PlaceDoc>(placeId);
    let since = place && place.life === life() ? place.since : 0;
    const begun = since;
    while (!signal.aborted) {
      const { ids, lastSeq, isLast } = await calls.changes(name, since, PAGE);
      await take(name, ids.filter(isOne), signal);
      if (signal.aborted) return;
      since = lastSeq;
      if (isLast) break;
    }
    if (since !== begun || place?.life !== life())
      await local.put({ ...place, _id: placeId, v: 1, since, life: life() });
  };

  return {
    async fetch({ tenant, months }, signal) {
      // The newest first: it is what pages show.
      for (const one of months.toReversed())
        for (const kind of ["events", "tele"] as const) {
          const name = databaseName[kind](tenant, one.month);
          const version = `${life()} ${one[kind]}`;
          if (signal.aborted) return;
          // "-": a month that is not there has nothing; whoever writes into it next has it made.
          if (one[kind] === "" || one[kind] === "-" || seen.get(name) === version) continue;
          try {
            await fetchOne(name, signal);
            seen.set(name, version);
          } catch (error) {
            // Being made, or gone, just now: asked for again the next time.
            if (!isFault(error, "forbidden") && !isFault(error, "not_found")) throw error;
          }
        }
    },
    fetchIds: (name, ids, signal) => take(name, ids.filter(isOne), signal),
  };
}

const isOne = (id: string) => parseSegmentId(id) !== undefined || parseEventId(id) !== undefined;
const isOurs = (doc: Doc) =>
  isOne(doc._id) && (doc.type === "segment" || doc._id.split(":")[2] === doc.type);
