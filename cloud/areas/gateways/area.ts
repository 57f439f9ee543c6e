/** `gateways`: the machines at the sites, when they last spoke and what waits there. */
import { Hono } from "hono";
import type { Area, Env } from "#cloud/areas/area.ts";
import { Paging, parseQuery } from "#cloud/areas/paging.ts";
import type { GatewayRow } from "#shared/api/admin.ts";
import { page } from "#shared/api/envelope.ts";

export const gateways: Area = {
  path: "/gateways",
  right: "gateways.read",
  api: ({ hub, reports }) =>
    new Hono<Env>().get("/", async (c) => {
      const { scope } = c.var;
      const asked = parseQuery(Paging, c.req.query());
      const communities = await hub.communities.list(scope);
      const all = await hub.gateways.list(scope);
      const rows = all.map(async (gateway): Promise<GatewayRow> => {
        const seenMs = hub.gateways.lastSeen(gateway);
        const health = await reports.health(gateway);
        return {
          id: gateway.gatewayId,
          name: gateway.name,
          enrolled_at: gateway.enrolledAt,
          lastSeenAt: seenMs === null ? null : new Date(seenMs).toISOString(),
          communities: communities
            .filter(({ communityId }) => gateway.communities.includes(communityId))
            .map(({ communityId, name }) => ({ id: communityId, name })),
          version: health?.version ?? null,
          waiting: health?.waiting ?? null,
          uplinksKept: health?.uplinksKept ?? null,
        };
      });
      return c.json(page(await Promise.all(rows), asked));
    }),
};
