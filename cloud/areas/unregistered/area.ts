/** `unregistered`: devices that gateways heard and nobody has registered. */
import { Paging } from "#cloud/api/paging.ts";
import { route, type Area } from "#cloud/api/route.ts";
import type { Sighting } from "#cloud/hub/gateway-reports.ts";
import { SightingRow } from "#shared/api/admin.ts";

const list = route({
  method: "get",
  path: "/unregistered",
  right: "devices.read",
  title: "Devices that gateways heard and nobody has registered.",
  query: Paging,
  answer: { rows: SightingRow },
  open:
    ({ reports }) =>
    async ({ scope, query: { limit, offset } }) => {
      const all = await reports.sightings(scope);
      return { rows: all.slice(offset, offset + limit).map(sightingRow), total: all.length };
    },
});

export const unregistered: Area = {
  name: "unregistered",
  title: "Devices that were heard and are not registered",
  routes: [list],
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
