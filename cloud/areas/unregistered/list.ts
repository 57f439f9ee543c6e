/** `list`: devices that were heard and that nobody registered. */
import { z } from "zod";
import { Paging } from "#cloud/api/paging.ts";
import { route } from "#cloud/api/route.ts";
import type { Sighting } from "#cloud/hub/gateway-reports.ts";
import { isFoundIn, searchFor, searchText } from "#cloud/hub/search.ts";
import { SightingRow } from "#shared/api/admin.ts";

export const list = route({
  method: "get",
  path: "/unregistered",
  right: "devices.read",
  title: "Devices that were heard and that nobody registered; those that were rejected, on demand.",
  query: Paging.extend({
    show: z.enum(["open", "rejected"]).default("open"),
    /** DevEUI, JoinEUI or the model it may be. */
    q: z.string().max(200).default(""),
  }),
  answer: { rows: SightingRow },
  open:
    ({ reports }) =>
    async ({ scope, query: { show, q, limit, offset } }) => {
      const search = searchFor(q);
      const all = (await reports.sightings(scope, show)).filter(({ deviceId, last }) =>
        isFoundIn(search, searchText([deviceId, last.joinEui, last.guess?.model])),
      );
      return { rows: all.slice(offset, offset + limit).map(sightingRow), total: all.length };
    },
});

function sightingRow({ deviceId, firstAt, lastAt, count, last }: Sighting): SightingRow {
  return {
    dev_eui: deviceId,
    first_at: firstAt,
    last_at: lastAt,
    count,
    gateway_id: last.gatewayId,
    via: last.via,
    rssi: last.rssi ?? null,
    snr: last.snr ?? null,
    guess: last.guess ?? null,
  };
}
