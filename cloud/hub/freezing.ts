/**
 * `freezing`: turns a month whose raw time is over into history, and lets go of its segments.
 *
 * In this order, so that a cut anywhere only repeats work: every device's month is frozen and
 * written; then the word that the month is (`month` in its hist database); then the rollup's days of
 * it are let go of, as far as they are still those that were frozen; then the segments, when all of them
 * are in the rollup. Nothing is dropped while a gateway may still hold a part of the month that is not
 * here. Readings that come later make a further version.
 */
import { createHash } from "node:crypto";
import type { CommunityDoc } from "#cloud/areas/communities/community-store.ts";
import type { DeviceDoc } from "#cloud/areas/devices/device-store.ts";
import type { Database, Databases, Doc, Shelf } from "#shared/couch/database.ts";
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
import { freezeMonth, type FrozenMonth } from "#shared/series/freeze.ts";
import { packFrozen, type FrozenSeries } from "#shared/series/frozen-columns.ts";
import type { HistoryStore } from "#shared/series/history-store.ts";
import { basisOf } from "#shared/series/rollup-basis.ts";
import { latestId, removeDays, type LatestDoc } from "#shared/series/rollup.ts";
import { storedRows } from "#shared/series/stored-rows.ts";
import type { InTurn } from "./in-turn.ts";
import { monthParts, notRolledUp, type MonthParts } from "./month-parts.ts";
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
  /** By community: nobody else writes its days meanwhile. The rollup takes its turn there. */
  readonly inTurn: InTurn;
  /** All segments that are here are in the rollup. Not to be awaited in turn. */
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
  const { databases, roll, months, history, clock, retentionOf, inTurn, log } = parts;
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

  const daysOf = (tenant: TenantName, deviceId: DeviceId, month: string) => {
    const { fromMs, toMs } = monthBounds(month);
    const [from, to] = [fromMs, toMs - 1].map((ms) => dayId(tenant, deviceId, ms)) as [
      string,
      string,
    ];
    return roll.list<DayDoc>({ from, to });
  };

  /** A device's month as it is frozen from the days that are here and an older version. */
  const frozenNow = async (
    community: CommunityDoc,
    deviceId: DeviceId,
    device: DeviceDoc | undefined,
    month: string,
    old: FrozenSeries | undefined,
  ) => {
    const { tenant } = community;
    const { fromMs, toMs } = monthBounds(month);
    const before = await history.newest(tenant, deviceId, monthOf(fromMs - 1));
    const kind: MeterKind | undefined = device && meterKinds[device.kind];
    const isPlain = device?.installations.every(({ multiplier }) => multiplier === undefined);
    return freezeMonth({
      rows: await stored.around(tenant, deviceId, fromMs, toMs),
      old,
      monthBefore: before?.series,
      fromMs,
      toMs,
      zones: zonesOf(community),
      gapMs: device ? gapOf(device) : 3 * 3_600_000,
      counter: isPlain ? device?.counter : undefined,
      gauge: kind?.gauge,
      movedMs: movesOf(device),
    });
  };

  /** Writes a device's month for the first time. False when there is nothing of it. */
  const freezeDevice = async (
    community: CommunityDoc,
    deviceId: DeviceId,
    device: DeviceDoc | undefined,
    month: string,
  ): Promise<boolean> => {
    const old = await history.newest(community.tenant, deviceId, month);
    // All of the month's days are here still: a version from before a cut says no more than they do.
    const frozen = await frozenNow(community, deviceId, device, month, undefined);
    if (!frozen) return old !== undefined;
    const isSame = old && packFrozen(old.series) === packFrozen(frozen.hours);
    const version = (old?.version ?? 0) + (isSame ? 0 : 1);
    await writeFrozen(community.tenant, deviceId, month, version, frozen);
    return true;
  };

  /** Writes a further version of a device's month, with what came since. */
  const freezeAgain = async (
    community: CommunityDoc,
    deviceId: DeviceId,
    device: DeviceDoc | undefined,
    month: string,
  ): Promise<void> => {
    const old = await history.newest(community.tenant, deviceId, month);
    const frozen = await frozenNow(community, deviceId, device, month, old?.series);
    // Nothing new came: the version there is says it all.
    if (!frozen || (old && frozen.late === 0)) return;
    await writeFrozen(community.tenant, deviceId, month, (old?.version ?? 0) + 1, frozen);
  };

  const writeFrozen = async (
    tenant: TenantName,
    deviceId: DeviceId,
    month: string,
    version: number,
    frozen: FrozenMonth,
  ) => {
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

  /** How many devices have something of the month; undefined when their days are not whole just now. */
  const freeze = async (
    community: CommunityDoc,
    database: Database,
    month: string,
    segments: MonthParts,
  ) => {
    const { tenant } = community;
    const devices = new Map((await parts.devicesOf(community)).map((one) => [one.deviceId, one]));
    const looks = new Map<DeviceId, string>();
    let [many, isWhole] = [0, true];
    // Another run may have been cut off a moment ago.
    history.changed();
    for (const deviceId of await devicesIn(tenant)) {
      await breathe();
      await inTurn(tenant, async () => {
        isWhole = ((await basisOf(roll, tenant))?.again.size ?? 0) === 0;
        if (!isWhole) return;
        if (await freezeDevice(community, deviceId, devices.get(deviceId), month)) many++;
        looks.set(deviceId, lookOf(await daysOf(tenant, deviceId, month)));
      });
      if (!isWhole) return undefined;
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
    await letGo(community, database, month, looks);
    return many;
  };

  /**
   * Drops what was derived of the month, and its segments. What was written since it was frozen stays, to
   * make a further version.
   *
   * @param looks how the days of each device looked that were frozen; not known any more after a cut
   */
  const letGo = async (
    community: CommunityDoc,
    database: Database,
    month: string,
    looks?: ReadonlyMap<DeviceId, string>,
  ) => {
    const { tenant } = community;
    const devices = new Map((await parts.devicesOf(community)).map((one) => [one.deviceId, one]));
    const isFrozenAs = async (deviceId: DeviceId, days: readonly DayDoc[]) => {
      if (looks) return looks.get(deviceId) === lookOf(days);
      const old = await history.newest(tenant, deviceId, month);
      const now = await frozenNow(community, deviceId, devices.get(deviceId), month, undefined);
      return !now || (old && packFrozen(old.series) === packFrozen(now.hours));
    };
    for (const deviceId of await devicesIn(tenant)) {
      await breathe();
      await inTurn(tenant, async () => {
        const days = await daysOf(tenant, deviceId, month);
        if (days.length > 0 && (await isFrozenAs(deviceId, days))) await removeDays(roll, days);
      });
    }
    await parts.caughtUp();
    const out = await notRolledUp(database, roll, tenant);
    if (out === undefined) await months.drop(database.name);
    else log.warn({ tenant, month, segment: out }, "a segment came late and is not rolled up yet");
  };

  /** Readings of frozen months that came since. */
  const takeLate = async (community: CommunityDoc, frozenMonths: readonly string[]) => {
    const { tenant } = community;
    const [first, last] = [frozenMonths[0], frozenMonths.at(-1)];
    if (first === undefined || last === undefined) return;
    const devices = new Map((await parts.devicesOf(community)).map((one) => [one.deviceId, one]));
    for (const deviceId of await devicesIn(tenant))
      await inTurn(tenant, async () => {
        const days = await roll.list<DayDoc>({
          from: dayId(tenant, deviceId, monthBounds(first).fromMs),
          to: dayId(tenant, deviceId, monthBounds(last).toMs - 1),
        });
        const late = new Set(days.map(({ dayMs }) => monthOf(dayMs)));
        for (const month of [...late].filter((one) => frozenMonths.includes(one))) {
          await freezeAgain(community, deviceId, devices.get(deviceId), month);
          const theirs = days.filter(({ dayMs }) => monthOf(dayMs) === month);
          await removeDays(roll, theirs);
          changed(tenant);
          log.info({ tenant, month }, "readings that came late are in a further version");
        }
      });
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
          await letGo(community, database, month);
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
        const out = await notRolledUp(database, roll, tenant);
        const devices = out ? undefined : await freeze(community, database, month, segments);
        if (devices === undefined) {
          outcomes.push({ month, is: "waiting", why: [out ? `${out} ${NOT_YET}` : ANEW] });
          break;
        }
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

const NOT_YET = "is not rolled up yet";
const ANEW = "readings are being derived anew";

/** Another text after each change of days. */
function lookOf(days: readonly DayDoc[]): string {
  const hash = createHash("sha256");
  for (const { _rev, ...day } of days) hash.update(`${JSON.stringify(day)}\n`);
  return hash.digest("base64url");
}

const zonesOf = ({ zones }: CommunityDoc): Zones =>
  zones.map(({ from, zone }) => ({ fromMs: Date.parse(from), zone }));

function movesOf(device: DeviceDoc | undefined): number[] {
  return (device?.installations ?? []).flatMap(({ from, to }) => [
    Date.parse(from),
    ...(to === undefined ? [] : [Date.parse(to)]),
  ]);
}
