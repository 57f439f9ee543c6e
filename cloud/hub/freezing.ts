/**
 * `freezing`: turns a month whose raw time is over into history, and lets go of its segments.
 *
 * In this order, so that a cut anywhere only repeats work: every device's month is frozen and
 * written; then the word that the month is (`month` in its hist database); then the segments and
 * the rollup's days of it are dropped. Nothing is dropped while a gateway may still hold a part of
 * the month that is not here. Readings that come later make a further version.
 */
import type { CommunityDoc } from "#cloud/areas/communities/community-store.ts";
import type { DeviceDoc } from "#cloud/areas/devices/device-store.ts";
import type { Databases, Doc, Shelf } from "#shared/couch/database.ts";
import type { Clock } from "#shared/model/clock.ts";
import {
  databaseName,
  monthBounds,
  monthOf,
  parseDatabaseName,
} from "#shared/model/database-names.ts";
import { dailyId, FrozenMonthDoc, histId, type FrozenDoc } from "#shared/model/frozen.ts";
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import { meterKinds, type MeterKind } from "#shared/model/meter-kinds.ts";
import { gapOf } from "#shared/series/billing.ts";
import { breathe } from "#shared/series/breathe.ts";
import type { Zones } from "#shared/series/calendar.ts";
import { DAY_MS, dayId, dayStart, type DayDoc } from "#shared/series/day.ts";
import { freezeMonth } from "#shared/series/freeze.ts";
import { packFrozen } from "#shared/series/frozen-columns.ts";
import type { HistoryStore } from "#shared/series/history-store.ts";
import { forgetDays, latestId, type LatestDoc } from "#shared/series/rollup.ts";
import { storedRows } from "#shared/series/stored-rows.ts";
import { monthParts, type MonthParts } from "./month-parts.ts";
import { isFrozen, type Months } from "./months.ts";

/** How long each class of data is kept. */
export interface Retention {
  /** Raw uplinks, days after the end of their month. */
  readonly rawDays: number;
  /** Hourly indexes, months. */
  readonly hourlyMonths: number;
  /** Daily indexes, months; dropped by whole years. */
  readonly dailyMonths: number;
}

export interface FreezingParts {
  readonly databases: Databases;
  readonly roll: Shelf;
  readonly months: Months;
  readonly history: HistoryStore;
  readonly clock: Clock;
  /** What holds for a community. */
  readonly retentionOf: (community: CommunityDoc) => Promise<Retention>;
  /** A community's devices, those that were taken away among them. */
  readonly devicesOf: (community: CommunityDoc) => Promise<readonly DeviceDoc[]>;
  /**
   * Who may still hold a part of the month that is not here, in words for the operator; empty when
   * nobody does. See `month-parts`.
   */
  readonly whoIsMissing: (
    community: CommunityDoc,
    month: string,
    parts: MonthParts,
  ) => Promise<readonly string[]>;
  /** All segments that are here are in the rollup. */
  readonly caughtUp: () => Promise<void>;
  readonly log: {
    info(about: object, message: string): void;
    warn(about: object, message: string): void;
  };
}

/** What became of a month. */
export type Outcome =
  | { readonly month: string; readonly is: "frozen"; readonly devices: number }
  | { readonly month: string; readonly is: "waiting"; readonly why: readonly string[] };

export interface Freezing {
  /** Does what is due in a community. Safe to be cut off and to be called again at any time. */
  run(community: CommunityDoc): Promise<Outcome[]>;
}

