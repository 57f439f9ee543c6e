/**
 * `household`: a resident lets others of their home have their own sign-in: a partner sees the same
 * home from then on. It ends with them, or when the one who let them in takes it back.
 */
import { z } from "zod";
import type { AreaParts } from "#cloud/api/area-parts.ts";
import type { PersonAsker } from "#cloud/api/asker.ts";
import { route } from "#cloud/api/route.ts";
import { invite } from "#cloud/auth/invite.ts";
import { leave } from "#cloud/hub/leave.ts";
import { withTenancy } from "#cloud/hub/tenancies.ts";
import { Email } from "#shared/api/people.ts";
import { Fault } from "#shared/model/fault.ts";
import { newId, ResidentId, UnitId, type TenancyId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import { viewOf } from "./own-homes.ts";

const scope = systemScope("household");
const HomeParams = z.object({ unit: UnitId });
/** More is no household any more. */
const MOST = 8;

const Member = z.object({
  id: z.string(),
  first_name: z.string(),
  last_name: z.string(),
  email: z.string().nullable(),
  since: z.string(),
});

/** The home, and the tenancy in which the asker lives there now. @throws Fault "not_found" | "forbidden" */
async function lived(parts: AreaParts, asker: PersonAsker, unitId: string) {
  const { hub } = parts;
  const view = await viewOf(parts, asker, unitId);
  const { residentId, tenant } = view.scope;
  const now = new Date(hub.clock.now()).toISOString();
  const unit = await hub.units.units.find(scope, unitId);
  const own = unit.tenancies.find(
    (one) =>
      one.residentId === residentId && one.from <= now && (one.to === undefined || now < one.to),
  );
  if (!own) throw new Fault("forbidden", "Only who lives here now decides about it.");
  const community = (await hub.communities.list(scope)).find((one) => one.tenant === tenant);
  if (!community) throw new Fault("not_found", "there is no such home here");
  const members = (await hub.residents.list(scope, community.communityId)).filter(
    ({ invitedBy, residentId: id }) =>
      invitedBy === residentId && unit.tenancies.some((one) => one.residentId === id),
  );
  return { hub, unit, own, residentId, community, members, now };
}

export const household = route({
  method: "get",
  path: "/me/homes/:unit/household",
  right: "signed-in",
  title: "Whom one has let into one's home.",
  params: HomeParams,
  answer: { data: z.array(Member) },
  open:
    (parts) =>
    async ({ params, asker }) => {
      const { hub, members, unit } = await lived(parts, asker, params.unit);
      const people = new Map((await hub.people.list(scope)).map((one) => [one.personId, one]));
      return members.flatMap(({ personId, residentId }) => {
        const person = people.get(personId);
        const tenancy = unit.tenancies.find((one) => one.residentId === residentId);
        if (!person || !tenancy) return [];
        return {
          id: residentId,
          first_name: person.firstName,
          last_name: person.lastName,
          email: person.email ?? person.invitedEmail ?? null,
          since: tenancy.from,
        };
      });
    },
});

export const addToHousehold = route({
  method: "post",
  path: "/me/homes/:unit/household",
  right: "signed-in",
  title: "Lets one more of the household in: they are mailed their own way in.",
  params: HomeParams,
  body: z.strictObject({
    email: Email,
    first_name: z.string().trim().min(1).max(80),
    last_name: z.string().trim().max(80).default(""),
  }),
  answer: { status: 201, data: z.object({ id: z.string() }) },
  assisted: "never",
  open:
    (parts) =>
    async ({ params, body, asker, trail }) => {
      const home = await lived(parts, asker, params.unit);
      const { hub, own, residentId: invitedBy, community, members, now } = home;
      if (members.length >= MOST)
        throw new Fault("conflict", `A household has at most ${MOST} more people.`);
      const { communityId, organizationId } = community;
      const residentId = newId<ResidentId>("r", hub.random);
      // Seen by nobody: whoever has this address elsewhere accepts it themselves.
      const nobody = { kind: "resident", tenant: community.tenant, residentId } as const;
      const { person, membership } = await invite(
        hub,
        nobody,
        {
          organizationId,
          email: body.email,
          firstName: body.first_name,
          lastName: body.last_name,
          language: asker.person.language,
          role: "resident",
          on: { kind: "community", communityId },
          residentId,
        },
        { way: "mail", hubUrl: parts.url() },
      );
      trail.note({
        what: "household.add",
        communityId,
        organizationId,
        target: { type: "unit", id: params.unit },
        forWhom: person.personId,
      });
      const record = await hub.residents.find(scope, residentId);
      await hub.residents.save(scope, organizationId, [{ ...record, invitedBy }]);
      const tenancy = {
        tenancyId: newId<TenancyId>("t", hub.random),
        residentId,
        from: now,
        ...(own.to === undefined ? {} : { to: own.to }),
      };
      const unit = await hub.units.units.find(scope, params.unit);
      await hub.units.units.save(scope, organizationId, [withTenancy(unit, tenancy)]);
      await hub.adopt(await hub.communities.find(scope, communityId));
      return { id: membership.residentId as string };
    },
});

export const endOfHousehold = route({
  method: "delete",
  path: "/me/homes/:unit/household/:resident",
  right: "signed-in",
  title: "Takes back what one let somebody of the household see.",
  params: HomeParams.extend({ resident: ResidentId }),
  answer: { none: true },
  assisted: "never",
  open:
    (parts) =>
    async ({ params, asker, trail }) => {
      const { hub, members, community } = await lived(parts, asker, params.unit);
      const member = members.find(({ residentId }) => residentId === params.resident);
      if (!member) throw new Fault("not_found", "there is nobody like that here");
      trail.note({
        what: "household.remove",
        communityId: community.communityId,
        organizationId: community.organizationId,
        target: { type: "unit", id: params.unit },
        forWhom: member.personId,
      });
      const person = await hub.people.find(scope, member.personId);
      const going = person.memberships.filter(({ residentId }) => residentId === params.resident);
      await leave(hub, person.personId, new Set(going.map(({ membershipId }) => membershipId)));
    },
});
