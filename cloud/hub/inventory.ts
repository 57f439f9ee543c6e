/**
 * `inventory`: the devices somebody may see, in the order of their list and ready to be searched,
 * made anew only when a document changed: a page of 40,000 rows costs no sorting.
 */
import type { HubScope } from "#shared/model/scope.ts";
import type { CommunityDoc, DeviceDoc, Hub, UnitDoc } from "./hub.ts";
import { reachesCommunity } from "./scoped-documents.ts";

export interface Item {
  readonly device: DeviceDoc;
  /** Null while the organization itself holds it. */
  readonly community: CommunityDoc | null;
  /** Homes it is or was in, by id. */
  readonly units: ReadonlyMap<string, UnitDoc>;
  /** Lower-case text that a search looks through. */
  readonly text: string;
}

export type Inventory = (scope: HubScope) => Promise<readonly Item[]>;

const collator = new Intl.Collator("en", { numeric: true });

export function inventory(hub: Hub): Inventory {
  const held = new Map<string, { version: number; items: readonly Item[] }>();
  const whole = async ({ organizationId, by }: HubScope): Promise<readonly Item[]> => {
    const image = await hub.registry.organization(organizationId);
    await image.fresh();
    const version = image.version();
    const known = held.get(organizationId);
    if (known?.version === version) return known.items;
    const scope: HubScope = { kind: "organization", organizationId, by };
    const communities = new Map(
      (await hub.communities.list(scope)).map((one) => [one.communityId, one]),
    );
    const units = new Map(
      (await hub.units.units.list(scope)).map((one) => [one.unitId as string, one]),
    );
    const items = (await hub.devices.list(scope)).flatMap((device): Item[] => {
      const { communityId } = device;
      const community = communityId === null ? null : communities.get(communityId);
      return community === undefined
        ? []
        : [{ device, community, units, text: textOf(device, community, units) }];
    });
    // What nobody has been given stands first: something is to be done about it.
    items.sort(
      (a, b) =>
        collator.compare(a.community?.name ?? "", b.community?.name ?? "") ||
        collator.compare(a.device.name, b.device.name) ||
        (a.device.deviceId < b.device.deviceId ? -1 : 1),
    );
    held.set(organizationId, { version, items });
    return items;
  };
  return async (scope) => {
    const items = await whole(scope);
    return scope.kind === "organization"
      ? items
      : items.filter(({ device }) => reachesCommunity(scope, device.communityId));
  };
}

function textOf(
  device: DeviceDoc,
  community: CommunityDoc | null,
  units: ReadonlyMap<string, UnitDoc>,
): string {
  const homes = device.installations.map(({ unitId }) => units.get(unitId)?.name);
  const { name, deviceId, serial, model, externalId } = device;
  return [name, deviceId, serial, model, externalId, community?.name, ...homes]
    .filter((part) => part !== undefined)
    .join("\n")
    .toLowerCase();
}
