/**
 * `unit-index`: the homes somebody may see, in the order of their list and ready to be searched,
 * made anew only when a document changed.
 */
import type { BuildingDoc } from "#cloud/areas/units/unit-store.ts";
import type { HubScope } from "#shared/model/scope.ts";
import type { CommunityDoc, DeviceDoc, Hub, UnitDoc } from "./hub.ts";
import { reachesCommunity } from "./scoped-documents.ts";

export interface UnitItem {
  readonly unit: UnitDoc;
  readonly community: CommunityDoc;
  readonly building: BuildingDoc | undefined;
  /** Devices that are or were mounted there. */
  readonly devices: readonly DeviceDoc[];
  /** Lower-case text that a search looks through; names of people are looked for apart. */
  readonly text: string;
}

export const unitOrders = ["name", "floor"] as const;
export type UnitOrder = (typeof unitOrders)[number];

/** By community, building and name; or by community, building, floor and name. */
export type UnitIndex = (scope: HubScope, order?: UnitOrder) => Promise<readonly UnitItem[]>;

interface Held {
  readonly version: number;
  readonly orders: Partial<Record<UnitOrder, readonly UnitItem[]>>;
  readonly items: readonly UnitItem[];
}

const collator = new Intl.Collator("en", { numeric: true });

export function unitIndex(hub: Hub): UnitIndex {
  const held = new Map<string, Held>();
  const whole = async ({ organizationId, by }: HubScope): Promise<Held> => {
    const image = await hub.registry.organization(organizationId);
    await image.fresh();
    const version = image.version();
    const known = held.get(organizationId);
    if (known?.version === version) return known;
    const scope: HubScope = { kind: "organization", organizationId, by };
    const units = await hub.units.units.list(scope);
    const communities = new Map(
      [...image.held<CommunityDoc>("community").values()].map((one) => [one.communityId, one]),
    );
    const buildings = image.held<BuildingDoc>("building");
    const devices = new Map<string, DeviceDoc[]>();
    for (const device of image.held<DeviceDoc>("device").values())
      for (const unitId of new Set(device.installations.map((one) => one.unitId))) {
        const same = devices.get(unitId);
        if (same) same.push(device);
        else devices.set(unitId, [device]);
      }
    const items = units.flatMap((unit): UnitItem[] => {
      const community = communities.get(unit.communityId);
      if (!community) return [];
      const building = unit.buildingId ? buildings.get(`building:${unit.buildingId}`) : undefined;
      const { name, floor, externalId } = unit;
      const text = [name, building?.name, floor, externalId, community.name, community.tenant]
        .filter((part) => part !== undefined)
        .join("\n")
        .toLowerCase();
      return [{ unit, community, building, devices: devices.get(unit.unitId) ?? [], text }];
    });
    const fresh = { version, items, orders: {} };
    held.set(organizationId, fresh);
    return fresh;
  };
  return async (scope, order = "name") => {
    const { items, orders } = await whole(scope);
    const sorted = (orders[order] ??= inOrder(items, order));
    return scope.kind === "organization"
      ? sorted
      : sorted.filter(({ unit }) => reachesCommunity(scope, unit.communityId));
  };
}

/** Each name is ranked once: comparing 20,000 times by the rules of a language takes long. */
function inOrder(items: readonly UnitItem[], order: UnitOrder): readonly UnitItem[] {
  const ranks = new Map<string, number>();
  const namesOf = ({ unit, community, building }: UnitItem) => [
    `${community.name}\u0000${community.communityId}`,
    building?.name ?? "",
    ...(order === "floor" ? [unit.floor ?? ""] : []),
    unit.name,
  ];
  const all = new Set(items.flatMap(namesOf));
  for (const [i, name] of [...all].sort(collator.compare).entries()) ranks.set(name, i);
  const keyed = items.map((item) => ({
    item,
    key: namesOf(item).map((name) => ranks.get(name) as number),
  }));
  keyed.sort((a, b) => {
    for (const [i, left] of a.key.entries()) {
      const right = b.key[i] as number;
      if (left !== right) return left - right;
    }
    return a.item.unit.unitId < b.item.unit.unitId ? -1 : 1;
  });
  return keyed.map(({ item }) => item);
}
