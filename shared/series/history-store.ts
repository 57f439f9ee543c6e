/**
 * `history-store`: frozen months out of their databases, the newest version of each.
 *
 * The same on both sides. A document that is damaged counts as not there: then the month is shown
 * as a gap, and everything else goes on.
 */
import type { Clock } from "#shared/model/clock.ts";
import {
  databaseName,
  monthBounds,
  monthOf,
  parseDatabaseName,
} from "#shared/model/database-names.ts";
import { FrozenDoc } from "#shared/model/frozen.ts";
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import { unpackFrozen, type FrozenSeries } from "./frozen-columns.ts";
import { nothingFrozen, type FrozenStretch, type History } from "./history.ts";
import type { StoredDoc } from "./series-store.ts";

/** `Databases` of `shared/couch` fits it. */
export interface FrozenDatabases {
  names(): Promise<string[]>;
  openExisting(name: string): Promise<
    | {
        list<T extends StoredDoc>(options: { from: string; to: string }): Promise<T[]>;
        close(): Promise<void>;
      }
    | undefined
  >;
}

export interface HistoryStore extends History {
  /** The newest version of a device's month, with its number. */
  newest(
    tenant: TenantName,
    deviceId: DeviceId,
    month: string,
  ): Promise<{ readonly version: number; readonly series: FrozenSeries } | undefined>;
  /** Months and years were added or dropped. */
  changed(): void;
}

/** Names are asked for again after this: another process may have frozen a month. */
const NAMES_MS = 60_000;

export function historyStore({
  databases,
  clock,
  onDamaged = () => undefined,
}: {
  readonly databases: FrozenDatabases;
  readonly clock: Clock;
  readonly onDamaged?: (id: string) => void;
}): HistoryStore {
  let known: { readonly names: Promise<ReadonlySet<string>>; readonly untilMs: number } | undefined;
  const names = () => {
    if (!known || clock.now() >= known.untilMs) {
      const asked = databases
        .names()
        .then(
          (all) =>
            new Set(
              all.filter((n) => ["hist", "daily"].includes(parseDatabaseName(n)?.kind ?? "")),
            ),
        );
      known = { names: asked, untilMs: clock.now() + NAMES_MS };
      asked.catch(() => (known = undefined));
    }
    return known.names;
  };

  const docsIn = async (name: string, prefix: string): Promise<FrozenDoc[]> => {
    const database = await databases.openExisting(name);
    if (!database) return [];
    try {
      const docs = await database.list<StoredDoc>({ from: prefix, to: `${prefix}\uffff` });
      return docs.flatMap((doc) => {
        const parsed = FrozenDoc.safeParse(doc);
        if (!parsed.success) onDamaged(doc._id);
        return parsed.success ? [parsed.data] : [];
      });
    } finally {
      await database.close();
    }
  };

  /** The newest version that can be read of each month. */
  const seriesOf = (docs: readonly FrozenDoc[]) => {
    const months = new Map<string, { version: number; series: FrozenSeries }>();
    for (const { _id, month, version, columns } of docs.toSorted((a, b) => b.version - a.version)) {
      if (months.has(month)) continue;
      try {
        months.set(month, { version, series: unpackFrozen(columns) });
      } catch {
        onDamaged(_id);
      }
    }
    return months;
  };

  const hourlyOf = async (tenant: TenantName, deviceId: DeviceId, months: readonly string[]) => {
    const there = await names();
    const docs: FrozenDoc[] = [];
    for (const month of months) {
      const name = databaseName.hist(tenant, month);
      if (there.has(name)) docs.push(...(await docsIn(name, `h:${deviceId}:`)));
    }
    return seriesOf(docs);
  };

  const dailyOf = async (tenant: TenantName, deviceId: DeviceId, months: readonly string[]) => {
    const there = await names();
    const docs: FrozenDoc[] = [];
    for (const year of new Set(months.map((month) => month.slice(0, 4)))) {
      const name = databaseName.daily(tenant, year);
      if (!there.has(name)) continue;
      for (const doc of await docsIn(name, `d:${deviceId}:`))
        if (months.includes(doc.month)) docs.push(doc);
    }
    return seriesOf(docs);
  };

  return {
    async frozen(tenant, deviceId, fromMs, toMs, by): Promise<FrozenStretch> {
      const mine = [...(await names())].filter((name) => parseOf(name) === tenant);
      if (mine.length === 0) return nothingFrozen;
      const months = monthsAround(fromMs, toMs, mine);
      const found =
        by === "hour"
          ? await hourlyOf(tenant, deviceId, months)
          : await dailyOf(tenant, deviceId, months);
      const missing = months.filter((month) => !found.has(month));
      const others =
        by === "hour"
          ? await dailyOf(tenant, deviceId, missing)
          : await hourlyOf(tenant, deviceId, missing);
      for (const [month, series] of others) found.set(month, series);
      const ordered = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
      return {
        months: new Set(found.keys()),
        indexes: ordered.flatMap(([, { series }]) => series.indexes),
        gauges: ordered.flatMap(([, { series }]) => series.gauges),
      };
    },
    async newest(tenant, deviceId, month) {
      return (
        (await hourlyOf(tenant, deviceId, [month])).get(month) ??
        (await dailyOf(tenant, deviceId, [month])).get(month)
      );
    },
    changed() {
      known = undefined;
    },
  };
}

function parseOf(name: string): TenantName | undefined {
  const parsed = parseDatabaseName(name);
  return parsed && "tenant" in parsed ? parsed.tenant : undefined;
}

/** The months from the one before `fromMs` to the one after `toMs` of which anything can be frozen. */
function monthsAround(fromMs: number, toMs: number, names: readonly string[]): string[] {
  const spans = names.flatMap((name): [string, string][] => {
    const parsed = parseDatabaseName(name);
    if (parsed?.kind === "hist") return [[parsed.month, parsed.month]];
    return parsed?.kind === "daily" ? [[`${parsed.year}01`, `${parsed.year}12`]] : [];
  });
  const first = spans.map(([from]) => from).reduce((a, b) => (a < b ? a : b));
  const last = spans.map(([, to]) => to).reduce((a, b) => (a > b ? a : b));
  const months: string[] = [];
  let atMs = Math.max(
    monthBounds(first).fromMs,
    dayBefore(monthBounds(monthOf(clamped(fromMs))).fromMs),
  );
  const endMs = Math.min(monthBounds(last).toMs, monthBounds(monthOf(clamped(toMs))).toMs + 1);
  while (atMs < endMs) {
    const month = monthOf(atMs);
    months.push(month);
    atMs = monthBounds(month).toMs;
  }
  return months;
}

const dayBefore = (timeMs: number) => timeMs - 86_400_000;
/** Within what a month's name can say. */
const clamped = (timeMs: number) => Math.min(Math.max(timeMs, 0), Date.UTC(9998, 0));
