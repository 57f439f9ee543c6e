/** `buildings`: houses of a community that homes stand in. */
import { z } from "zod";
import { differences } from "#cloud/api/differences.ts";
import { Paging } from "#cloud/api/paging.ts";
import { route } from "#cloud/api/route.ts";
import type { Trail } from "#cloud/api/trail.ts";
import { change } from "#cloud/hub/change.ts";
import { checkExternalId } from "#cloud/hub/external-id.ts";
import type { CommunityDoc, Hub } from "#cloud/hub/hub.ts";
import { isFoundIn, searchFor, searchText } from "#cloud/hub/search.ts";
import { BuildingChange, BuildingRow, NewBuilding } from "#shared/api/units.ts";
import { Fault } from "#shared/model/fault.ts";
import { newId } from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { communityToChange } from "./one-unit.ts";
import { checkName } from "./unique-name.ts";
import type { BuildingDoc } from "./unit-store.ts";

const Params = z.object({ id: z.string().max(64) });
const collator = new Intl.Collator("en", { numeric: true });

export const listBuildings = route({
  method: "get",
  path: "/buildings",
  right: "units.read",
  title: "Buildings by community and name.",
  query: Paging.extend({
    /** A community by id or `tenant_name`. */
    community: z.string().max(64).optional(),
    q: z.string().max(200).optional(),
  }),
  answer: { rows: BuildingRow },
  open:
    ({ hub }) =>
    async ({ scope, query: { community, q, limit, offset } }) => {
      const communities = new Map(
        (await hub.communities.list(scope)).map((one) => [one.communityId, one]),
      );
      const wanted = [...communities.values()].find(
        ({ communityId, tenant }) => communityId === community || tenant === community,
      );
      if (community !== undefined && community !== "" && !wanted)
        throw new Fault("not_found", "There is no such community here.");
      const search = searchFor(q);
      const found = (await hub.units.buildings.list(scope, wanted?.communityId))
        .filter(({ name, externalId, address }) =>
          isFoundIn(search, searchText([name, externalId, address])),
        )
        .map((building) => ({ building, of: communities.get(building.communityId) }))
        .filter((one): one is { building: BuildingDoc; of: CommunityDoc } => one.of !== undefined)
        .sort(
          (a, b) =>
            collator.compare(a.of.name, b.of.name) ||
            collator.compare(a.building.name, b.building.name),
        );
      const counts = await unitsIn(hub, scope);
      const rows = found
        .slice(offset, offset + limit)
        .map(({ building, of }) => buildingRow(building, of, counts));
      return { rows, total: found.length };
    },
});

export const addBuilding = route({
  method: "post",
  path: "/buildings",
  right: "units.write",
  title: "A new building.",
  body: NewBuilding,
  answer: { status: 201, data: BuildingRow },
  open:
    ({ hub }) =>
    async ({ scope, body, trail }) => {
      const community = await communityToChange(hub, scope, body.community);
      const buildingId = newId<string>("b", hub.random);
      const building: BuildingDoc = {
        _id: `building:${buildingId}`,
        type: "building",
        v: 1,
        communityId: community.communityId,
        buildingId,
        name: body.name,
        ...(body.address ? { address: body.address } : {}),
        ...(body.external_id ? { externalId: body.external_id } : {}),
      };
      await hub.inTurn(scope.organizationId, async () => {
        await checkName(hub, scope, building);
        await checkExternalId(hub, scope.organizationId, building);
        await hub.units.buildings.save(scope, scope.organizationId, [building]);
      });
      note(trail, "building.create", building, { after: { name: building.name } });
      return buildingRow(building, community, new Map());
    },
});

export const changeBuilding = route({
  method: "patch",
  path: "/buildings/:id",
  right: "units.write",
  title: "Changes a building; what is not named stays.",
  params: Params,
  body: BuildingChange,
  answer: { data: BuildingRow },
  open:
    ({ hub }) =>
    async ({ scope, params: { id }, body, trail }) => {
      const { before, after } = await hub.inTurn(scope.organizationId, () =>
        change(hub.units.buildings, scope, id, async (old) => {
          const { address: oldAddress, externalId: oldId, ...rest } = old;
          const address = body.address === undefined ? oldAddress : body.address;
          const externalId = body.external_id === undefined ? oldId : body.external_id;
          const building: BuildingDoc = {
            ...rest,
            name: body.name ?? old.name,
            ...(address ? { address } : {}),
            ...(externalId ? { externalId } : {}),
          };
          await checkName(hub, scope, building);
          await checkExternalId(hub, scope.organizationId, building);
          return building;
        }),
      );
      note(trail, "building.change", after, differences(before, after));
      const community = await hub.communities.find(scope, after.communityId);
      await hub.adopt(community);
      return buildingRow(after, community, await unitsIn(hub, scope));
    },
});

export const removeBuilding = route({
  method: "delete",
  path: "/buildings/:id",
  right: "units.write",
  title: "Removes a building in which no home stands.",
  params: Params,
  answer: { none: true },
  open:
    ({ hub }) =>
    async ({ scope, params: { id }, trail }) => {
      const building = await hub.units.buildings.find(scope, id);
      await hub.inTurn(scope.organizationId, async () => {
        const homes = (await unitsIn(hub, scope)).get(building.buildingId) ?? 0;
        if (homes > 0)
          throw new Fault(
            "conflict",
            `${homes} ${homes === 1 ? "home stands" : "homes stand"} in ${building.name}: move or remove them first.`,
          );
        await hub.units.buildings.remove(scope, scope.organizationId, [building]);
      });
      note(trail, "building.remove", building, { before: { name: building.name } });
    },
});

async function unitsIn(hub: Hub, scope: HubScope): Promise<Map<string | undefined, number>> {
  const counts = new Map<string | undefined, number>();
  for (const { buildingId } of await hub.units.units.list(scope))
    counts.set(buildingId, (counts.get(buildingId) ?? 0) + 1);
  return counts;
}

function buildingRow(
  { buildingId, name, address, externalId }: BuildingDoc,
  community: CommunityDoc,
  counts: ReadonlyMap<string | undefined, number>,
): BuildingRow {
  return {
    id: buildingId,
    name,
    community: { id: community.communityId, name: community.name },
    address: address ?? null,
    external_id: externalId ?? null,
    units: counts.get(buildingId) ?? 0,
  };
}

function note(
  trail: Trail,
  what: string,
  { communityId, buildingId, name }: BuildingDoc,
  more: { before?: Record<string, unknown>; after?: Record<string, unknown> },
): void {
  const target = { type: "building", id: buildingId, name };
  trail.note({ what, communityId, target, ...more });
}
