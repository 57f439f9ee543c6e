/** `one`: one device, and with it what it told, when that is asked for. */
import { z } from "zod";
import type { AreaParts } from "#cloud/api/area-parts.ts";
import { route } from "#cloud/api/route.ts";
import { frameLoss } from "#cloud/hub/frame-loss.ts";
import { readingsOf } from "#cloud/hub/holding.ts";
import type { Item } from "#cloud/hub/inventory.ts";
import { recentUplinks } from "#cloud/hub/recent-uplinks.ts";
import { DeviceDetails } from "#shared/api/admin.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { deviceAlone, shown, uplinkRow } from "./device-row.ts";
import { deviceIdOf, DeviceParams } from "./named-device.ts";

const READINGS_MS = 48 * 3_600_000;
const UPLINKS = 50;

export const one = route({
  method: "get",
  path: "/devices/:dev_eui",
  right: "devices.read",
  title:
    "One device, in any letter case; with `include=telemetry` its readings of two days and its last uplinks.",
  params: DeviceParams,
  query: z.object({ include: z.enum(["telemetry"]).optional() }),
  answer: { data: DeviceDetails.partial({ readings: true, uplinks: true, frames: true }) },
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
  { device: { deviceId, held }, community }: Item,
): Promise<Pick<DeviceDetails, "readings" | "uplinks" | "frames">> {
  if (!community) return { readings: [], uplinks: [], frames: null };
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
      timeSource,
      values: shown(values),
    })),
    uplinks: uplinks.map(uplinkRow),
    frames: frameLoss(uplinks),
  };
}
