/** `tenancies`: who lives in a home from when to when: added, ended, corrected. */
import { z } from "zod";
import { route } from "#cloud/api/route.ts";
import type { Trail } from "#cloud/api/trail.ts";
import { change } from "#cloud/hub/change.ts";
import type { CommunityDoc, Hub, UnitDoc } from "#cloud/hub/hub.ts";
import { momentOf } from "#cloud/hub/moment.ts";
import {
  ended,
  tenancyIn,
  withTenancy,
  withoutTenancy,
  type Tenancy,
} from "#cloud/hub/tenancies.ts";
import { NewTenancy, TenancyChange, TenancyEnd, UnitDetails } from "#shared/api/units.ts";
import { Fault } from "#shared/model/fault.ts";
import { newId, type PersonId, type ResidentId, type TenancyId } from "#shared/model/ids.ts";
import { systemScope, type HubScope } from "#shared/model/scope.ts";
import { toldUnit, unitToChange } from "./one-unit.ts";
import { whoLives, type WhoLives } from "#cloud/hub/who-lives.ts";

const system = systemScope("tenancies");
const OfUnit = z.object({ id: z.string().max(64) });
const One = OfUnit.extend({ tenancy_id: z.string().max(64) });

export const addTenancy = route({
  method: "post",
  path: "/units/:id/tenancies",
  right: "units.write",
  title: "Somebody lives in a home from a date on, or lived there for a time.",
  params: OfUnit,
  body: NewTenancy,
  answer: { status: 201, data: UnitDetails },
  open:
    (parts) =>
    async ({ scope, asker, params: { id }, body, trail }) => {
      const { hub } = parts;
      const { community } = await unitToChange(hub, scope, id);
      const residentId = await residentNamed(hub, scope, community, body.resident);
      const who = await whoLives(hub, asker);
      const tenancy: Tenancy = {
        tenancyId: newId<TenancyId>("t", hub.random),
        residentId,
        from: body.from === undefined ? nowOf(hub) : momentOf(community, body.from),
        ...(body.to ? { to: momentOf(community, body.to) } : {}),
      };
      const { after } = await change(hub.units.units, scope, id, (unit) =>
        withTenancy(unit, tenancy, who.whoIs),
      );
      note(trail, "tenancy.add", after, who, { after: tenancy });
      await hub.adopt(community);
      return toldUnit(parts, scope, asker, id);
    },
});

export const changeTenancy = route({
  method: "patch",
  path: "/units/:id/tenancies/:tenancy_id",
  right: "units.write",
  title: "Corrects a tenancy: other dates, or another resident.",
  params: One,
  body: TenancyChange,
  answer: { data: UnitDetails },
  open:
    (parts) =>
    async ({ scope, asker, params: { id, tenancy_id }, body, trail }) => {
      const { hub } = parts;
      const { community } = await unitToChange(hub, scope, id);
      const residentId =
        body.resident === undefined
          ? undefined
          : await residentNamed(hub, scope, community, body.resident);
      const who = await whoLives(hub, asker);
      const { before, after } = await change(hub.units.units, scope, id, (unit) => {
        // Somebody of a household whose time is corrected by itself does not follow any more.
        const { to: oldTo, partOf: _, ...old } = tenancyIn(unit, tenancy_id);
        const to =
          body.to === undefined
            ? oldTo
            : body.to === null
              ? undefined
              : momentOf(community, body.to);
        const tenancy: Tenancy = {
          ...old,
          ...(residentId === undefined ? {} : { residentId }),
          ...(body.from === undefined ? {} : { from: momentOf(community, body.from) }),
          ...(to === undefined ? {} : { to }),
        };
        return withTenancy(unit, tenancy, who.whoIs);
      });
      note(trail, "tenancy.change", after, who, {
        before: tenancyIn(before, tenancy_id),
        after: tenancyIn(after, tenancy_id),
      });
      await hub.adopt(community);
      return toldUnit(parts, scope, asker, id);
    },
});

