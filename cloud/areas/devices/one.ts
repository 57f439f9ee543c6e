/** `one`: one device, and with it what it told, when that is asked for. */
import { z } from "zod";
import type { AreaParts } from "#cloud/api/area-parts.ts";
import { route } from "#cloud/api/route.ts";
import { frameLoss } from "#cloud/hub/frame-loss.ts";
import { readingsOf } from "#cloud/hub/holding.ts";
import type { Item } from "#cloud/hub/inventory.ts";
import { recentUplinks } from "#cloud/hub/recent-uplinks.ts";
import { DeviceDetails, type CountShown } from "#shared/api/admin.ts";
import { marks } from "#shared/model/marks.ts";
import { meterKinds } from "#shared/model/meter-kinds.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { gapOf, isCounted } from "#shared/series/billing.ts";
import { addDays, localDate } from "#shared/series/calendar.ts";
import { deviceAlone, shown, uplinkRow } from "./device-row.ts";
import { deviceIdOf, DeviceParams } from "./named-device.ts";

const READINGS_MS = 48 * 3_600_000;
const UPLINKS = 50;
/** How far back one looks at the counter, and how much of it is told. */
const COUNT_DAYS = 31;
const MOST_EVENTS = 50;

export const one = route({
  method: "get",
  path: "/devices/:dev_eui",
  right: "devices.read",
  title:
    "One device, in any letter case; with `include=telemetry` its readings of two days and its last uplinks.",
  params: DeviceParams,
  query: z.object({ include: z.enum(["telemetry"]).optional() }),
  answer: {
    data: DeviceDetails.partial({ readings: true, uplinks: true, frames: true, count: true }),
  },
  open:
    (parts) =>
    async ({ scope, params, query: { include } }) => {
      const { hub, fleet, inventory } = parts;
      const item = await inventory.find(scope, deviceIdOf(params.dev_eui));
      const alone = deviceAlone(item, fleet, hub.clock.now());
      return include === undefined
        ? alone
        : { ...alone, ...(await telemetryOf(parts, scope, item)) };
    },
});

async function telemetryOf(
  { hub, readings }: AreaParts,
  scope: HubScope,
  { device, community }: Item,
): Promise<Pick<DeviceDetails, "readings" | "uplinks" | "frames" | "count">> {
  const { deviceId, held } = device;
  if (!community) return { readings: [], uplinks: [], frames: null, count: null };
  const nowMs = hub.clock.now();
  const { tenant } = community;
  const rows = await readings.readings(scope, tenant, deviceId, nowMs - READINGS_MS, nowMs + 1);
  // What it said in another community's time stays that one's, also where it was kept here.
  const own = readingsOf(held, community.communityId);
  const uplinks = (await recentUplinks(await hub.months.tele(tenant), deviceId, UPLINKS)).filter(
    ({ time }) => own.some(({ fromMs, toMs }) => fromMs <= time && time < toMs),
  );
  return {
    readings: rows.toReversed().map(({ time, timeSource, values }) => ({
      at: new Date(time).toISOString(),
      time_source: timeSource,
      values: shown(values),
    })),
    uplinks: uplinks.map(uplinkRow),
    frames: frameLoss(uplinks),
    count: await countOf(readings, scope, { device, community, nowMs }),
  };
}

/** What its counter did lately, where it counts anything. */
async function countOf(
  readings: AreaParts["readings"],
  scope: HubScope,
  {
    device,
    community,
    nowMs,
  }: { device: Item["device"]; community: NonNullable<Item["community"]>; nowMs: number },
): Promise<CountShown | null> {
  if (!isCounted(device.kind)) return null;
  const zones = community.zones.map(({ from, zone }) => ({ fromMs: Date.parse(from), zone }));
  const to = addDays(localDate(zones, nowMs), 1);
  const found = await readings.consumption(scope, community.tenant, device.deviceId, {
    registers: meterKinds[device.kind].index,
    zones,
    from: addDays(to, -COUNT_DAYS),
    to,
    step: "whole",
    nowMs,
    gapMs: gapOf(device),
    expectedMs: device.expectedIntervalMs,
    counter: device.counter,
  });
  if (!found) return null;
  const at = (ms: number) => new Date(ms).toISOString();
  return {
    register: found.register,
    unit: found.unit,
    scale: found.scale,
    total: found.total,
    expected: found.expected,
    heard: found.heard,
    events: found.events
      .slice(-MOST_EVENTS)
      .toReversed()
      .map(({ mark, fromMs, toMs, before, after, counted }) => ({
        mark,
        title: marks[mark],
        from: at(fromMs),
        to: at(toMs),
        before,
        after,
        counted,
      })),
  };
}
