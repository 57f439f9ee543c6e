/**
 * `unique-name`: no two homes of one building, and no two buildings of one community, are called
 * the same; small and capital letters are one. Looked at together with the write in `hub.inTurn`.
 */
import type { Hub } from "#cloud/hub/hub.ts";
import { Fault } from "#shared/model/fault.ts";
import type { HubScope } from "#shared/model/scope.ts";
import type { BuildingDoc, UnitDoc } from "./unit-store.ts";

const key = (name: string) => name.trim().toLowerCase();

/** @throws Fault "conflict" that names the other */
export async function checkName(
  hub: Hub,
  scope: HubScope,
  doc: BuildingDoc | UnitDoc,
): Promise<void> {
  const others: readonly (BuildingDoc | UnitDoc)[] =
    doc.type === "unit"
      ? (await hub.units.units.list(scope, doc.communityId)).filter(
          ({ buildingId }) => buildingId === doc.buildingId,
        )
      : await hub.units.buildings.list(scope, doc.communityId);
  const other = others.find(({ _id, name }) => _id !== doc._id && key(name) === key(doc.name));
  if (!other) return;
  const what = doc.type === "unit" ? "a home" : "a building";
  throw new Fault(
    "conflict",
    `There is ${what} called ${JSON.stringify(other.name)} there already (${other._id.split(":")[1]}).`,
    { fields: { name: "is taken" } },
  );
}