export const endTenancy = route({
  method: "post",
  path: "/units/:id/tenancies/:tenancy_id/end",
  right: "units.write",
  title: "Somebody does not live there any more, from now or another date on.",
  params: One,
  body: TenancyEnd,
  answer: { data: UnitDetails },
  open:
    (parts) =>
    async ({ scope, asker, params: { id, tenancy_id }, body: { to }, trail }) => {
      const { hub } = parts;
      const { community } = await unitToChange(hub, scope, id);
      const end = to === undefined ? nowOf(hub) : momentOf(community, to);
      const { before, after } = await change(hub.units.units, scope, id, (unit) =>
        ended(unit, tenancy_id as TenancyId, end),
      );
      note(trail, "tenancy.end", after, await whoLives(hub, asker), {
        before: tenancyIn(before, tenancy_id),
        after: tenancyIn(after, tenancy_id),
      });
      await hub.adopt(community);
      return toldUnit(parts, scope, asker, id);
    },
});

export const removeTenancy = route({
  method: "delete",
  path: "/units/:id/tenancies/:tenancy_id",
  right: "units.write",
  title: "A tenancy that never was: whoever was said to live there never did.",
  params: One,
  answer: { data: UnitDetails },
  open:
    (parts) =>
    async ({ scope, asker, params: { id, tenancy_id }, trail }) => {
      const { hub } = parts;
      const { community } = await unitToChange(hub, scope, id);
      const { before, after } = await change(hub.units.units, scope, id, (unit) =>
        withoutTenancy(unit, tenancy_id),
      );
      note(trail, "tenancy.remove", after, await whoLives(hub, asker), {
        before: tenancyIn(before, tenancy_id),
      });
      await hub.adopt(community);
      return toldUnit(parts, scope, asker, id);
    },
});

const nowOf = (hub: Hub) => new Date(hub.clock.now()).toISOString();

/**
 * Somebody of the community by an id or an address.
 * @throws Fault "not_found" for an id that is not the community's, "invalid" for an address that is nobody's there
 */
async function residentNamed(
  hub: Hub,
  scope: HubScope,
  community: CommunityDoc,
  named: string,
): Promise<ResidentId> {
  if (!named.includes("@")) {
    await checkResident(hub, scope, community, named);
    return named as ResidentId;
  }
  const known = [
    await hub.people.findByEmail(system, named),
    ...(await hub.people.invitedUnder(system, named)),
  ];
  const own = await hub.residents.list(scope, community.communityId);
  const residentId = own.find(({ personId }) =>
    known.some((one) => one?.personId === personId),
  )?.residentId;
  if (residentId === undefined) {
    const why = "Nobody who lives in this community has this address: invite them first.";
    throw new Fault("invalid", why, { fields: { resident: why } });
  }
  return residentId;
}

/** @throws Fault "not_found" for somebody who is not the community's */
export async function checkResident(
  hub: Hub,
  scope: HubScope,
  { communityId }: CommunityDoc,
  residentId: string,
): Promise<void> {
  const resident = await hub.residents.find(scope, residentId);
  if (resident.communityId !== communityId)
    throw new Fault("not_found", "There is no such resident here.");
}

/** People stand in the audit by their ids. */
function note(
  trail: Trail,
  what: string,
  { communityId, unitId, name }: UnitDoc,
  who: WhoLives,
  { before, after }: { before?: Tenancy; after?: Tenancy },
): void {
  const residentId = (after ?? before)?.residentId;
  const person = residentId === undefined ? undefined : who.whoIs(residentId);
  trail.note({
    what,
    communityId,
    target: { type: "unit", id: unitId, name },
    ...(person?.startsWith("p-") ? { forWhom: person as PersonId } : {}),
    ...(before ? { before: { ...before } } : {}),
    ...(after ? { after: { ...after } } : {}),
  });
}
