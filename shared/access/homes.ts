/**
 * `homes`: what a resident is shown of their homes, put together from `site` and readings.
 *
 * Asks the reading store in the resident's own scope only, so that nothing can be shown here which
 * the store would not give them.
 */
import type { Consumption, Freshness, Me, MeterCard, Overview } from "#shared/api/resident.ts";
import type { Clock } from "#shared/model/clock.ts";
import { Fault } from "#shared/model/fault.ts";
import { meterKinds, type MeterKind } from "#shared/model/meter-kinds.ts";
import { asNumber, registers } from "#shared/model/registers.ts";
import type { CodeDoc, DeviceDoc } from "#shared/model/site.ts";
import {
  addDays,
  localDate,
  monthAround,
  startOfDay,
  zoneAt,
  type Step,
} from "#shared/series/calendar.ts";
import { gapOf } from "#shared/series/billing.ts";
import { newestValues } from "#shared/series/latest.ts";
import type { ConsumptionAnswer, ReadingStore } from "#shared/series/reading-store.ts";
import type { ResidentScope } from "#shared/model/scope.ts";
import type { Site } from "./site.ts";
import { windowsOfResident, type ResidentWindow } from "./windows.ts";

/** Whom it is shown to: in whose scope, of which community, and how they are called. */
export interface Viewer {
  readonly scope: ResidentScope;
  readonly site: Site;
  readonly code: Pick<CodeDoc, "firstName" | "language" | "hasAgreedToHours">;
}

/** Whether somebody sees hours: as the community decided, or they themselves did. */
export function seesHours({ site, code }: Pick<Viewer, "site" | "code">): boolean {
  const { hourlyDetail = "on" } = site.community;
  return hourlyDetail === "on" || (hourlyDetail === "consent" && code.hasAgreedToHours === true);
}

export interface HomesOptions {
  readonly readings: ReadingStore;
  readonly clock: Clock;
  /** What is known of the hub just now. */
  readonly freshness: (tenant: Viewer["scope"]["tenant"]) => Omit<Freshness, "last_reading_at">;
}

export interface Homes {
  me(who: Viewer): Me;
  overview(who: Viewer, unitId: string): Promise<Overview>;
  consumption(
    who: Viewer,
    unitId: string,
    meterId: string,
    asked: { from: string; to: string; step: Step },
  ): Promise<Consumption>;
  /** Devices whose news concern the home just now. */
  devicesOf(who: Viewer, unitId: string): ReadonlyMap<string, string>;
  freshness(who: Viewer, lastReadingAt: string | null): Freshness;
}

const iso = (timeMs: number) => new Date(timeMs).toISOString();
const kindOf = (device: DeviceDoc): MeterKind => meterKinds[device.kind];

