/** `community-row`: a community as the operator's pages are told of it. */
import type { CommunityIndex, CommunityItem } from "#cloud/hub/community-index.ts";
import type { CommunityDoc, Hub } from "#cloud/hub/hub.ts";
import type { CommunityDetails, CommunityRow } from "#shared/api/communities.ts";
import type { CommunityId } from "#shared/model/ids.ts";
import { contactFields } from "#shared/model/place.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { zoneAt } from "#shared/series/calendar.ts";

/** What rows of one answer share. */
export interface RowParts {
  readonly nowMs: number;
  readonly names: ReadonlyMap<CommunityId, string>;
  readonly gateways: ReadonlyMap<CommunityId, readonly string[]>;
}

/** @param items all that the asker sees: an owner out of reach has no name here */
export async function rowParts(
  hub: Hub,
  scope: HubScope,
  items: readonly CommunityItem[],
): Promise<RowParts> {
  const gateways = new Map<CommunityId, string[]>();
  for (const { name, communities } of await hub.gateways.list(scope))
    for (const id of communities) gateways.set(id, [...(gateways.get(id) ?? []), name]);
  return {
    nowMs: hub.clock.now(),
    names: new Map(items.map(({ community }) => [community.communityId, community.name])),
    gateways,
  };
}

export function communityRow(
  item: CommunityItem,
  { nowMs, names, gateways }: RowParts,
  index: CommunityIndex,
): CommunityRow {
  const { community } = item;
  const { devices, health, lastReadingAt } = index.census(item);
  const { parentId, deletion, contact } = community;
  const owner = parentId === undefined ? undefined : names.get(parentId);
  return {
    id: community.communityId,
    name: community.name,
    tenant_name: community.tenant,
    admin_email: community.adminEmail,
    is_active: community.isActive,
    created_at: community.createdAt,
    external_id: community.externalId ?? null,
    city: contact?.city ?? null,
    country: contact?.country ?? null,
    owner: parentId === undefined || owner === undefined ? null : { id: parentId, name: owner },
    archived_at: community.archivedAt ?? null,
    deleted: deletion ? { at: deletion.at, ends_at: deletion.endsAt } : null,
    zone: zoneOf(community, nowMs),
    units: item.units,
    residents: item.residents,
    devices,
    sub_communities: item.children.length,
    health,
    last_reading_at: lastReadingAt,
    gateways: [...(gateways.get(community.communityId) ?? [])],
  };
}

export function communityDetails(
  item: CommunityItem,
  parts: RowParts,
  index: CommunityIndex,
): CommunityDetails {
  const { community } = item;
  const contact = Object.fromEntries(
    contactFields.map((field) => [field, community.contact?.[field] ?? null]),
  ) as Pick<CommunityDetails, (typeof contactFields)[number]>;
  return {
    ...communityRow(item, parts, index),
    ...contact,
    language: community.language,
    currency: community.currency ?? null,
    zones: community.zones,
    max_devices: community.quotas?.devices ?? null,
    max_people: community.quotas?.people ?? null,
    hourly_detail: community.hourlyDetail ?? null,
    brand: community.brand,
    home_dashboard: community.homeDashboardId ?? null,
  };
}

function zoneOf({ zones }: CommunityDoc, nowMs: number): string {
  return zoneAt(
    zones.map(({ from, zone }) => ({ fromMs: Date.parse(from), zone })),
    nowMs,
  );
}
