/**
 * `inventory`: the devices somebody may see, in the order of their list and ready to be searched.
 *
 * Kept in step with what changed, one by one: a page of 40,000 rows costs no sorting, and neither
 * does a change of one of them.
 */
import { Fault } from "#shared/model/fault.ts";
import type { HubScope } from "#shared/model/scope.ts";
import type { CommunityDoc, DeviceDoc, Hub, UnitDoc } from "./hub.ts";
import { reachesCommunity } from "./scoped-documents.ts";
import { compact, searchText } from "./search.ts";

export interface Item {
  readonly device: DeviceDoc;
  /** Null while the organization itself holds it. */
  readonly community: CommunityDoc | null;
  /** All homes of the organization, by id. */
  readonly units: ReadonlyMap<string, UnitDoc>;
  /** Lower-case text that a search looks through. */
  readonly text: string;
}

export interface Inventory {
  /** What nobody was given first, then by community and name. */
  list(scope: HubScope): Promise<readonly Item[]>;
  /** @throws Fault "not_found" when there is none, or none in reach */
  find(scope: HubScope, deviceId: string): Promise<Item>;
}

interface Held {
  readonly version: number;
  readonly items: readonly Item[];
  readonly byId: ReadonlyMap<string, Item>;
  /** What the items were made from: another object is another content. */
  readonly communities: ReadonlyMap<string, CommunityDoc>;
  readonly units: ReadonlyMap<string, UnitDoc>;
}

/** The types of documents that rows are made of. */
const MADE_OF = ["community", "device", "unit"] as const;

const collator = new Intl.Collator("en", { numeric: true });
const inOrder = (a: Item, b: Item) =>
  collator.compare(a.community?.name ?? "", b.community?.name ?? "") ||
  collator.compare(a.device.name, b.device.name) ||
  (a.device.deviceId < b.device.deviceId ? -1 : 1);

export function inventory(hub: Hub): Inventory {
  const held = new Map<string, Held>();
  const whole = async ({ organizationId, by }: HubScope): Promise<Held> => {
    const image = await hub.registry.organization(organizationId);
    await image.fresh();
    const known = held.get(organizationId);
    if (known?.version === image.version(...MADE_OF)) return known;
    const scope: HubScope = { kind: "organization", organizationId, by };
    const communities = new Map(
      (await hub.communities.list(scope)).map((one) => [one.communityId as string, one]),
    );
    const devices = await hub.devices.list(scope);
    const version = image.version(...MADE_OF);
    // The image's own map: replaced documents are new objects in it.
    const units = new Map(image.held<UnitDoc>("unit"));
    const now = brought({ version, communities, units: byUnitId(units) }, devices, known);
    held.set(organizationId, now);
    return now;
  };
  return {
    async list(scope) {
      const { items } = await whole(scope);
      return scope.kind === "organization"
        ? items
        : items.filter(({ device }) => reachesCommunity(scope, device.communityId));
    },
    async find(scope, deviceId) {
      const item = (await whole(scope)).byId.get(deviceId);
      if (!item || !reachesCommunity(scope, item.device.communityId))
        throw new Fault("not_found", "There is no such device here.");
      return item;
    },
  };
}

function byUnitId(units: ReadonlyMap<string, UnitDoc>): Map<string, UnitDoc> {
  return new Map([...units.values()].map((unit) => [unit.unitId as string, unit]));
}

/** The inventory after a change: rows of which nothing changed are taken over, in the order they stand in. */
function brought(
  now: Pick<Held, "version" | "communities" | "units">,
  devices: readonly DeviceDoc[],
  before: Held | undefined,
): Held {
  const { communities, units } = now;
  const renamed = new Set<string>();
  for (const [id, unit] of before?.units ?? [])
    if (units.get(id)?.name !== unit.name) renamed.add(id);
  const byId = new Map<string, Item>();
  const fresh: Item[] = [];
  for (const device of devices) {
    const community = device.communityId === null ? null : communities.get(device.communityId);
    if (community === undefined) continue;
    const old = before?.byId.get(device.deviceId);
    const isSame =
      old !== undefined &&
      old.device === device &&
      old.community?.name === community?.name &&
      !device.installations.some(({ unitId }) => renamed.has(unitId));
    const text = isSame ? old.text : textOf(device, community, units);
    const item = { device, community, units, text };
    byId.set(device.deviceId, item);
    if (!isSame) fresh.push(item);
  }
  const changed = new Set(fresh.map(({ device }) => device.deviceId));
  const stayed = (before?.items ?? []).flatMap(({ device: { deviceId } }) => {
    const item = changed.has(deviceId) ? undefined : byId.get(deviceId);
    return item ? [item] : [];
  });
  return { ...now, byId, items: merged(stayed, fresh.sort(inOrder)) };
}

/** Two sorted lists as one. */
function merged(stayed: readonly Item[], fresh: readonly Item[]): Item[] {
  if (fresh.length === 0) return [...stayed];
  const all: Item[] = [];
  let at = 0;
  for (const item of stayed) {
    for (let next = fresh[at]; next && inOrder(next, item) < 0; next = fresh[++at]) all.push(next);
    all.push(item);
  }
  for (; at < fresh.length; at++) all.push(fresh[at] as Item);
  return all;
}

function textOf(
  device: DeviceDoc,
  community: CommunityDoc | null,
  units: ReadonlyMap<string, UnitDoc>,
): string {
  const homes = device.installations.map(({ unitId }) => units.get(unitId)?.name);
  const { name, deviceId, serial, model, externalId, deviceType, hardware } = device;
  const parts = [name, deviceId, serial, model, hardware, deviceType, externalId, community?.name];
  const number = serial === undefined ? undefined : compact(serial);
  return searchText([...parts, number === serial ? undefined : number, ...homes]);
}
