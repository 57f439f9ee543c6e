/** `devices`: the list of meters and sensors, and one of them with its readings and uplinks. */
import { z } from "zod";
import { Paging } from "#cloud/api/paging.ts";
import { route, type Area } from "#cloud/api/route.ts";
import { healthOf } from "#cloud/hub/fleet.ts";
import { recentUplinks } from "#cloud/hub/recent-uplinks.ts";
import { DeviceDetails, DeviceRow, healths, type Health } from "#shared/api/admin.ts";
import { Fault } from "#shared/model/fault.ts";
import { DevEui, DeviceId } from "#shared/model/ids.ts";
import { zoneAt } from "#shared/series/calendar.ts";
import { deviceRow, latestOf, shown, uplinkRow } from "./device-row.ts";

/** `community` by id or `tenant_name`; `status` online, offline or one state of health. */
const Asked = Paging.extend({
  community: z.string().max(64).optional(),
  status: z.enum(["online", "offline", ...healths]).optional(),
  q: z.string().max(200).optional(),
});

const STATES: Record<"online" | "offline", readonly Health[]> = {
  online: ["healthy", "late"],
  offline: ["lost", "never"],
};
/** Days of a device that no community holds. */
const UTC = [{ from: new Date(0).toISOString(), zone: "Etc/UTC" }];
const READINGS_MS = 48 * 3_600_000;
const UPLINKS = 50;

const list = route({
  method: "get",
  path: "/devices",
  right: "devices.read",
  title: "Meters and sensors, by community and name; filtered, and searched as one types.",
  query: Asked,
  answer: { rows: DeviceRow },
  open:
    ({ hub, fleet, inventory }) =>
    async ({ scope, query: { community, status, q, limit, offset } }) => {
      let found = await inventory(scope);
      if (community !== undefined && community !== "") {
        const all = await hub.communities.list(scope);
        const one = all.find(
          ({ communityId, tenant }) => communityId === community || tenant === community,
        );
        if (!one) throw new Fault("not_found", "There is no such community here.");
        found = found.filter((item) => item.device.communityId === one.communityId);
      }
      const words = (q ?? "")
        .toLowerCase()
        .split(/\s+/)
        .filter((word) => word !== "");
      if (words.length > 0)
        found = found.filter(({ text }) => words.every((word) => matches(text, word)));
      const nowMs = hub.clock.now();
      if (status !== undefined) {
        const wanted = status === "online" || status === "offline" ? STATES[status] : [status];
        found = found.filter((item) =>
          wanted.includes(healthOf(latestOf(item, fleet), item.device.expectedIntervalMs, nowMs)),
        );
      }
      const rows = found.slice(offset, offset + limit).map((item) => deviceRow(item, fleet, nowMs));
      return { rows, total: found.length };
    },
});

const one = route({
  method: "get",
  path: "/devices/:dev_eui",
  right: "devices.read",
  title: "One device with its readings of two days and its last uplinks; any letter case.",
  params: z.object({ dev_eui: z.string() }),
  answer: { data: DeviceDetails },
  open:
    ({ hub, fleet, inventory, readings }) =>
    async ({ scope, params: { dev_eui: asked } }) => {
      const id = DevEui.safeParse(asked).data ?? DeviceId.safeParse(asked).data;
      const item = (await inventory(scope)).find(({ device }) => device.deviceId === id);
      if (!item) throw new Fault("not_found", "There is no such device here.");
      const { deviceId } = item.device;
      const { tenant, zones } = item.community ?? { tenant: undefined, zones: UTC };
      const nowMs = hub.clock.now();
      const fromMs = nowMs - READINGS_MS;
      const rows =
        tenant === undefined
          ? []
          : await readings.readings(scope, tenant, deviceId, fromMs, nowMs + 1);
      const months = tenant === undefined ? [] : await hub.months.tele(tenant);
      const uplinks = await recentUplinks(months, deviceId, UPLINKS);
      const details: DeviceDetails = {
        ...deviceRow(item, fleet, nowMs),
        zone: zoneAt(
          zones.map(({ from, zone }) => ({ fromMs: Date.parse(from), zone })),
          nowMs,
        ),
        readings: rows.toReversed().map(({ time, timeSource, values }) => ({
          at: new Date(time).toISOString(),
          timeSource,
          values: shown(values),
        })),
        uplinks: uplinks.map(uplinkRow),
      };
      return details;
    },
});

export const devices: Area = {
  name: "devices",
  title: "Meters and sensors",
  routes: [list, one],
};

/** A DevEUI is found with its separators too. */
function matches(text: string, word: string): boolean {
  return (
    text.includes(word) ||
    (/^[0-9a-f:-]{5,}$/.test(word) && text.includes(word.replaceAll(/[:-]/g, "")))
  );
}
