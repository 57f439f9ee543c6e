/** `list`: homes, searched as one types, filtered, as they were or are at a moment. */
import { z } from "zod";
import { Paging } from "#cloud/api/paging.ts";
import { route } from "#cloud/api/route.ts";
import { membersOf } from "#cloud/hub/group-members.ts";
import { isFoundIn, searchFor } from "#cloud/hub/search.ts";
import { livingIn } from "#cloud/hub/tenancies.ts";
import { unitOrders } from "#cloud/hub/unit-index.ts";
import { DateOrMoment } from "#shared/api/communities.ts";
import { UnitRow } from "#shared/api/units.ts";
import { Fault } from "#shared/model/fault.ts";
import { momentOf } from "#cloud/hub/moment.ts";
import { unitRow } from "./unit-row.ts";
import { whoLives } from "#cloud/hub/who-lives.ts";

const Query = Paging.extend({
  /** A community by id or `tenant_name`. */
  community: z.string().max(64).optional(),
  /** A building by id; `none`: those in no building. */
  building: z.string().max(64).optional(),
  /** Those in a group, by its id. */
  group: z.string().max(64).optional(),
  q: z.string().max(200).optional(),
  vacant: z.enum(["true", "false"]).optional(),
  /** As of then; now when it is not said. */
  at: DateOrMoment.optional(),
  sort: z.enum(unitOrders).default("name"),
});

export const list = route({
  method: "get",
  path: "/units",
  right: "units.read",
  title:
    "Homes: searched by name, building, external id and who lives or lived there; vacant ones; as of a moment.",
  query: Query,
  answer: { rows: UnitRow },
  open:
    ({ hub, units }) =>
    async ({
      scope,
      asker,
      query: { community, building, group, q, vacant, at, sort, limit, offset },
    }) => {
      let found = await units(scope, sort);
      if (community !== undefined && community !== "") {
        const all = await hub.communities.list(scope);
        const one = all.find(
          ({ communityId, tenant }) => communityId === community || tenant === community,
        );
        if (!one) throw new Fault("not_found", "There is no such community here.");
        found = found.filter(({ unit }) => unit.communityId === one.communityId);
      }
      if (building === "none") found = found.filter(({ unit }) => unit.buildingId === undefined);
      else if (building !== undefined && building !== "") {
        const { buildingId } = await hub.units.buildings.find(scope, building);
        found = found.filter(({ unit }) => unit.buildingId === buildingId);
      }
      const members = group ? await membersOf(hub, scope, group, "units") : undefined;
      if (members) found = found.filter(({ unit }) => members.has(unit.unitId));
      const who = await whoLives(hub, asker);
      const search = searchFor(q);
      if (search)
        found = found.filter(({ text, unit }) => isFoundIn(search, `${text}\n${who.text(unit)}`));
      const now = new Date(hub.clock.now()).toISOString();
      const asOf = (zones: Parameters<typeof momentOf>[0]) =>
        at === undefined ? now : momentOf(zones, at);
      if (vacant !== undefined)
        found = found.filter(
          ({ unit, community: one }) =>
            (livingIn(unit, asOf(one)).length === 0) === (vacant === "true"),
        );
      const rows = found
        .slice(offset, offset + limit)
        .map((item) => unitRow(item, who, asOf(item.community)));
      return { rows, total: found.length };
    },
});
