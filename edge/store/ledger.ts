/**
 * `ledger`: what this gateway refused, lost or gave up: per day a line for each reason, community and
 * device, with a count and a range, durable, and for each reason the sum since the gateway's first
 * start, which is what `/metrics` says.
 *
 * A database of its own, so that damage to another one can be written down. Lines about a community go
 * to its events and so to the hub. Never carries a person or a key.
 *
 * History: 1 = first release.
 */
import type { Database, Doc } from "#shared/couch/database.ts";
import type { EventLog } from "#shared/couch/event-log.ts";
import type { LedgerLine } from "#shared/model/events/ledger-page.ts";
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { RefusedWhat, Refusal } from "#shared/model/refusals.ts";

/** `line:{yyyymmdd}:{reason}:{tenant or -}:{device or -}`. */
export interface LineDoc extends Doc {
  readonly v: 1;
  readonly day: string;
  readonly reason: Refusal;
  readonly tenant: TenantName | null;
  readonly deviceId: DeviceId | null;
  readonly count: number;
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly about: string | null;
  /** How many of `count` are in a page for the hub. */
  readonly told: number;
}

/** `sums`: by reason, since the first start. */
interface SumsDoc extends Doc {
  readonly v: 1;
  readonly sums: Readonly<Partial<Record<Refusal, number>>>;
}

/** `page:{tenant}:{name}`: lines on their way into the community's events. */
interface PageDoc extends Doc {
  readonly v: 1;
  readonly tenant: TenantName;
  readonly name: string;
  readonly at: string;
  readonly lines: readonly LedgerLine[];
}

export interface Ledger {
  /** Writes a refusal down; in memory until the next flush. */
  note(reason: Refusal, count: number, what?: RefusedWhat): void;
  /** Makes what was noted durable. What cannot be written now is kept for the next time. */
  flush(): Promise<void>;
  /** Hands durable lines about communities to their events; what fails is tried again. */
  tell(events: Pick<EventLog, "append">): Promise<void>;
  /** Since the first start, what is in memory included. */
  sum(reason: Refusal): number;
  /** The same for all reasons that ever occurred. */
  sums(): Record<string, number>;
  /** The newest lines, newest first; at most `limit`. */
  newest(limit: number): Promise<LineDoc[]>;
}

export interface LedgerOptions {
  readonly database: Database;
  /** The day lines are written under, `yyyymmdd`. */
  readonly day: () => string;
  readonly now: () => number;
  readonly random: (size: number) => Uint8Array;
  /** The sums as remembered elsewhere: the ledger's own database may be the one that was damaged. */
  readonly remembered?: Partial<Record<Refusal, number>>;
}

interface Line {
  day: string;
  reason: Refusal;
  tenant: TenantName | null;
  deviceId: DeviceId | null;
  count: number;
  fromMs: number | null;
  toMs: number | null;
  about: string | null;
}

/** Different lines in memory at most; beyond it devices are not told apart. */
const MOST_LINES = 5_000;
const LINES_PER_PAGE = 1_000;
/** Lines of these reasons are told at once; what happens all day long, once an hour. */
const GRAVE: ReadonlySet<Refusal> = new Set([
  "store_full",
  "budget_full",
  "store_unavailable",
  "store_damaged",
  "database_damaged",
  "session_lost",
  "session_damaged",
  "session_foreign_key",
  "session_newer",
  "session_other_key",
  "keys_unopened",
  "copy_dropped",
]);
const TELL_EVERY_MS = 3_600_000;
/** Lines looked at for what is not told yet, newest days first. */
const MOST_LOOKED_AT = 2 * MOST_LINES;