export function homes({ readings, clock, freshness }: HomesOptions): Homes {
  /** The resident's stretches in a home; "not found" for a home that is not and never was theirs. */
  const windowsIn = ({ site, scope }: Viewer, unitId: string): ResidentWindow[] => {
    const unit = site.units.get(unitId);
    if (!unit?.tenancies.some(({ residentId }) => residentId === scope.residentId))
      throw new Fault("not_found", "there is no such home here");
    return windowsOfResident(site, scope.residentId).filter((one) => one.unitId === unitId);
  };

  const ask = async (
    who: Viewer,
    one: ResidentWindow,
    from: string,
    to: string,
    step: Step,
  ): Promise<Consumption | null> => {
    const { site, scope } = who;
    const device = site.devices.get(one.deviceId) as DeviceDoc;
    const answer = await readings.consumption(scope, scope.tenant, one.deviceId, {
      registers: kindOf(device).index,
      zones: site.zones,
      from,
      to,
      step,
      nowMs: clock.now(),
      gapMs: gapOf(device),
      expectedMs: device.expectedIntervalMs,
      counter: device.counter,
      window: one.window,
    });
    return answer ? shownConsumption(one, device, zoneAt(site.zones, clock.now()), answer) : null;
  };

  const card = async (who: Viewer, one: ResidentWindow): Promise<MeterCard> => {
    const { site, scope } = who;
    const device = site.devices.get(one.deviceId) as DeviceDoc;
    const kind = kindOf(device);
    const nowMs = clock.now();
    // For somebody who moved out: their last day and month.
    const date = localDate(site.zones, Math.min(nowMs, one.window.toMs - 1));
    const month = monthAround(date);
    const isIndexed = kind.index.length > 0;
    const newest = newestValues(await readings.latest(scope, scope.tenant, one.deviceId));
    const find = (wanted: readonly string[]) =>
      wanted.flatMap((id) => newest.filter(({ register }) => register === id))[0];
    const shown = (value: ReturnType<typeof find>) =>
      value ? { n: value.n, scale: value.scale, unit: value.unit, at: iso(value.time) } : null;
    return {
      meter_id: one.installationId,
      kind: device.kind,
      name: device.name,
      index: shown(find(kind.index)),
      gauge: kind.gauge ? shown(find([kind.gauge])) : null,
      today: isIndexed
        ? await ask(who, one, date, addDays(date, 1), seesHours(who) ? "hour" : "day")
        : null,
      month: isIndexed ? await ask(who, one, month.from, month.to, "day") : null,
      points:
        kind.gauge && registers[kind.gauge].kind === "gauge" && seesHours(who)
          ? await points(who, one, kind.gauge, date)
          : [],
    };
  };

  const points = async (
    { site, scope }: Viewer,
    one: ResidentWindow,
    register: string,
    date: string,
  ) => {
    const [fromMs, toMs] = [startOfDay(site.zones, date), startOfDay(site.zones, addDays(date, 1))];
    const rows = await readings.readings(scope, scope.tenant, one.deviceId, fromMs, toMs);
    return rows.flatMap(({ time, values }) =>
      values
        .filter((value) => value.register === register)
        .map((value) => ({ at: iso(time), value: asNumber(value) })),
    );
  };

  return {
    me({ site, code, scope }) {
      const { community } = site;
      const dateOf = (at: string) => localDate(site.zones, Date.parse(at));
      return {
        first_name: code.firstName,
        language: code.language,
        homes: [...site.units.values()].flatMap((unit) => {
          const theirs = unit.tenancies.filter(({ residentId }) => residentId === scope.residentId);
          const [first, last] = [theirs.toSorted(byStart)[0], theirs.toSorted(byEnd).at(-1)];
          if (!first || !last) return [];
          return {
            unit_id: unit.unitId,
            name: unit.name,
            ...(unit.building === undefined ? {} : { building: unit.building }),
            community: community.name,
            zone: zoneAt(site.zones, clock.now()),
            brand: {
              name: community.brand.name,
              ...(community.brand.colour === undefined ? {} : { colour: community.brand.colour }),
            },
            from: dateOf(first.from),
            ...(last.to === undefined ? {} : { to: dateOf(last.to) }),
          };
        }),
      };
    },
    async overview(who, unitId) {
      const nowMs = clock.now();
      const current = currentOf(windowsIn(who, unitId), nowMs);
      const meters = await Promise.all(current.map((one) => card(who, one)));
      const order = Object.keys(meterKinds);
      meters.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
      const newest = meters
        .flatMap(({ index, gauge }) => [index?.at, gauge?.at])
        .filter((at) => at !== undefined);
      const { site, scope } = who;
      return {
        now: iso(nowMs),
        today: localDate(site.zones, nowMs),
        zone: zoneAt(site.zones, nowMs),
        meters,
        freshness: {
          last_reading_at: newest.toSorted().at(-1) ?? null,
          ...freshness(scope.tenant),
        },
      };
    },
    async consumption(who, unitId, meterId, { from, to, step }) {
      if (step === "hour" && !seesHours(who))
        throw new Fault("forbidden", "Hours are not shown in this building.", { reason: "hours" });
      const theirs = windowsIn(who, unitId).filter(
        ({ installationId }) => installationId === meterId,
      );
      // Of several stretches the last that had begun by then: not one that is still to come.
      const endMs = startOfDay(who.site.zones, to);
      const one = theirs.findLast(({ window }) => window.fromMs < endMs) ?? theirs[0];
      const answer = one && (await ask(who, one, from, to, step));
      if (!answer) throw new Fault("not_found", "there is no such meter here");
      return answer;
    },
    devicesOf(who, unitId) {
      return new Map(
        currentOf(windowsIn(who, unitId), clock.now()).map((one) => [
          one.deviceId,
          one.installationId,
        ]),
      );
    },
    freshness: ({ scope }, lastReadingAt) => ({
      last_reading_at: lastReadingAt,
      ...freshness(scope.tenant),
    }),
  };
}

const byStart = (a: { from: string }, b: { from: string }) =>
  Date.parse(a.from) - Date.parse(b.from);
const endOf = ({ to }: { to?: string | undefined }) =>
  to === undefined ? Infinity : Date.parse(to);
const byEnd = (a: { to?: string | undefined }, b: { to?: string | undefined }) =>
  endOf(a) === endOf(b) ? 0 : endOf(a) - endOf(b);

/** The meters of now; for one who moved out, those of their last day. The last stretch of each installation. */
function currentOf(windows: readonly ResidentWindow[], nowMs: number): ResidentWindow[] {
  const lastMs = Math.min(nowMs, Math.max(...windows.map(({ window }) => window.toMs)) - 1);
  const current = windows.filter(({ window }) => window.fromMs <= lastMs && lastMs < window.toMs);
  return [...new Map(current.map((one) => [one.installationId, one])).values()];
}

function shownConsumption(
  one: ResidentWindow,
  device: DeviceDoc,
  zone: string,
  answer: ConsumptionAnswer,
): Consumption {
  return {
    meter_id: one.installationId,
    kind: device.kind,
    scale: answer.scale,
    unit: answer.unit,
    zone,
    periods: answer.periods.map(({ fromMs, toMs, label, n, quality, marks }) => ({
      from: iso(fromMs),
      to: iso(toMs),
      label,
      n,
      quality,
      marks: [...marks],
    })),
    gaps: answer.gaps.map(({ fromMs, toMs, n }) => ({ from: iso(fromMs), to: iso(toMs), n })),
    total: answer.total,
    is_interpolated: answer.isInterpolated,
    completeness: answer.completeness,
    expected: answer.expected,
    heard: answer.heard,
  };
}
