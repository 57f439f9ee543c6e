/**
 * `inbox`: where an uplink becomes safe. One document each, raw and decoded, fsynced in groups;
 * only then is its sender told "received".
 *
 * A document's id is the uplink's identity, so the store itself refuses the second copy. Each day
 * has a database of its own, dropped whole when it is sealed, rolled up and two days old.
 * Never replicated.
 *
 * History: 1 = first release.
 */
import type { Database, Databases, Doc } from "#shared/couch/database.ts";
import type { Clock } from "#shared/model/clock.ts";
import { databaseName, dayOf } from "#shared/model/database-names.ts";
import type { DecodedReading } from "#shared/model/decoder.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { KeptUplink } from "#shared/model/kept-uplink.ts";
import type { Radio, TimeSource } from "#shared/model/uplink.ts";
import { groupCommit } from "./group-commit.ts";
import type { InboxPlace } from "./inbox-mark.ts";

/** An uplink in the inbox: `n` is its place in the order kept, over all days and communities. */
export interface InboxEntry {
  readonly n: number;
  readonly tenant: TenantName;
  /** The day whose database it lies in, `yyyymmdd`: daily counts and segments are cut by it. */
  readonly day: string;
  readonly uplink: KeptUplink;
}

interface InboxDoc extends Doc {
  readonly v: 1;
  readonly n: number;
  readonly tenant: TenantName;
  readonly deviceId: DeviceId;
  readonly session: string | null;
  readonly fCnt: number | null;
  readonly fPort: number | null;
  readonly payload: string;
  readonly time: number;
  readonly timeSource: TimeSource;
  readonly heardAt: number;
  readonly radio: Radio | null;
  readonly via: string;
  readonly decoder: string | null;
  readonly undecoded: string | null;
  readonly readings: readonly DecodedReading[];
}

/** Uplinks per synced write at most. */
const MOST_PER_COMMIT = 200;
const PAGE = 500;
const DAY_NAME = /^inbox-([0-9]{8})$/;
const DAY_PREFIX = "inbox-";

export interface Inbox {
  /** Resolves when the uplink is durable: now, or from before. @throws Fault "unavailable" */
  keep(tenant: TenantName, uplink: KeptUplink): Promise<"kept" | "repeat">;
  /** Drops the days before `day` (yyyymmdd); the caller knows that they are sealed and rolled up. */
  dropDaysBefore(day: string): Promise<string[]>;
  /** Places up to this one are of another life of this machine: the next one comes after it. */
  beyond(place: number): void;
  flush(): Promise<void>;
}

export interface InboxOptions {
  readonly databases: Databases;
  readonly clock: Clock;
  readonly windowMs: number;
  /** Places already used, by segments or before a restart; the next is one more. */
  readonly lastN: number;
  /** Called in order, once per uplink that is durable for the first time. */
  readonly onKept: (entry: InboxEntry) => void;
  /** Called after each write with the place it ended at. */
  readonly onReached: (place: InboxPlace) => void;
}

/** The days there are, `yyyymmdd`, oldest first. */
export async function inboxDays(databases: Databases): Promise<string[]> {
  return (await databases.names()).flatMap((name) => DAY_NAME.exec(name)?.[1] ?? []).sort();
}

/** What lies in the inbox beyond a mark, or on one day, in the order kept, a page at a time. */
export async function* inboxEntries(
  databases: Databases,
  mark: InboxPlace | undefined,
  only?: string,
): AsyncGenerator<InboxEntry[]> {
  for (const day of await inboxDays(databases)) {
    if ((mark && day < mark.day) || (only !== undefined && day !== only)) continue;
    const since = mark && day === mark.day ? mark.seq : 0;
    for await (const page of pagesOf(await databases.open(databaseName.inbox(day)), since)) {
      const entries = page.map((doc) => fromDoc(doc, day)).filter(({ n }) => n > (mark?.n ?? 0));
      if (entries.length > 0) yield entries.sort((a, b) => a.n - b.n);
    }
  }
}

