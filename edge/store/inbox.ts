/**
 * `inbox`: where an uplink becomes safe. One document each, raw and decoded, fsynced in groups;
 * only then is its sender told "received".
 *
 * A document's id is the uplink's identity, so the store itself refuses the second copy. Each day
 * has a database of its own, dropped whole when it is sealed, rolled up and two days old.
 * Gateway only; never replicated.
 *
 * History: 1 = first release.
 */
import type { Database, Databases, Doc } from "#shared/couch/database.ts";
import type { Clock } from "#shared/model/clock.ts";
import { databaseName, dayOf } from "#shared/model/database-names.ts";
import type { DecodedReading } from "#shared/model/decoder.ts";
import { Fault } from "#shared/model/fault.ts";
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { KeptUplink } from "#shared/model/kept-uplink.ts";
import type { Radio, TimeSource } from "#shared/model/uplink.ts";
import { groupCommit } from "./group-commit.ts";
import type { InboxPlace } from "./inbox-mark.ts";

/** An uplink in the inbox: `n` is its place in the order kept, over all days and communities. */
export interface InboxEntry {
  readonly n: number;
  readonly tenant: TenantName;
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

export interface Inbox {
  /** Resolves when the uplink is durable: now, or from before. @throws Fault "unavailable" */
  keep(tenant: TenantName, uplink: KeptUplink): Promise<"kept" | "repeat">;
  /** Drops the days before `day` (yyyymmdd); the caller knows that they are sealed and rolled up. */
  dropDaysBefore(day: string): Promise<string[]>;
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

/** What lies in the inbox beyond a mark, in the order kept, a page at a time. */
export async function* inboxEntries(
  databases: Databases,
  mark: InboxPlace | undefined,
): AsyncGenerator<InboxEntry[]> {
  for (const name of (await databases.names()).filter((one) => DAY_NAME.test(one))) {
    const day = name.slice("inbox-".length);
    if (mark && day < mark.day) continue;
    const since = mark && day === mark.day ? mark.seq : 0;
    for await (const page of pagesOf(await databases.open(name), since)) {
      const entries = page.map(fromDoc).filter(({ n }) => n > (mark?.n ?? 0));
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

  /** Today's database, and yesterday's when there is one: a repeat may come after midnight. */
  const open = async () => {
    const day = dayOf(clock.now());
    if (days?.day === day) return days;
    const names = (await databases.names()).filter(
      (name) => DAY_NAME.test(name) && name < databaseName.inbox(day),
    );
    const newest = names.at(-1);
    days = {
      day,
      today: await databases.open(databaseName.inbox(day)),
      before: newest === undefined ? undefined : await databases.open(newest),
    };
    return days;
  };

  const write = async (batch: readonly { tenant: TenantName; uplink: KeptUplink }[]) => {
    const { day, today, before } = await open();
    const known = new Set(
      (await before?.getMany(batch.map(({ uplink }) => uplink.identity)))?.map(({ _id }) => _id),
    );
    const fresh = new Map<string, InboxEntry>();
    for (const { tenant, uplink } of batch)
      if (!known.has(uplink.identity) && !fresh.has(uplink.identity))
        fresh.set(uplink.identity, { n: ++n, tenant, uplink });
    const outcomes = new Map(
      (fresh.size === 0 ? [] : await today.bulk([...fresh.values()].map(toDoc))).map((outcome) => [
        outcome.id,
        outcome,
      ]),
    );
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
    onReached({ day, n, seq: (await today.info()).seq });
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

function fromDoc(doc: InboxDoc): InboxEntry {
  const { _id, n, tenant, deviceId, session, fCnt, fPort, time, timeSource, heardAt, radio, via } =
    doc;
  const { decoder, undecoded, readings } = doc;
  const payload = new Uint8Array(Buffer.from(doc.payload, "base64"));
  return {
    n,
    tenant,
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
