/**
 * `months`: makes sure that the databases into which a community's gateways replicate are there
 * before they are needed: this month's and the next one's, and those that began while no hub ran:
 * gateways sealed segments into them. Knows which months there are.
 */
import { createHash } from "node:crypto";
import type { Databases, Database } from "#shared/couch/database.ts";
import type { Clock } from "#shared/model/clock.ts";
import { databaseName, monthOf, parseDatabaseName } from "#shared/model/database-names.ts";
import { Fault } from "#shared/model/fault.ts";
import type { TenantName } from "#shared/model/ids.ts";

/** Months of absence that are made up for, at most: a clock that was wrong makes no thousands. */
const MOST_MISSED = 24;

export interface Months {
  /** Makes what is missing. */
  ensure(tenants: readonly TenantName[]): Promise<void>;
  /** A community's months of segments, oldest first. */
  tele(tenant: TenantName): Promise<Database[]>;
  /** The databases of a community's history; `version` is another text after each change of them. */
  history(
    tenant: TenantName,
  ): Promise<{ readonly names: readonly string[]; readonly version: string }>;
  /** A month was frozen, or history was dropped. */
  historyChanged(tenant: TenantName): void;
  /** Lets go of a month of segments for good. */
  drop(name: string): Promise<void>;
  /** Another text after each write into a database; "-" for one that is not there. */
  version(name: string): Promise<string>;
  /** Somebody wrote into it just now. */
  written(name: string): void;
  /** Months (`yyyymm`) of which there are databases, oldest first. */
  list(tenant: TenantName): string[];
  /** Its databases were destroyed. */
  forget(tenant: TenantName): void;
  /**
   * Makes one month's databases, whatever is thought to be there: for a gateway whose clock was
   * ahead, and for databases that were lost. True when one was missing.
   * @throws Fault "invalid" for a month that cannot be
   */
  make(tenant: TenantName, month: string): Promise<boolean>;
}

/** Months that only a wrong clock can mean, per community: as many databases a gateway may cause, and no more. */
const MOST_ODD = 12;
/** Another process of the hub may have written: a version is looked up again after this, ms. */
const VERSION_MS = 20_000;
/** Nothing was heard before. */
const FIRST_MONTH = "202001";

/** Another process may have frozen a month: looked at again after this. */
const HISTORY_MS = 600_000;

interface HistoryTold {
  readonly names: readonly string[];
  readonly version: string;
}

async function historyOf(databases: Databases, tenant: TenantName): Promise<HistoryTold> {
  const names: string[] = [];
  const seqs: string[] = [];
  for (const name of await databases.names()) {
    const parsed = parseDatabaseName(name);
    if ((parsed?.kind !== "hist" && parsed?.kind !== "daily") || parsed.tenant !== tenant) continue;
    const database = await databases.openExisting(name);
    if (!database) continue;
    names.push(name);
    seqs.push(`${name} ${(await database.info()).seq}`);
    await database.close();
  }
  const version = createHash("sha256").update(seqs.join("\n")).digest("base64url").slice(0, 16);
  return { names, version: names.length === 0 ? "" : version };
}

/** Whether the hub has said that all of a month is frozen. */
export async function isFrozen(
  databases: Databases,
  tenant: TenantName,
  month: string,
): Promise<boolean> {
  const hist = await databases.openExisting(databaseName.hist(tenant, month));
  if (!hist) return false;
  try {
    return (await hist.get("month")) !== undefined;
  } finally {
    await hist.close();
  }
}

/** The newest month of which the hub has said that all of it is frozen. */
export async function lastFrozen(
  databases: Databases,
  tenant: TenantName,
): Promise<string | undefined> {
  const found = (await databases.names()).flatMap((name) => {
    const parsed = parseDatabaseName(name);
    return parsed?.kind === "hist" && parsed.tenant === tenant ? [parsed.month] : [];
  });
  for (const month of found.sort().toReversed())
    if (await isFrozen(databases, tenant, month)) return month;
  return undefined;
}

