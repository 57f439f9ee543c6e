/** `edit`: a new home, changes to one, and its removal while it has no history. */
import { z } from "zod";
import { differences } from "#cloud/api/differences.ts";
import { route } from "#cloud/api/route.ts";
import type { Trail } from "#cloud/api/trail.ts";
import { change } from "#cloud/hub/change.ts";
import { checkExternalId } from "#cloud/hub/external-id.ts";
import type { CommunityDoc, Hub, UnitDoc } from "#cloud/hub/hub.ts";
import { BulkResult } from "#shared/api/communities.ts";
import { NewUnit, UnitChange, UnitDetails, UnitSelection } from "#shared/api/units.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import { newId, type UnitId } from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { communityToChange, toldUnit, unitToChange } from "./one-unit.ts";
import { checkName } from "./unique-name.ts";

const Params = z.object({ id: z.string().max(64) });

export const addUnit = route({
  method: "post",
  path: "/units",
  right: "units.write",
  title: "A new home.",
  body: NewUnit,
  answer: { status: 201, data: UnitDetails },
  open:
    (parts) =>
    async ({ scope, asker, body: { community: of, ...said }, trail }) => {
      const { hub } = parts;
      const community = await communityToChange(hub, scope, of);
      const unitId = newId<UnitId>("u", hub.random);
      const blank: UnitDoc = {
        _id: `unit:${unitId}`,
        type: "unit",
        v: 1,
        communityId: community.communityId,
        unitId,
        name: said.name,
        tenancies: [],
      };
      const unit = await withSaid(hub, scope, blank, said);
      await hub.inTurn(scope.organizationId, async () => {
        await checkName(hub, scope, unit);
        await checkExternalId(hub, scope.organizationId, unit);
        await hub.units.units.save(scope, scope.organizationId, [unit]);
      });
      const { name, buildingId, floor } = unit;
      note(trail, "unit.create", unit, { after: { name, buildingId, floor } });
      await hub.adopt(community);
      return toldUnit(parts, scope, asker, unitId);
    },
});

export const changeUnit = route({
  method: "patch",
  path: "/units/:id",
  right: "units.write",
  title: "Changes a home; what is not named stays.",
  params: Params,
  body: UnitChange,
  answer: { data: UnitDetails },
  open:
    (parts) =>
    async ({ scope, asker, params: { id }, body, trail }) => {
      const { hub } = parts;
      const { community } = await unitToChange(hub, scope, id);
      const { before, after } = await hub.inTurn(scope.organizationId, () =>
        change(hub.units.units, scope, id, async (old) => {
          const unit = await withSaid(hub, scope, old, body);
          await checkName(hub, scope, unit);
          await checkExternalId(hub, scope.organizationId, unit);
          return unit;
        }),
      );
      note(trail, "unit.change", after, differences(before, after));
      await hub.adopt(community);
      return toldUnit(parts, scope, asker, id);
    },
});

export const removeUnit = route({
  method: "delete",
  path: "/units/:id",
  right: "units.write",
  title: "Removes a home that nobody ever lived in and no meter was ever mounted in.",
  params: Params,
  answer: { none: true },
  open:
    ({ hub }) =>
    async ({ scope, params: { id }, trail }) => {
      await hub.adopt(await remove(hub, scope, id, trail));
    },
});

export const removeUnits = route({
  method: "post",
  path: "/units/bulk-delete",
  right: "units.write",
  title: "Removes a selection of homes, each by itself; `confirm` is how many they are.",
  body: UnitSelection,
  answer: { data: BulkResult },
  open:
    ({ hub }) =>
    async ({ scope, body: { ids, confirm }, trail }) => {
      const wanted = [...new Set(ids)];
      if (confirm.trim() !== String(wanted.length))
        throw new Fault("invalid", `Type ${wanted.length} to remove ${wanted.length} homes.`, {
          fields: { confirm: `is not ${wanted.length}` },
        });
      const results: BulkResult["results"] = [];
      const touched = new Map<string, CommunityDoc>();
      for (const id of wanted)
        try {
          const community = await remove(hub, scope, id, trail);
          touched.set(community.communityId, community);
          results.push({ id, ok: true });
        } catch (error) {
          if (!isFault(error)) throw error;
          results.push({ id, ok: false, code: error.code, detail: error.message });
        }
      for (const community of touched.values()) await hub.adopt(community);
      const done = results.filter(({ ok }) => ok).length;
      return { done, failed: results.length - done, results };
    },
});

async function remove(hub: Hub, scope: HubScope, id: string, trail: Trail): Promise<CommunityDoc> {
  const { unit, community } = await unitToChange(hub, scope, id);
  const { organizationId } = scope;
  const mounted = (await hub.devices.everHeldBy(scope, organizationId, unit.communityId)).filter(
    ({ installations }) => installations.some((one) => one.unitId === unit.unitId),
  );
  if (unit.tenancies.length > 0 || mounted.length > 0)
    throw new Fault(
      "conflict",
      `${unit.name} has a history of ${unit.tenancies.length} tenancies and ${mounted.length} meters: it says who saw and used what, and stays.`,
    );
  await hub.units.units.remove(scope, organizationId, [unit]);
  note(trail, "unit.remove", unit, { before: { name: unit.name } });
  return community;
}

/** @throws Fault "not_found" for a building that is not the community's */
async function withSaid(
  hub: Hub,
  scope: HubScope,
  unit: UnitDoc,
  said: UnitChange,
): Promise<UnitDoc> {
  const { buildingId: oldBuilding, floor: oldFloor, externalId: oldId, ...rest } = unit;
  const buildingId = said.building === undefined ? oldBuilding : said.building;
  const floor = said.floor === undefined ? oldFloor : said.floor;
  const externalId = said.external_id === undefined ? oldId : said.external_id;
  if (buildingId) {
    const building = await hub.units.buildings.find(scope, buildingId);
    if (building.communityId !== unit.communityId)
      throw new Fault("not_found", "There is no such building here.");
  }
  return {
    ...rest,
    name: said.name ?? unit.name,
    ...(buildingId ? { buildingId } : {}),
    ...(floor ? { floor } : {}),
    ...(externalId ? { externalId } : {}),
  };
}

function note(
  trail: Trail,
  what: string,
  { communityId, unitId, name }: UnitDoc,
  more: { before?: Record<string, unknown>; after?: Record<string, unknown> },
): void {
  trail.note({ what, communityId, target: { type: "unit", id: unitId, name }, ...more });
}
