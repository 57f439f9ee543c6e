/** `units`: buildings, homes, and who lives in them. */
import { z } from "zod";
import { route, type Area } from "#cloud/api/route.ts";
import { UnitDetails } from "#shared/api/units.ts";
import { addBuilding, changeBuilding, listBuildings, removeBuilding } from "./buildings.ts";
import { addUnit, changeUnit, removeUnit, removeUnits } from "./edit.ts";
import { list } from "./list.ts";
import { moveOut } from "./move-out.ts";
import { toldUnit } from "./one-unit.ts";
import { addTenancy, changeTenancy, endTenancy, removeTenancy } from "./tenancies.ts";

const one = route({
  method: "get",
  path: "/units/:id",
  right: "units.read",
  title: "One home with all who lived there, what was mounted there, and its moves.",
  params: z.object({ id: z.string().max(64) }),
  answer: { data: UnitDetails },
  open:
    (parts) =>
    ({ scope, asker, params: { id } }) =>
      toldUnit(parts, scope, asker, id),
});

export const units: Area = {
  name: "units",
  title: "Buildings, homes, and who lives in them",
  routes: [
    listBuildings,
    addBuilding,
    changeBuilding,
    removeBuilding,
    list,
    addUnit,
    one,
    changeUnit,
    removeUnit,
    removeUnits,
    addTenancy,
    changeTenancy,
    endTenancy,
    removeTenancy,
    moveOut,
  ],
};
