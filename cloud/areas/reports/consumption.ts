/** `consumption`: what a meter or a home used, by calendar. */
import { z } from "zod";
import type { AreaParts } from "#cloud/api/area-parts.ts";
import { route } from "#cloud/api/route.ts";
import { indexText } from "#shared/model/decimal-index.ts";
import { readingsOf } from "#cloud/hub/holding.ts";
import type { DeviceDoc, Hub } from "#cloud/hub/hub.ts";
import { AnyDeviceId } from "#shared/api/devices.ts";
import { ConsumptionAnswer, Period, steps } from "#shared/api/reports.ts";
import { Fault } from "#shared/model/fault.ts";
import type { CommunityId, TenantName } from "#shared/model/ids.ts";
import { meterKindIds, meterKinds } from "#shared/model/meter-kinds.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { gapOf, isCounted } from "#shared/series/billing.ts";
import { startOfDay } from "#shared/series/calendar.ts";
import type { ConsumptionAnswer as Counted } from "#shared/series/reading-store.ts";
import { virtualConsumption, type VirtualMember } from "#shared/series/virtual-meter.ts";
import { everything, windowOf, type Window } from "#shared/series/window.ts";
import { checkDates, zonesOf } from "./asked.ts";

/** Two months of hours are 1,488 rows. */
const MOST_DAYS_OF_HOURS = 62;

const Asked = Period.extend({ step: z.enum(steps).default("day") });
type Asked = z.infer<typeof Asked>;

const iso = (ms: number) => new Date(ms).toISOString();
const check = ({ from, to, step }: Asked) =>
  step === "hour" ? checkDates(from, to, MOST_DAYS_OF_HOURS) : checkDates(from, to);

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

function answerOf(told: Told | undefined, register: string | null): ConsumptionAnswer {
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
function countOf(
  { hub, readings }: Pick<AreaParts, "hub" | "readings">,
  scope: HubScope,
  of: {
    readonly device: DeviceDoc;
    readonly tenant: TenantName;
    readonly zones: ReturnType<typeof zonesOf>;
    readonly window: Window;
  },
  asked: Asked,
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

const ofDevice = route({
  method: "get",
  path: "/devices/:dev_eui/consumption",
  right: "consumption.read",
  title: "What a meter counted, by hour, day or month of its community's calendar.",
  params: z.object({ dev_eui: AnyDeviceId }),
  query: Asked,
  answer: { data: ConsumptionAnswer },
  open:
    (parts) =>
    async ({ scope, params, query }) => {
      check(query);
      const { device, community } = await parts.inventory.find(scope, params.dev_eui);
      if (!community || !isCounted(device.kind)) return answerOf(undefined, null);
      const held = readingsOf(device.held, community.communityId);
      const zones = zonesOf(community);
      const [fromMs, toMs] = [startOfDay(zones, query.from), startOfDay(zones, query.to)];
      // Held twice: the time that lies in what is asked for, the last one first.
      const stretch = held.findLast((one) => one.fromMs < toMs && one.toMs > fromMs) ?? held.at(-1);
      if (!stretch) return answerOf(undefined, null);
      const window = { ...everything, ...stretch };
      const of = { device, tenant: community.tenant, zones, window };
      const counted = await countOf(parts, scope, of, query);
      return answerOf(counted, counted?.register ?? null);
    },
});

const ofUnit = route({
  method: "get",
  path: "/units/:unit_id/consumption",
  right: "consumption.read",
  title: "What a home used of one kind, by calendar: its meters one after the other.",
  params: z.object({ unit_id: z.string().max(64) }),
  query: Asked.extend({ kind: z.enum(meterKindIds).default("cold_water") }),
  answer: { data: ConsumptionAnswer },
  open:
    (parts) =>
    async ({ scope, params, query: { kind, ...query } }) => {
      check(query);
      const { hub } = parts;
      const { unitId, communityId } = await hub.units.units.find(scope, params.unit_id);
      if (!isCounted(kind))
        throw new Fault("invalid", `kind: of ${kind} nothing is counted.`, {
          fields: { kind: "nothing is counted of it" },
        });
      const community = await hub.communities.find(scope, communityId);
      const zones = zonesOf(community);
      const members: VirtualMember[] = [];
      for (const device of await devicesOf(hub, scope, communityId))
        for (const installation of device.installations) {
          if (device.kind !== kind || installation.unitId !== unitId) continue;
          const window = windowOf(installation);
          const of = { device, tenant: community.tenant, zones, window };
          const answer = await countOf(parts, scope, of, query);
          members.push({ sign: 1, fromMs: window.fromMs, toMs: window.toMs, answer });
        }
      return answerOf(virtualConsumption(members), null);
    },
});

async function devicesOf(hub: Hub, scope: HubScope, communityId: CommunityId) {
  return hub.devices.everHeldBy(scope, scope.organizationId, communityId);
}

export const consumptionRoutes = [ofDevice, ofUnit];
