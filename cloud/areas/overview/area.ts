/** `overview`: the organization in a few numbers. */
import { route, type Area } from "#cloud/api/route.ts";
import { noHealth } from "#cloud/hub/census.ts";
import { healths, HubOverview } from "#shared/api/admin.ts";
import { GATEWAY_AWAY_MS } from "#shared/model/gateway-states.ts";

const numbers = route({
  method: "get",
  path: "/overview",
  right: "devices.read",
  title: "The organization in a few numbers.",
  answer: { data: HubOverview },
  open:
    ({ hub, communities: index, reports }) =>
    async ({ scope }) => {
      const nowMs = hub.clock.now();
      const communities = await index.list(scope);
      const devices = await hub.devices.list(scope);
      const gateways = await hub.gateways.list(scope);
      const counts = communities.map((item) => index.census(item));
      const health = noHealth();
      for (const count of counts) for (const name of healths) health[name] += count.health[name];
      const readAt = counts.flatMap(({ lastReadingAt }) => lastReadingAt ?? []).sort();
      const answer: HubOverview = {
        customer_mode: communities.length > 0,
        communities: communities.length,
        devices: devices.length,
        health,
        unregistered: (await reports.sightings(scope)).length,
        gateways: gateways.length,
        gateways_away: gateways.filter((gateway) => {
          const seenMs = hub.gateways.lastSeen(gateway);
          return seenMs === null || nowMs - seenMs > GATEWAY_AWAY_MS;
        }).length,
        last_reading_at: readAt.at(-1) ?? null,
      };
      return answer;
    },
});

export const overview: Area = {
  name: "overview",
  title: "The organization in a few numbers",
  routes: [numbers],
};
