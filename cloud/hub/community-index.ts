/**
 * `community-index`: the communities somebody may see, in the order of their list, ready to be
 * searched and with what is counted of them. Made anew only when a document changed; health is
 * counted for those asked for and holds a moment.
 */
import type { Doc } from "#shared/couch/database.ts";
import type { CommunityId } from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { census, type Census } from "./census.ts";
import type { Fleet } from "./fleet.ts";
import type { CommunityDoc, DeviceDoc, Hub } from "./hub.ts";
import type { Image } from "./image.ts";
import { reachesCommunity } from "./scoped-documents.ts";
import { phoneText, searchText } from "./search.ts";

export interface CommunityItem {
  readonly community: CommunityDoc;
  /** Lower-case text that a search looks through. */
  readonly text: string;
  readonly units: number;
  readonly residents: number;
  readonly devices: readonly DeviceDoc[];
  /** Those it owns directly. */
  readonly children: readonly CommunityId[];
}

export interface CommunityIndex {
  list(scope: HubScope): Promise<readonly CommunityItem[]>;
  /** Those that are deleted and can be brought back. */
  listDeleted(scope: HubScope): Promise<readonly CommunityItem[]>;
  /** Health of a community's devices, at most some seconds old. */
  census(item: CommunityItem): Census;
}

/** A count of health is good for so long, ms; a little while also when something was heard meanwhile. */
const GOOD_MS = 20_000;
const GOOD_ENOUGH_MS = 2_000;

const collator = new Intl.Collator("en", { numeric: true });

export function communityIndex(hub: Hub, fleet: Fleet): CommunityIndex {
  const held = new Map<string, { version: number; items: readonly CommunityItem[] }>();
  /** By the list of devices: one of which nothing changed stays the same list. */
  const counted = new WeakMap<
    readonly DeviceDoc[],
    { atMs: number; version: number; census: Census }
  >();
  const lists = new Map<CommunityId, readonly DeviceDoc[]>();
  const sameOr = (communityId: CommunityId, now: readonly DeviceDoc[]) => {
    const before = lists.get(communityId);
    const isSame = before?.length === now.length && now.every((one, i) => one === before[i]);
    if (isSame) return before;
    lists.set(communityId, now);
    return now;
  };

  const itemsOf = (image: Image, communities: readonly CommunityDoc[]) => {
    const units = countOf(image.held("unit"));
    const residents = countOf(image.held("resident"));
    const devices = new Map<CommunityId | null, DeviceDoc[]>();
    for (const device of image.held<DeviceDoc>("device").values()) {
      const same = devices.get(device.communityId);
      if (same) same.push(device);
      else devices.set(device.communityId, [device]);
    }
    const children = new Map<CommunityId | undefined, CommunityId[]>();
    for (const { communityId, parentId } of communities)
      children.set(parentId, [...(children.get(parentId) ?? []), communityId]);
    return communities
      .map((community): CommunityItem => {
        const { communityId } = community;
        return {
          community,
          text: textOf(community),
          units: units.get(communityId) ?? 0,
          residents: residents.get(communityId) ?? 0,
          devices: sameOr(communityId, devices.get(communityId) ?? []),
          children: children.get(communityId) ?? [],
        };
      })
      .sort((a, b) => collator.compare(a.community.name, b.community.name));
  };
  const whole = async ({ organizationId, by }: HubScope): Promise<readonly CommunityItem[]> => {
    const image = await hub.registry.organization(organizationId);
    await image.fresh();
    const version = image.version("community", "device", "resident", "unit");
    const known = held.get(organizationId);
    if (known?.version === version) return known.items;
    const scope: HubScope = { kind: "organization", organizationId, by };
    const items = itemsOf(image, await hub.communities.list(scope));
    held.set(organizationId, { version, items });
    return items;
  };

  return {
    async list(scope) {
      const items = await whole(scope);
      return scope.kind === "organization"
        ? items
        : items.filter(({ community }) => reachesCommunity(scope, community.communityId));
    },
    async listDeleted(scope) {
      const communities = await hub.deletedCommunities.list(scope);
      return itemsOf(await hub.registry.organization(scope.organizationId), communities);
    },
    census(item) {
      const nowMs = hub.clock.now();
      const known = counted.get(item.devices);
      const ageMs = known ? nowMs - known.atMs : Infinity;
      const isStill = known?.version === fleet.version();
      if (known && ageMs >= 0 && ageMs < (isStill ? GOOD_MS : GOOD_ENOUGH_MS)) return known.census;
      const now = census(fleet, item.community.tenant, item.devices, nowMs);
      counted.set(item.devices, { atMs: nowMs, version: fleet.version(), census: now });
      return now;
    },
  };
}

function countOf(docs: ReadonlyMap<string, Doc>): Map<unknown, number> {
  const counts = new Map<unknown, number>();
  for (const { communityId } of docs.values())
    counts.set(communityId, (counts.get(communityId) ?? 0) + 1);
  return counts;
}

function textOf({ name, tenant, externalId, adminEmail, contact = {} }: CommunityDoc): string {
  const phone = phoneText(contact.phone);
  return searchText([name, tenant, externalId, adminEmail, ...Object.values(contact), phone]);
}
