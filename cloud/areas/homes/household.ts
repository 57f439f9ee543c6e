/**
 * `household`: a resident lets others of their home have their own sign-in: a partner sees the same
 * home, in the same time. It ends with the tenancy of the one who let them in, or when they take it
 * back.
 */
import { z } from "zod";
import type { AreaParts } from "#cloud/api/area-parts.ts";
import type { PersonAsker } from "#cloud/api/asker.ts";
import { route } from "#cloud/api/route.ts";
import { giveWayIn, invite, isActive, mailboxOf } from "#cloud/auth/invite.ts";
import { isSameMailbox } from "#cloud/auth/next-email.ts";
import { changeIn } from "#cloud/hub/change.ts";
import { leave } from "#cloud/hub/leave.ts";
import { livingIn, withoutTenancy, withTenancy } from "#cloud/hub/tenancies.ts";
import { HouseholdMember } from "#shared/api/household.ts";
import { Email } from "#shared/api/people.ts";
import { attempts } from "#shared/auth/attempts.ts";
import { Fault } from "#shared/model/fault.ts";
import { newId, ResidentId, UnitId, type TenancyId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import { viewOf } from "./own-homes.ts";

const scope = systemScope("household");
const HomeParams = z.object({ unit: UnitId });
const MemberParams = HomeParams.extend({ resident: ResidentId });
/** More is no household any more. */
const MOST = 8;
/** Mails that one resident has sent: a household, then fewer and fewer. */
const MAIL_LIMITS = { free: 10, firstWaitMs: 600_000, maxWaitMs: 86_400_000, forgetMs: 86_400_000 };

/** The home, and the tenancy in which the asker lives there now. @throws Fault "not_found" | "forbidden" */
async function lived(parts: AreaParts, asker: PersonAsker, unitId: string) {
  const { hub } = parts;
  const view = await viewOf(parts, asker, unitId);
  const { residentId, tenant } = view.scope;
  const unit = await hub.units.units.find(scope, unitId);
  const living = livingIn(unit, new Date(hub.clock.now()).toISOString());
  const own = living.find((one) => one.residentId === residentId);
  if (!own) throw new Fault("forbidden", "Only who lives here now decides about it.");
  if (own.partOf !== undefined)
    throw new Fault("forbidden", "This is for the one of you who let the others in.", {
      reason: "household",
    });
  const community = (await hub.communities.list(scope)).find((one) => one.tenant === tenant);
  if (!community) throw new Fault("not_found", "there is no such home here");
  const people = new Map((await hub.people.list(scope)).map((one) => [one.personId, one]));
  const members = (await hub.residents.list(scope, community.communityId)).flatMap((resident) => {
    // Who was given the home by the management as well is nobody's guest any more.
    const tenancy = living.find(
      (one) => one.residentId === resident.residentId && one.partOf === own.tenancyId,
    );
    const person = people.get(resident.personId);
    return resident.invitedBy === residentId && tenancy && person ? { tenancy, person } : [];
  });
  return { hub, own, residentId, community, members };
}

/** One of them. @throws Fault "not_found" */
async function member(parts: AreaParts, asker: PersonAsker, unit: string, resident: string) {
  const home = await lived(parts, asker, unit);
  const found = home.members.find(({ tenancy }) => tenancy.residentId === resident);
  if (!found) throw new Fault("not_found", "there is nobody like that here");
  const { community, hub } = home;
  const { communityId, organizationId } = community;
  const deed = {
    communityId,
    organizationId,
    target: { type: "unit", id: unit },
    forWhom: found.person.personId,
  };
  return { hub, community, ...found, organizationId, deed };
}

export const household = route({
  method: "get",
  path: "/me/homes/:unit/household",
  right: "signed-in",
  title: "Whom one has let into one's home.",
  params: HomeParams,
  answer: { data: z.array(HouseholdMember) },
  open:
    (parts) =>
    async ({ params, asker }) => {
      const { members } = await lived(parts, asker, params.unit);
      return members.map(({ person, tenancy }) => ({
        id: tenancy.residentId,
        first_name: person.firstName,
        last_name: person.lastName,
        email: mailboxOf(person),
        since: tenancy.from,
        has_come: isActive(person),
      }));
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
  open: (parts) => {
    const mailed = attempts(parts.hub.clock, MAIL_LIMITS);
    return async ({ params, body, asker, trail }) => {
      const home = await lived(parts, asker, params.unit);
      const { hub, own, residentId: invitedBy, community, members } = home;
      if (members.length >= MOST)
        throw new Fault("conflict", `A household has at most ${MOST} more people.`);
      if (isSameMailbox(mailboxOf(asker.person), body.email))
        throw new Fault("conflict", "This is your own address.", {
          fields: { email: "is your own" },
        });
      if (members.some(({ person }) => isSameMailbox(mailboxOf(person), body.email)))
        throw new Fault("conflict", "You have let this person in already.", {
          fields: { email: "is in your household already" },
        });
      mailed.check(asker.id);
      mailed.failed(asker.id);
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
      const tenancyId = newId<TenancyId>("t", hub.random);
      await changeIn(hub.units.units, scope, organizationId, params.unit, (unit) => {
        const { from, to } = unit.tenancies.find((one) => one.tenancyId === own.tenancyId) ?? own;
        return withTenancy(unit, {
          tenancyId,
          residentId,
          from,
          ...(to === undefined ? {} : { to }),
          partOf: own.tenancyId,
        });
      });
      await hub.adopt(await hub.communities.find(scope, communityId));
      return { id: membership.residentId as string };
    };
  },
});

export const inviteToHousehold = route({
  method: "post",
  path: "/me/homes/:unit/household/:resident/invitation",
  right: "signed-in",
  title: "Mails somebody of the household their way in once more; the one before ends.",
  params: MemberParams,
  answer: { none: true },
  assisted: "never",
  open: (parts) => {
    const mailed = attempts(parts.hub.clock, MAIL_LIMITS);
    return async ({ params, asker, trail }) => {
      const { hub, person, organizationId, deed } = await member(
        parts,
        asker,
        params.unit,
        params.resident,
      );
      trail.note({ what: "household.invite", ...deed });
      if (isActive(person)) throw new Fault("conflict", "This person can sign in already.");
      mailed.check(asker.id);
      mailed.failed(asker.id);
      await giveWayIn(hub, person, { organizationId, way: "mail", hubUrl: parts.url() });
    };
  },
});

export const endOfHousehold = route({
  method: "delete",
  path: "/me/homes/:unit/household/:resident",
  right: "signed-in",
  title: "Takes back what one let somebody of the household see.",
  params: MemberParams,
  answer: { none: true },
  assisted: "never",
  open:
    (parts) =>
    async ({ params, asker, trail }) => {
      const found = await member(parts, asker, params.unit, params.resident);
      const { hub, person, tenancy, community, organizationId, deed } = found;
      trail.note({ what: "household.remove", ...deed });
      const { communityId } = community;
      const isElsewhere = (await hub.units.units.list(scope, communityId)).some(({ tenancies }) =>
        tenancies.some(
          ({ residentId, tenancyId }) =>
            residentId === params.resident && tenancyId !== tenancy.tenancyId,
        ),
      );
      if (isElsewhere) {
        // What the management gave them is not the host's to take.
        await changeIn(hub.units.units, scope, organizationId, params.unit, (unit) =>
          withoutTenancy(unit, tenancy.tenancyId),
        );
        await hub.adopt(community);
        return;
      }
      const going = person.memberships.filter(({ residentId }) => residentId === params.resident);
      await leave(hub, person.personId, new Set(going.map(({ membershipId }) => membershipId)));
    },
});
