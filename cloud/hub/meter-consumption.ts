/** `meter-consumption`: what a meter counted by calendar, for whatever is made of it. */
import { z } from "zod";
import type { AreaParts } from "#cloud/api/area-parts.ts";
import { Period, steps, type ConsumptionAnswer } from "#shared/api/reports.ts";
import { indexText } from "#shared/model/decimal-index.ts";
import { Fault } from "#shared/model/fault.ts";
import type { TenantName } from "#shared/model/ids.ts";
import { meterKinds } from "#shared/model/meter-kinds.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { gapOf } from "#shared/series/billing.ts";
import type { Zones } from "#shared/series/calendar.ts";
import type { ConsumptionAnswer as Counted } from "#shared/series/reading-store.ts";
import { everything, type Window } from "#shared/series/window.ts";
import { readingsOf } from "./holding.ts";
import type { CommunityDoc, DeviceDoc } from "./hub.ts";

/** Five years and a day. */
const MOST_DAYS = 1_827;
/** Two months of hours are 1,488 rows. */
const MOST_DAYS_OF_HOURS = 62;
const DAY_MS = 86_400_000;

export const ConsumptionAsked = Period.extend({ step: z.enum(steps).default("day") });
export type ConsumptionAsked = z.infer<typeof ConsumptionAsked>;

/** @throws Fault "invalid" for an end before the begin, or days too many */
export const checkAsked = ({ from, to, step }: ConsumptionAsked) =>
  checkDates(from, to, step === "hour" ? MOST_DAYS_OF_HOURS : MOST_DAYS);

/** @throws Fault "invalid" for an end before the begin, or years too many */
export function checkDates(from: string, to: string, mostDays = MOST_DAYS): void {
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS;
  const wrong = days <= 0 ? "has to be after `from`" : days > mostDays ? "is too far away" : "";
  if (wrong !== "")
    throw new Fault("invalid", `to: ${wrong}${days > 0 ? ` (at most ${mostDays} days)` : ""}.`, {
      fields: { to: wrong },
    });
}

export const zonesOf = ({ zones }: Pick<CommunityDoc, "zones">): Zones =>
  zones.map(({ from, zone }) => ({ fromMs: Date.parse(from), zone }));

interface Told {
  readonly unit: string;
  readonly scale: number;
  readonly total: number | null;
  readonly isInterpolated: boolean;
  readonly periods: readonly {
    readonly fromMs: number;
    readonly toMs: number;
    readonly label: string;
    readonly n: number | null;
    readonly quality: Counted["periods"][number]["quality"];
    readonly marks: Counted["periods"][number]["marks"];
  }[];
}

const iso = (ms: number) => new Date(ms).toISOString();

/** As it is told over HTTP; undefined: nothing was ever read. */
export function answerOf(told: Told | undefined, register: string | null): ConsumptionAnswer {
  if (!told)
    return {
      register: null,
      unit_of_measure: null,
      total: null,
      is_estimated: false,
      periods: [],
    };
  const { unit, scale, total, isInterpolated, periods } = told;
  const text = (n: number | null) => (n === null ? null : indexText(n, scale));
  return {
    register,
    unit_of_measure: unit,
    total: text(total),
    is_estimated: isInterpolated,
    periods: periods.map(({ fromMs, toMs, label, n, quality, marks }) => ({
      from: iso(fromMs),
      to: iso(toMs),
      label,
      consumption: text(n),
      quality,
      marks: [...marks],
    })),
  };
}

/** One meter's, within a window of those its community may see. */
export function countOf(
  { hub, readings }: Pick<AreaParts, "hub" | "readings">,
  scope: HubScope,
  of: {
    readonly device: DeviceDoc;
    readonly tenant: TenantName;
    readonly zones: Zones;
    readonly window: Window;
  },
  asked: ConsumptionAsked,
): Promise<Counted | undefined> {
  const { device, tenant, zones, window } = of;
  return readings.consumption(scope, tenant, device.deviceId, {
    registers: meterKinds[device.kind].index,
    zones,
    ...asked,
    nowMs: hub.clock.now(),
    gapMs: gapOf(device),
    expectedMs: device.expectedIntervalMs,
    counter: device.counter,
    window,
  });
}

/**
 * A meter wherever it was mounted while its community held it, the last time that lies in
 * `[fromMs, toMs)`: a window for each stretch with a multiplier of its own.
 */
export function stretchesOf(
  { held, installations, mounting }: DeviceDoc,
  communityId: CommunityDoc["communityId"],
  fromMs: number,
  toMs: number,
): Window[] {
  const all = readingsOf(held, communityId);
  // Held twice: the time that lies in what is asked for, the last one first.
  const stretch = all.findLast((one) => one.fromMs < toMs && one.toMs > fromMs) ?? all.at(-1);
  if (!stretch) return [];
  const runs = [
    { fromMs: -Infinity, multiplier: installations[0]?.multiplier ?? mounting?.multiplier },
  ];
  for (const { from, multiplier } of installations)
    if (JSON.stringify(multiplier) !== JSON.stringify(runs.at(-1)?.multiplier))
      runs.push({ fromMs: Date.parse(from), multiplier });
  return runs.flatMap(({ fromMs: begin, multiplier }, i) => {
    const window = {
      fromMs: Math.max(begin, stretch.fromMs),
      toMs: Math.min(runs[i + 1]?.fromMs ?? Infinity, stretch.toMs),
      mounted: multiplier ? { ...everything.mounted, multiplier } : everything.mounted,
    };
    return window.fromMs < window.toMs ? [window] : [];
  });
}