export function freezing(parts: FreezingParts): Freezing {
  const { databases, roll, months, history, clock, retentionOf, log } = parts;
  const stored = storedRows(roll);
  const changed = (tenant: TenantName) => {
    history.changed();
    months.historyChanged(tenant);
  };

  const devicesIn = async (tenant: TenantName): Promise<DeviceId[]> => {
    const prefix = latestId(tenant, "" as DeviceId);
    const docs = await roll.list<LatestDoc>({ from: prefix, to: `${prefix}\uffff` });
    return docs.map(({ _id }) => _id.slice(prefix.length) as DeviceId);
  };

  /** Writes a further version of a device's month, or its first. False when there is nothing of it. */
  const freezeDevice = async (
    community: CommunityDoc,
    deviceId: DeviceId,
    device: DeviceDoc | undefined,
    month: string,
  ): Promise<boolean> => {
    const { tenant } = community;
    const { fromMs, toMs } = monthBounds(month);
    const old = await history.newest(tenant, deviceId, month);
    const before = await history.newest(tenant, deviceId, monthOf(fromMs - 1));
    const kind: MeterKind | undefined = device && meterKinds[device.kind];
    const isPlain = device?.installations.every(({ multiplier }) => multiplier === undefined);
    const frozen = freezeMonth({
      rows: await stored.around(tenant, deviceId, fromMs, toMs),
      old: old?.series,
      monthBefore: before?.series,
      fromMs,
      toMs,
      zones: zonesOf(community),
      gapMs: device ? gapOf(device) : 3 * 3_600_000,
      counter: isPlain ? device?.counter : undefined,
      gauge: kind?.gauge,
      movedMs: movesOf(device),
    });
    // Nothing new came: the version there is says it all.
    if (!frozen || (old && frozen.late === 0)) return old !== undefined;
    const version = (old?.version ?? 0) + 1;
    const frozenAt = new Date(clock.now()).toISOString();
    const doc = (by: "hour" | "day", columns: string): FrozenDoc => ({
      _id: by === "hour" ? histId(deviceId, version) : dailyId(deviceId, month, version),
      type: "frozen",
      v: 1,
      deviceId,
      month,
      by,
      version,
      frozenAt,
      late: frozen.late,
      columns,
    });
    // The daily one first: a version counts once its hours are there.
    await written(
      databaseName.daily(tenant, month.slice(0, 4)),
      doc("day", packFrozen(frozen.days)),
    );
    await written(databaseName.hist(tenant, month), doc("hour", packFrozen(frozen.hours)));
    return true;
  };

  const written = async (name: string, doc: Doc) => {
    const database = await databases.open(name);
    try {
      const old = await database.get(doc._id);
      // A cut came between the two: what is there was made from the same readings.
      if (!old) await database.put(doc);
    } finally {
      await database.close();
    }
  };

  const freeze = async (community: CommunityDoc, month: string, segments: MonthParts) => {
    const { tenant } = community;
    const devices = new Map((await parts.devicesOf(community)).map((one) => [one.deviceId, one]));
    const ids = await devicesIn(tenant);
    let many = 0;
    for (const deviceId of ids) {
      await breathe();
      if (await freezeDevice(community, deviceId, devices.get(deviceId), month)) many++;
    }
    await written(databaseName.hist(tenant, month), {
      ...FrozenMonthDoc.parse({
        _id: "month",
        type: "frozen-month",
        v: 1,
        month,
        frozenAt: new Date(clock.now()).toISOString(),
        devices: many,
        segments: segments.runs,
      }),
    });
    changed(tenant);
    await letGo(tenant, month, ids);
    return many;
  };

  /** Drops the month's segments and what was derived of them. */
  const letGo = async (tenant: TenantName, month: string, ids: readonly DeviceId[]) => {
    const { fromMs, toMs } = monthBounds(month);
    await months.drop(databaseName.tele(tenant, month));
    await forgetDays(roll, tenant, ids, fromMs, toMs - 1);
  };

  /** Readings of frozen months that came since. */
  const takeLate = async (community: CommunityDoc, frozenMonths: readonly string[]) => {
    const { tenant } = community;
    const [first, last] = [frozenMonths[0], frozenMonths.at(-1)];
    if (first === undefined || last === undefined) return;
    const devices = new Map((await parts.devicesOf(community)).map((one) => [one.deviceId, one]));
    for (const deviceId of await devicesIn(tenant)) {
      const days = await roll.list<DayDoc>({
        from: dayId(tenant, deviceId, monthBounds(first).fromMs),
        to: dayId(tenant, deviceId, monthBounds(last).toMs - 1),
      });
      const late = new Set(days.map(({ dayMs }) => monthOf(dayMs)));
      for (const month of [...late].filter((one) => frozenMonths.includes(one))) {
        await freezeDevice(community, deviceId, devices.get(deviceId), month);
        const { fromMs, toMs } = monthBounds(month);
        await forgetDays(roll, tenant, [deviceId], fromMs, toMs - 1);
        changed(tenant);
        log.info({ tenant, month }, "readings that came late are in a further version");
      }
    }
  };

  /** Months that are frozen whole, oldest first. */
  const frozenMonths = async (tenant: TenantName): Promise<string[]> => {
    const found: string[] = [];
    for (const name of await databases.names()) {
      const parsed = parseDatabaseName(name);
      if (parsed?.kind !== "hist" || parsed.tenant !== tenant) continue;
      if (await isFrozen(databases, tenant, parsed.month)) found.push(parsed.month);
    }
    return found.sort();
  };

  const dropOld = async (tenant: TenantName, retention: Retention) => {
    const [hourly, daily] = [monthsAgo(retention.hourlyMonths), monthsAgo(retention.dailyMonths)];
    for (const name of await databases.names()) {
      const parsed = parseDatabaseName(name);
      const isOver =
        (parsed?.kind === "hist" && parsed.tenant === tenant && parsed.month < hourly) ||
        (parsed?.kind === "daily" && parsed.tenant === tenant && `${parsed.year}12` < daily);
      if (!isOver) continue;
      await databases.destroy(name);
      changed(tenant);
      log.info({ tenant, name }, "history beyond its time was dropped");
    }
  };

  const monthsAgo = (many: number) => {
    const now = new Date(clock.now());
    return monthOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - many, 1));
  };

  return {
    async run(community) {
      const { tenant } = community;
      const retention = await retentionOf(community);
      const outcomes: Outcome[] = [];
      const frozen = await frozenMonths(tenant);
      for (const database of await months.tele(tenant)) {
        const parsed = parseDatabaseName(database.name);
        if (parsed?.kind !== "tele") continue;
        const { month } = parsed;
        if (monthBounds(month).toMs + retention.rawDays * DAY_MS > dayStart(clock.now())) continue;
        // The word was given, and a cut came before the rest.
        if (frozen.includes(month)) {
          await letGo(tenant, month, await devicesIn(tenant));
          continue;
        }
        const segments = await monthParts(database);
        const why = await parts.whoIsMissing(community, month, segments);
        if (why.length > 0) {
          outcomes.push({ month, is: "waiting", why });
          // An older month first: later ones lean on it.
          break;
        }
        await parts.caughtUp();
        const devices = await freeze(community, month, segments);
        frozen.push(month);
        outcomes.push({ month, is: "frozen", devices });
        log.info({ tenant, month, devices }, "a month is frozen, its segments are dropped");
      }
      await takeLate(community, frozen);
      await dropOld(tenant, retention);
      return outcomes;
    },
  };
}

const zonesOf = ({ zones }: CommunityDoc): Zones =>
  zones.map(({ from, zone }) => ({ fromMs: Date.parse(from), zone }));

function movesOf(device: DeviceDoc | undefined): number[] {
  return (device?.installations ?? []).flatMap(({ from, to }) => [
    Date.parse(from),
    ...(to === undefined ? [] : [Date.parse(to)]),
  ]);
}