export async function ledger(options: LedgerOptions): Promise<Ledger> {
  const { database, day, now, random, remembered = {} } = options;
  const stored = (await database.get<SumsDoc>("sums"))?.sums ?? {};
  const sums = new Map<Refusal, number>();
  for (const [reason, sum] of [...Object.entries(stored), ...Object.entries(remembered)])
    sums.set(reason as Refusal, Math.max(sum, sums.get(reason as Refusal) ?? 0));
  let noted = new Map<string, Line>();
  let flushing: Promise<void> = Promise.resolve();

  let lookedAtMs = now();
  const newest = (limit: number) =>
    database.list<LineDoc>({ from: "line:", to: "line:\uffff", descending: true, limit });

  const idOf = ({ day: of, reason, tenant, deviceId }: Line) =>
    `line:${of}:${reason}:${tenant ?? "-"}:${deviceId ?? "-"}`;
  const add = (line: Line) => {
    const id = idOf(line);
    const known = noted.get(id);
    if (!known && noted.size >= MOST_LINES && line.deviceId !== null)
      return add({ ...line, deviceId: null });
    noted.set(id, known ? joined(known, line) : line);
  };

  const flush = async () => {
    if (noted.size === 0) return;
    const taken = noted;
    noted = new Map();
    try {
      const before = await database.getMany<LineDoc>([...taken.keys()]);
      const oldSums = await database.get<SumsDoc>("sums");
      // What is noted from here on is in the next flush, and so in its sums.
      const durable = Object.fromEntries(sums);
      for (const { reason, count } of noted.values())
        durable[reason] = (durable[reason] ?? 0) - count;
      const old = new Map(before.map((doc) => [doc._id, doc]));
      const lines = [...taken].map(([id, line]): LineDoc => {
        const known = old.get(id);
        return known ? joined(known, line) : { _id: id, v: 1, ...line, told: 0 };
      });
      const grave = lines.filter(({ reason }) => GRAVE.has(reason));
      const others = lines.filter(({ reason }) => !GRAVE.has(reason));
      const written = await database.bulk([
        ...others,
        ...grave.map(asTold),
        { ...oldSums, _id: "sums", v: 1, sums: durable },
        ...pagesOf(grave),
      ]);
      const failed = written.filter(({ ok }) => !ok);
      // Nobody else writes here: documents fail one by one only when there is something wrong with one.
      for (const { id } of failed) {
        const line = taken.get(id);
        if (line) add(line);
      }
    } catch (error) {
      for (const line of taken.values()) add(line);
      throw error;
    }
  };

  /** One page per community, written together with its lines: told once, whatever comes between. */
  const pagesOf = (lines: readonly LineDoc[]): PageDoc[] => {
    const byTenant = new Map<TenantName, LedgerLine[]>();
    for (const { tenant, reason, deviceId, fromMs, toMs, about, ...line } of lines) {
      const count = line.count - line.told;
      if (tenant === null || count <= 0) continue;
      const list = byTenant.get(tenant) ?? [];
      byTenant.set(tenant, list);
      list.push({ reason, deviceId, count, fromMs, toMs, ...(about === null ? {} : { about }) });
    }
    const at = new Date(now()).toISOString();
    const stamp = at.slice(0, 19).replaceAll(/[-:]/g, "");
    return [...byTenant].flatMap(([tenant, all]) =>
      Array.from({ length: Math.ceil(all.length / LINES_PER_PAGE) }, (_, i): PageDoc => {
        const name = `${stamp}:${Buffer.from(random(4)).toString("hex")}`;
        const some = all.slice(i * LINES_PER_PAGE, (i + 1) * LINES_PER_PAGE);
        return { _id: `page:${tenant}:${name}`, v: 1, tenant, name, at, lines: some };
      }),
    );
  };

  return {
    note(reason, count, what = {}) {
      sums.set(reason, (sums.get(reason) ?? 0) + count);
      add({
        day: day(),
        reason,
        tenant: what.tenant ?? null,
        deviceId: what.deviceId ?? null,
        count,
        fromMs: what.fromMs ?? null,
        toMs: what.toMs ?? what.fromMs ?? null,
        about: what.about?.slice(0, 300) ?? null,
      });
    },
    flush() {
      flushing = flushing.then(flush, flush);
      return flushing;
    },
    async tell(events) {
      if (Math.abs(now() - lookedAtMs) >= TELL_EVERY_MS) {
        lookedAtMs = now();
        const lines = (await newest(MOST_LOOKED_AT)).filter(
          ({ tenant, count, told }) => tenant !== null && count > told,
        );
        if (lines.length > 0) await database.bulk([...lines.map(asTold), ...pagesOf(lines)]);
      }
      const pages = await database.list<PageDoc>({ from: "page:", to: "page:\uffff", limit: 50 });
      for (const { _id, _rev, tenant, name, at, lines } of pages) {
        await events.append(tenant, "ledger", name, { at, lines: [...lines] });
        await database.remove(_id, _rev as string);
      }
    },
    sum: (reason) => sums.get(reason) ?? 0,
    sums: () => Object.fromEntries(sums),
    newest,
  };
}

const asTold = (line: LineDoc): LineDoc => ({ ...line, told: line.count });

function joined<T extends Line | LineDoc>(a: T, b: Line): T {
  const least = (x: number | null, y: number | null) =>
    x === null || y === null ? (x ?? y) : Math.min(x, y);
  const most = (x: number | null, y: number | null) =>
    x === null || y === null ? (x ?? y) : Math.max(x, y);
  return {
    ...a,
    count: a.count + b.count,
    fromMs: least(a.fromMs, b.fromMs),
    toMs: most(a.toMs, b.toMs),
    about: b.about ?? a.about,
  };
}
