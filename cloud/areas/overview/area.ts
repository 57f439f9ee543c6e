/** `overview`: the organization in a few numbers. */
import { Hono } from "hono";
import type { Area, Env } from "#cloud/areas/area.ts";
import { census, noHealth } from "#cloud/hub/census.ts";
import type { DeviceDoc } from "#cloud/hub/hub.ts";
import { healths, type HubOverview } from "#shared/api/admin.ts";
import { success } from "#shared/api/envelope.ts";

/** A gateway that has not spoken for so long is away: an idle one asks every half minute. */
export const AWAY_MS = 180_000;

export const overview: Area = {
  path: "/overview",
  right: "devices.read",
  api: ({ hub, fleet, reports }) =>
    new Hono<Env>().get("/", async (c) => {
      const { scope } = c.var;
      const nowMs = hub.clock.now();
      const communities = await hub.communities.list(scope);
      const devices = await hub.devices.list(scope);
      const gateways = await hub.gateways.list(scope);
      const theirs = new Map(
        communities.map(({ communityId }) => [communityId, [] as DeviceDoc[]]),
      );
      for (const device of devices) theirs.get(device.communityId)?.push(device);
      const counts = communities.map(({ communityId, tenant }) =>
        census(fleet, tenant, theirs.get(communityId) ?? [], nowMs),
      );
      const health = noHealth();
      for (const count of counts) for (const name of healths) health[name] += count.health[name];
      const readAt = counts.flatMap(({ lastReadingAt }) => lastReadingAt ?? []).sort();
      const answer: HubOverview = {
        communities: communities.length,
        devices: devices.length,
        health,
        unregistered: (await reports.sightings(scope)).length,
        gateways: gateways.length,
        gatewaysAway: gateways.filter((gateway) => {
          const seenMs = hub.gateways.lastSeen(gateway);
          return seenMs === null || nowMs - seenMs > AWAY_MS;
        }).length,
        lastReadingAt: readAt.at(-1) ?? null,
      };
      return c.json(success(answer));
    }),
};
