/**
 * `unit-index`: the homes somebody may see, in the order of their list and ready to be searched,
 * made anew only when a document changed.
 */
import type { BuildingDoc } from "#cloud/areas/units/unit-store.ts";
import type { HubScope } from "#shared/model/scope.ts";
import type { CommunityDoc, DeviceDoc, Hub, UnitDoc } from "./hub.ts";
import { reachesCommunity } from "./scoped-documents.ts";
import { searchText } from "./search.ts";

export interface UnitItem {
  readonly unit: UnitDoc;
  readonly community: CommunityDoc;
  readonly building: BuildingDoc | undefined;
  /** Devices that are or were mounted there. */
  readonly devices: readonly DeviceDoc[];
  /** What a search looks through (`searchText`); names of people are looked for apart. */
  readonly text: string;
}

export const unitOrders = ["name", "floor"] as const;
export type UnitOrder = (typeof unitOrders)[number];

/** By community, building and name; or by community, building, floor and name. */
export type UnitIndex = (scope: HubScope, order?: UnitOrder) => Promise<readonly UnitItem[]>;

/** A community's part of the list, and of what it was made. */
interface Part {
  readonly units: readonly UnitDoc[];
  readonly buildings: readonly (BuildingDoc | undefined)[];
  readonly ranks: readonly number[];
}

interface Held {
  readonly version: number;
  readonly items: readonly UnitItem[];
  readonly orders: Partial<Record<UnitOrder, readonly UnitItem[]>>;
  readonly parts: Partial<Record<UnitOrder, Map<string, Part>>>;
}

const collator = new Intl.Collator("en", { numeric: true });

/** A home's text is made once; it is another one when one of the three documents is. */
const texts = new WeakMap<
  UnitDoc,
  { community: CommunityDoc; building?: BuildingDoc | undefined; text: string }
>();

function textOf(unit: UnitDoc, community: CommunityDoc, building: BuildingDoc | undefined): string {
  const known = texts.get(unit);
  if (known?.community === community && known.building === building) return known.text;
  const { name, floor, externalId } = unit;
  const text = searchText([
    name,
    building?.name,
    building?.externalId,
    floor,
    externalId,
    community.name,
    community.tenant,
  ]);
  texts.set(unit, { community, building, text });
  return text;
}

export function unitIndex(hub: Hub): UnitIndex {
  const held = new Map<string, Held>();
  const whole = async ({ organizationId, by }: HubScope): Promise<Held> => {
    const image = await hub.registry.organization(organizationId);
    await image.fresh();
    const version = image.version("building", "community", "device", "unit");
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
      for (const { unitId } of device.installations) {
        const same = devices.get(unitId);
        if (!same) devices.set(unitId, [device]);
        // Mounted there twice: it came last.
        else if (same.at(-1) !== device) same.push(device);
      }
    const items = units.flatMap((unit): UnitItem[] => {
      const community = communities.get(unit.communityId);
      if (!community) return [];
      const building = unit.buildingId ? buildings.get(`building:${unit.buildingId}`) : undefined;
      const text = textOf(unit, community, building);
      return [{ unit, community, building, devices: devices.get(unit.unitId) ?? [], text }];
    });
    const fresh = { version, items, orders: {}, parts: known?.parts ?? {} };
    held.set(organizationId, fresh);
    return fresh;
  };
  return async (scope, order = "name") => {
    const { items, orders, parts } = await whole(scope);
    let sorted = orders[order];
    if (!sorted) {
      const made = inOrder(items, order, parts[order] ?? new Map());
      parts[order] = made.parts;
      orders[order] = sorted = made.sorted;
    }
    return scope.kind === "organization"
      ? sorted
      : sorted.filter(({ unit }) => reachesCommunity(scope, unit.communityId));
  };
}

/** Homes by community; a community's part is put in order again only when something of it changed. */
function inOrder(
  items: readonly UnitItem[],
  order: UnitOrder,
  before: ReadonlyMap<string, Part>,
): { sorted: UnitItem[]; parts: Map<string, Part> } {
  const found = new Map<string, { of: CommunityDoc; items: UnitItem[] }>();
  for (const item of items) {
    const { community } = item;
    const same = found.get(community.communityId);
    if (same) same.items.push(item);
    else found.set(community.communityId, { of: community, items: [item] });
  }
  const communities = [...found.values()].sort(
    (a, b) =>
      collator.compare(a.of.name, b.of.name) || (a.of.communityId < b.of.communityId ? -1 : 1),
  );
  const parts = new Map<string, Part>();
  for (const { of, items: theirs } of communities) {
    const old = before.get(of.communityId);
    const units = theirs.map(({ unit }) => unit);
    const isSame =
      old?.units.length === units.length &&
      theirs.every(
        ({ unit, building }, i) => old.units[i] === unit && old.buildings[i] === building,
      );
    parts.set(of.communityId, {
      units,
      buildings: theirs.map(({ building }) => building),
      ranks: isSame ? old.ranks : ranksOf(theirs, order),
    });
  }
  const sorted: UnitItem[] = [];
  for (const { of, items: theirs } of communities)
    for (const place of parts.get(of.communityId)?.ranks ?? [])
      sorted.push(theirs[place] as UnitItem);
  return { sorted, parts };
}

/** The places of a community's homes in the order of its list. */
function ranksOf(items: readonly UnitItem[], order: UnitOrder): number[] {
  const byFloor = order === "floor";
  return [...items.keys()].sort((i, j) => {
    const [a, b] = [items[i] as UnitItem, items[j] as UnitItem];
    return (
      collator.compare(a.building?.name ?? "", b.building?.name ?? "") ||
      (byFloor ? collator.compare(a.unit.floor ?? "", b.unit.floor ?? "") : 0) ||
      collator.compare(a.unit.name, b.unit.name) ||
      (a.unit.unitId < b.unit.unitId ? -1 : 1)
    );
  });
}
