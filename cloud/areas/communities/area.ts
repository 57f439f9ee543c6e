/** `communities`: the organization's communities, under the name other products gave them: customers. */
import { Hono } from "hono";
import type { Area, Env } from "#cloud/areas/area.ts";
import { Paging, parseQuery } from "#cloud/areas/paging.ts";
import { census } from "#cloud/hub/census.ts";
import type { CommunityRow } from "#shared/api/admin.ts";
import { page } from "#shared/api/envelope.ts";
import type { CommunityId } from "#shared/model/ids.ts";
import { zoneAt } from "#shared/series/calendar.ts";
import type { CommunityDoc } from "./community-store.ts";

export const communities: Area = {
  path: "/customers",
  right: "communities.read",
  api: ({ hub, fleet }) =>
    new Hono<Env>().get("/", async (c) => {
      const { scope } = c.var;
      const asked = parseQuery(Paging, c.req.query());
      const units = byCommunity(await hub.units.units.list(scope));
      const residents = byCommunity(await hub.residents.list(scope));
      const devices = byCommunity(await hub.devices.list(scope));
      const gateways = await hub.gateways.list(scope);
      const nowMs = hub.clock.now();
      const rows = (await hub.communities.list(scope))
        .sort((a, b) => a.name.localeCompare(b.name))
        .map((community): CommunityRow => {
          const { communityId: id } = community;
          const counted = census(fleet, community.tenant, devices.get(id) ?? [], nowMs);
          return {
            id,
            name: community.name,
            tenant_name: community.tenant,
            admin_email: community.adminEmail,
            is_active: community.isActive,
            created_at: community.createdAt,
            zone: zoneOf(community, nowMs),
            units: units.get(id)?.length ?? 0,
            residents: residents.get(id)?.length ?? 0,
            ...counted,
            gateways: gateways
              .filter((one) => one.communities.includes(id))
              .map(({ name }) => name),
          };
        });
      return c.json(page(rows, asked));
    }),
};

function byCommunity<T extends { readonly communityId: CommunityId }>(docs: readonly T[]) {
  const found = new Map<CommunityId, T[]>();
  for (const doc of docs) {
    const same = found.get(doc.communityId);
    if (same) same.push(doc);
    else found.set(doc.communityId, [doc]);
  }
  return found;
}

function zoneOf({ zones }: CommunityDoc, nowMs: number): string {
  return zoneAt(
    zones.map(({ from, zone }) => ({ fromMs: Date.parse(from), zone })),
    nowMs,
  );
}
