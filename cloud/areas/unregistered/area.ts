/** `unregistered`: devices that gateways heard and nobody has registered. */
import { Hono } from "hono";
import type { Area, Env } from "#cloud/areas/area.ts";
import { Paging, parseQuery } from "#cloud/areas/paging.ts";
import type { Sighting } from "#cloud/hub/gateway-reports.ts";
import type { SightingRow } from "#shared/api/admin.ts";
import { page } from "#shared/api/envelope.ts";

export const unregistered: Area = {
  path: "/unregistered",
  right: "devices.read",
  api: ({ reports }) =>
    new Hono<Env>().get("/", async (c) => {
      const asked = parseQuery(Paging, c.req.query());
      const rows = (await reports.sightings(c.var.scope)).map(sightingRow);
      return c.json(page(rows, asked));
    }),
};

function sightingRow({ deviceId, firstAt, lastAt, count, last }: Sighting): SightingRow {
  return {
    deviceId,
    firstAt,
    lastAt,
    count,
    gatewayId: last.gatewayId,
    via: last.via,
    rssi: last.rssi ?? null,
    snr: last.snr ?? null,
    guess: last.guess ?? null,
  };
}