export function inbox({
  databases,
  clock,
  windowMs,
  lastN,
  onKept,
  onReached,
}: InboxOptions): Inbox {
  let n = lastN;
  let days:
    | { readonly day: string; readonly today: Database; readonly before: Database | undefined }
    | undefined;
  /** Of a write that threw: it may be on the disk all the same. */
  let uncertain: { readonly in: Database; readonly entries: readonly InboxEntry[] } | undefined;

  /**
   * Today's database, and the one before when there is one: a repeat may come after midnight.
   * Never an older day than the newest there is: days are read again in the order of their names,
   * so after a clock that stepped back places would come out of order.
   */
  const open = async () => {
    const today = dayOf(clock.now());
    if (days && today <= days.day) return days;
    const names = (await databases.names()).filter((name) => DAY_NAME.test(name));
    const [day = today] = [today, ...names.map((name) => name.slice(DAY_PREFIX.length))]
      .toSorted()
      .toReversed();
    const newest = names.findLast((name) => name < databaseName.inbox(day));
    days = {
      day,
      today: await databases.open(databaseName.inbox(day)),
      before: newest === undefined ? undefined : await databases.open(newest),
    };
    return days;
  };

  /** Tells of what a failed write left on the disk, before any later place is told: order is what sealing goes by. */
  const settleUncertain = async () => {
    if (!uncertain) return;
    const ids = uncertain.entries.map(({ uplink }) => uplink.identity);
    const durable = new Map(
      (await uncertain.in.getMany<InboxDoc>(ids)).map((doc) => [doc._id, doc.n]),
    );
    const { entries } = uncertain;
    uncertain = undefined;
    // The same place: otherwise it is a repeat of what was there before.
    for (const entry of entries) if (durable.get(entry.uplink.identity) === entry.n) onKept(entry);
  };

  const write = async (batch: readonly { tenant: TenantName; uplink: KeptUplink }[]) => {
    await settleUncertain();
    const { day, today, before } = await open();
    const known = new Set(
      (await before?.getMany(batch.map(({ uplink }) => uplink.identity)).catch(unlessGone))?.map(
        ({ _id }) => _id,
      ),
    );
    const fresh = new Map<string, InboxEntry>();
    for (const { tenant, uplink } of batch)
      if (!known.has(uplink.identity) && !fresh.has(uplink.identity))
        fresh.set(uplink.identity, { n: ++n, tenant, day, uplink });
    const entries = [...fresh.values()];
    const written = await (entries.length === 0
      ? []
      : today.bulk(entries.map(toDoc)).catch((error: unknown) => {
          uncertain = { in: today, entries };
          throw error;
        }));
    const outcomes = new Map(written.map((outcome) => [outcome.id, outcome]));
    const settled = batch.map(({ uplink }): "kept" | "repeat" | Fault => {
      const entry = fresh.get(uplink.identity);
      const outcome = outcomes.get(uplink.identity);
      if (!entry) return "repeat";
      // The first of two equal ones in a batch takes the entry; the second finds none left.
      fresh.delete(uplink.identity);
      if (outcome?.ok) {
        onKept(entry);
        return "kept";
      }
      if (outcome?.reason === "conflict") return "repeat";
      return new Fault("unavailable", "the uplink could not be made durable", {}, outcome?.message);
    });
    // Only a shortcut for the next start: what is durable is not taken back for it.
    const place = await today.info().catch(() => undefined);
    if (place) onReached({ day, n, seq: place.seq });
    return settled;
  };

  const commits = groupCommit({ write, windowMs, most: MOST_PER_COMMIT, clock });
  return {
    async keep(tenant, uplink) {
      const outcome = await commits.add({ tenant, uplink }).catch((error: unknown) => {
        throw new Fault("unavailable", "the uplink could not be made durable", {}, error);
      });
      if (outcome instanceof Fault) throw outcome;
      return outcome;
    },
    async dropDaysBefore(day) {
      const old = (await databases.names()).filter(
        (name) => (DAY_NAME.exec(name)?.[1] ?? day) < day,
      );
      for (const name of old) await databases.destroy(name);
      if (old.length > 0) days = undefined;
      return old;
    },
    beyond: (place) => void (n = Math.max(n, place)),
    flush: () => commits.flush(),
  };
}

/** A day's documents in the order they were written. */
async function* pagesOf(database: Database, from: string | number): AsyncGenerator<InboxDoc[]> {
  for (let since = from; ;) {
    const { changes, lastSeq } = await database.changes({ since, limit: PAGE, docs: true });
    if (changes.length > 0) yield changes.flatMap(({ doc }) => (doc ? [doc as InboxDoc] : []));
    if (changes.length < PAGE) return;
    since = lastSeq;
  }
}

/** A day that was dropped just now knows no repeats any more. */
function unlessGone(error: unknown): [] {
  if (isFault(error, "not_found")) return [];
  throw error;
}

function toDoc({ n, tenant, uplink }: InboxEntry): InboxDoc {
  const { identity, payload, ...rest } = uplink;
  return {
    _id: identity,
    v: 1,
    n,
    tenant,
    ...rest,
    payload: Buffer.from(payload).toString("base64"),
  };
}

function fromDoc(doc: InboxDoc, day: string): InboxEntry {
  const { _id, n, tenant, deviceId, session, fCnt, fPort, time, timeSource, heardAt, radio, via } =
    doc;
  const { decoder, undecoded, readings } = doc;
  const payload = new Uint8Array(Buffer.from(doc.payload, "base64"));
  return {
    n,
    tenant,
    day,
    uplink: {
      identity: _id,
      deviceId,
      session,
      fCnt,
      fPort,
      payload,
      time,
      timeSource,
      heardAt,
      radio,
      via,
      decoder,
      undecoded,
      readings,
    },
  };
}
