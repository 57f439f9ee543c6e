/** `communities`: the organization's communities, under the name other products gave them: customers. */
import { Paging } from "#cloud/api/paging.ts";
import { route, type Area } from "#cloud/api/route.ts";
import { census } from "#cloud/hub/census.ts";
import { CommunityRow } from "#shared/api/admin.ts";
import type { CommunityId } from "#shared/model/ids.ts";
import { zoneAt } from "#shared/series/calendar.ts";
import type { CommunityDoc } from "./community-store.ts";

const list = route({
  method: "get",
  path: "/customers",
  right: "communities.read",
  title: "Communities, by name.",
  query: Paging,
  answer: { rows: CommunityRow },
  open:
    ({ hub, fleet }) =>
    async ({ scope, query: { limit, offset } }) => {
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
      return { rows: rows.slice(offset, offset + limit), total: rows.length };
    },
});

export const communities: Area = {
  name: "communities",
  title: "Communities, under the name other products gave them: customers",
  routes: [list],
};

function byCommunity<T extends { readonly communityId: CommunityId | null }>(docs: readonly T[]) {
  const found = new Map<CommunityId | null, T[]>();
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
