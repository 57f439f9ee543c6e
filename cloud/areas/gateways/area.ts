/** `gateways`: the machines at the sites, when they last spoke and what waits there. */
import { Paging } from "#cloud/api/paging.ts";
import { route, type Area } from "#cloud/api/route.ts";
import { GatewayRow } from "#shared/api/admin.ts";

const list = route({
  method: "get",
  path: "/gateways",
  right: "gateways.read",
  title: "Gateways, in the order they were enrolled.",
  query: Paging,
  answer: { rows: GatewayRow },
  open:
    ({ hub, reports }) =>
    async ({ scope, query: { limit, offset } }) => {
      const communities = await hub.communities.list(scope);
      const all = await hub.gateways.list(scope);
      const rows = all.slice(offset, offset + limit).map(async (gateway): Promise<GatewayRow> => {
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
      return { rows: await Promise.all(rows), total: all.length };
    },
});

export const gateways: Area = {
  name: "gateways",
  title: "The machines at the sites",
  routes: [list],
};