export async function months(databases: Databases, clock: Clock): Promise<Months> {
  const known = new Set((await databases.names()).filter((name) => parseDatabaseName(name)));
  const ensured = new Set<string>();
  const versions = new Map<string, { readonly text: string; readonly atMs: number }>();
  const histories = new Map<TenantName, { told: Promise<HistoryTold>; untilMs: number }>();
  const month = (offset: number) => {
    const date = new Date(clock.now());
    return monthOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset, 1));
  };
  /** This month, the next one, and those between the last one there is and this one. */
  const wanted = (tenant: TenantName) => {
    const months = [month(0), month(1)];
    if (known.has(databaseName.tele(tenant, month(0)))) return months;
    const missed: string[] = [];
    for (let back = 1; back <= MOST_MISSED; back++) {
      if (known.has(databaseName.tele(tenant, month(-back)))) return [...missed, ...months];
      missed.push(month(-back));
    }
    return months;
  };
  const list = (tenant: TenantName) =>
    [...known]
      .flatMap((name) => {
        const parsed = parseDatabaseName(name);
        return parsed?.kind === "tele" && parsed.tenant === tenant ? [parsed.month] : [];
      })
      .sort();
  return {
    async ensure(tenants) {
      for (const tenant of tenants)
        for (const one of wanted(tenant))
          for (const name of [databaseName.events(tenant, one), databaseName.tele(tenant, one)]) {
            if (ensured.has(name)) continue;
            // One that is there may have been cut off before it was opened to its gateways.
            const there = known.has(name) ? await databases.openExisting(name) : undefined;
            await (there ?? (await databases.open(name))).close();
            known.add(name);
            ensured.add(name);
          }
    },
    list,
    written: (name) => void versions.delete(name),
    async version(name) {
      const known = versions.get(name);
      if (known && Math.abs(clock.now() - known.atMs) < VERSION_MS) return known.text;
      const atMs = clock.now();
      const database = await databases.openExisting(name);
      const seq = database ? String((await database.info()).seq) : "-";
      const text = createHash("sha256").update(seq).digest("base64url").slice(0, 10);
      versions.set(name, { text, atMs });
      return text;
    },
    async history(tenant) {
      const held = histories.get(tenant);
      if (held && clock.now() < held.untilMs) return held.told;
      const told = historyOf(databases, tenant);
      histories.set(tenant, { told, untilMs: clock.now() + HISTORY_MS });
      told.catch(() => histories.delete(tenant));
      return told;
    },
    historyChanged: (tenant) => void histories.delete(tenant),
    async drop(name) {
      known.delete(name);
      ensured.delete(name);
      await databases.destroy(name);
    },
    forget(tenant) {
      for (const name of known) {
        const parsed = parseDatabaseName(name);
        if (!parsed || !("tenant" in parsed) || parsed.tenant !== tenant) continue;
        known.delete(name);
        ensured.delete(name);
      }
    },
    async make(tenant, one) {
      const isOdd = (at: string) => at < FIRST_MONTH || at > month(1);
      const odd = list(tenant).filter((at) => isOdd(at) && at !== one);
      if (isOdd(one) && odd.length >= MOST_ODD)
        throw new Fault("invalid", "There are too many months of a wrong clock already.");
      // What was let go of is history: nobody brings its segments back.
      if (await isFrozen(databases, tenant, one)) return false;
      let isNew = false;
      for (const name of [databaseName.events(tenant, one), databaseName.tele(tenant, one)]) {
        const there = await databases.openExisting(name);
        if (!there) isNew = true;
        await (there ?? (await databases.open(name))).close();
        known.add(name);
        ensured.add(name);
      }
      return isNew;
    },
    async tele(tenant) {
      const names = [...known].filter((name) => {
        const parsed = parseDatabaseName(name);
        return parsed?.kind === "tele" && parsed.tenant === tenant;
      });
      const found = await Promise.all(names.sort().map((name) => databases.openExisting(name)));
      return found.filter((database) => database !== undefined);
    },
  };
}
