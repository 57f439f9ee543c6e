/** `devices`: the list of meters and sensors, and one of them with its readings and uplinks. */
import { Hono } from "hono";
import { z } from "zod";
import type { Area, Env } from "#cloud/areas/area.ts";
import { Paging, parseQuery } from "#cloud/areas/paging.ts";
import { healthOf } from "#cloud/hub/fleet.ts";
import { recentUplinks } from "#cloud/hub/recent-uplinks.ts";
import { healths, type DeviceDetails, type Health } from "#shared/api/admin.ts";
import { success } from "#shared/api/envelope.ts";
import { Fault } from "#shared/model/fault.ts";
import { DevEui, DeviceId } from "#shared/model/ids.ts";
import { zoneAt } from "#shared/series/calendar.ts";
import { deviceRow, shown, uplinkRow } from "./device-row.ts";
import { inventory } from "./inventory.ts";

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
const READINGS_MS = 48 * 3_600_000;
const UPLINKS = 50;

export const devices: Area = {
  path: "/devices",
  right: "devices.read",
  api({ hub, fleet, readings }) {
    const items = inventory(hub);
    const app = new Hono<Env>();
    app.get("/", async (c) => {
      const { community, status, q, limit, offset } = parseQuery(Asked, c.req.query());
      let found = await items(c.var.scope);
      if (community !== undefined && community !== "") {
        const all = await hub.communities.list(c.var.scope);
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
        found = found.filter(({ device, community: { tenant } }) =>
          wanted.includes(
            healthOf(fleet.latest(tenant, device.deviceId), device.expectedIntervalMs, nowMs),
          ),
        );
      }
      const rows = found.slice(offset, offset + limit).map((item) => deviceRow(item, fleet, nowMs));
      return c.json({ ...success(rows), total: found.length, limit, offset });
    });

    app.get("/:dev_eui", async (c) => {
      const asked = c.req.param("dev_eui");
      const id = DevEui.safeParse(asked).data ?? DeviceId.safeParse(asked).data;
      const item = (await items(c.var.scope)).find(({ device }) => device.deviceId === id);
      if (!item) throw new Fault("not_found", "There is no such device here.");
      const { tenant, zones } = item.community;
      const { deviceId } = item.device;
      const nowMs = hub.clock.now();
      const rows = await readings.readings(
        c.var.scope,
        tenant,
        deviceId,
        nowMs - READINGS_MS,
        nowMs + 1,
      );
      const uplinks = await recentUplinks(await hub.months.tele(tenant), deviceId, UPLINKS);
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
      return c.json(success(details));
    });
    return app;
  },
};

/** A DevEUI is found with its separators too. */
function matches(text: string, word: string): boolean {
  return (
    text.includes(word) ||
    (/^[0-9a-f:-]{5,}$/.test(word) && text.includes(word.replaceAll(/[:-]/g, "")))
  );
}
