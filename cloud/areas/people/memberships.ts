/** `memberships`: what somebody is where: one more, another role or time, or no longer. */
import { z } from "zod";
import { route } from "#cloud/api/route.ts";
import { checkMayEnd, checkMayGive, checkNotLastOperator } from "#cloud/auth/ranks.ts";
import type { Membership, PersonDoc } from "#cloud/auth/people-store.ts";
import { leave } from "#cloud/hub/leave.ts";
import { placeOf } from "#cloud/hub/place-given.ts";
import { Moment, PersonRow, PlaceGiven, RoleGiven } from "#shared/api/people.ts";
import { Fault } from "#shared/model/fault.ts";
import { MembershipId, newId, type ResidentId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import { addMembership } from "#cloud/auth/invite.ts";
import { entryOf, PersonParams } from "./look.ts";
import { projectAgain } from "./on-people.ts";
import { rowOf } from "./person-row.ts";

const system = systemScope("people");
const MembershipParams = PersonParams.extend({ membership: MembershipId });

export const addRole = route({
  method: "post",
  path: "/people/:person/memberships",
  right: "people.write",
  title: "Gives somebody one more role somewhere.",
  params: PersonParams,
  body: z.strictObject({
    role: RoleGiven,
    on: PlaceGiven,
    from: Moment.optional(),
    until: Moment.optional(),
  }),
  answer: { status: 201, data: PersonRow },
  open:
    ({ hub, directory }) =>
    async ({ params, body, scope, asker, trail }) => {
      await hub.people.find(scope, params.person);
      const on = await placeOf(hub, scope, body.on);
      trail.note({
        what: "membership.add",
        communityId: on.kind === "community" ? on.communityId : null,
        target: { type: "person", id: params.person },
        forWhom: params.person,
        after: { ...body },
      });
      await checkMayGive(hub, asker, body.role, on);
      checkTimes(body);
      const residentId = body.role === "resident" ? newId<ResidentId>("r", hub.random) : undefined;
      const membership: Membership = {
        membershipId: newId<MembershipId>("m", hub.random),
        organizationId: asker.organizationId,
        role: body.role,
        on,
        ...(residentId === undefined ? {} : { residentId }),
        ...(body.from === undefined ? {} : { from: body.from }),
        ...(body.until === undefined ? {} : { until: body.until }),
        createdAt: new Date(hub.clock.now()).toISOString(),
      };
      await addMembership(hub, params.person, membership);
      await projectAgain(hub, [membership]);
      return rowOf(await entryOf(await directory(scope), params.person), hub.clock.now());
    },
});

export const changeRole = route({
  method: "patch",
  path: "/people/:person/memberships/:membership",
  right: "people.write",
  title: "Changes a role somebody has, or for how long.",
  params: MembershipParams,
  body: z.strictObject({
    role: RoleGiven.optional(),
    from: Moment.nullable().optional(),
    until: Moment.nullable().optional(),
  }),
  answer: { data: PersonRow },
  open:
    ({ hub, directory }) =>
    async ({ params, body, scope, asker, trail }) => {
      const one = membershipIn(await hub.people.find(scope, params.person), params.membership);
      trail.note({
        what: "membership.change",
        communityId: one.on.kind === "community" ? one.on.communityId : null,
        target: { type: "person", id: params.person },
        forWhom: params.person,
        before: { role: one.role, from: one.from, until: one.until },
        after: { ...body },
      });
      checkOwn(one);
      const role = body.role ?? one.role;
      if (role !== one.role && (role === "resident" || one.role === "resident"))
        throw new Fault(
          "invalid",
          "Living somewhere is no role that turns into another one: add or remove it.",
        );
      const from = body.from === undefined ? one.from : (body.from ?? undefined);
      const until = body.until === undefined ? one.until : (body.until ?? undefined);
      checkTimes({ from, until });
      await hub.registry.alone(async () => {
        await checkMayEnd(hub, asker, "people.write", one);
        await checkMayGive(hub, asker, role, one.on);
        if (one.role === "operator" && (role !== "operator" || until !== undefined))
          await checkNotLastOperator(
            hub,
            asker.organizationId,
            params.person,
            new Set([one.membershipId]),
          );
        await hub.people.change(system, params.person, (person) => {
          const { from: _f, until: _u, ...rest } = membershipIn(person, params.membership);
          const changed: Membership = {
            ...rest,
            role,
            ...(from === undefined ? {} : { from }),
            ...(until === undefined ? {} : { until }),
          };
          return {
            ...person,
            memberships: person.memberships.map((old) =>
              old.membershipId === params.membership ? changed : old,
            ),
          };
        });
      });
      return rowOf(await entryOf(await directory(scope), params.person), hub.clock.now());
    },
});

export const endRole = route({
  method: "delete",
  path: "/people/:person/memberships/:membership",
  right: "people.write",
  title: "Takes a role away; a person goes with their last one.",
  params: MembershipParams,
  answer: { data: z.object({ is_gone: z.boolean() }) },
  open:
    ({ hub }) =>
    async ({ params, scope, asker, trail }) => {
      const one = membershipIn(await hub.people.find(scope, params.person), params.membership);
      trail.note({
        what: "membership.end",
        communityId: one.on.kind === "community" ? one.on.communityId : null,
        target: { type: "person", id: params.person },
        forWhom: params.person,
        before: { role: one.role },
      });
      checkOwn(one);
      const going = new Set([one.membershipId]);
      return hub.registry.alone(async () => {
        await checkMayEnd(hub, asker, "people.write", one);
        await checkNotLastOperator(hub, asker.organizationId, params.person, going);
        return { is_gone: await leave(hub, params.person, going) };
      });
    },
});

function membershipIn(person: PersonDoc, membershipId: string): Membership {
  const found = person.memberships.find((one) => one.membershipId === membershipId);
  if (!found) throw new Fault("not_found", "There is no such person here.");
  return found;
}

/** @throws Fault "conflict" for one that comes with a group */
function checkOwn({ viaGroup }: Membership): void {
  if (viaGroup !== undefined)
    throw new Fault("conflict", "This role comes with a group: take the person out of the group.", {
      group: viaGroup,
    });
}

export function checkTimes({
  from,
  until,
}: {
  from?: string | undefined;
  until?: string | undefined;
}) {
  if (from !== undefined && until !== undefined && Date.parse(until) <= Date.parse(from))
    throw new Fault("invalid", "until: has to lie behind `from`", {
      fields: { until: "has to lie behind `from`" },
    });
}
