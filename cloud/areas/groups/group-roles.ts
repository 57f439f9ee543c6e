/**
 * `group-roles`: roles that are given to a group of people. Everybody in it holds them as
 * memberships of their own, marked with the group: so all that looks at what somebody is (ranks,
 * reach, lists) sees them without knowing groups.
 */
import { z } from "zod";
import type { Asker } from "#cloud/api/asker.ts";
import { route } from "#cloud/api/route.ts";
import type { Membership, PersonDoc } from "#cloud/auth/people-store.ts";
import { checkMayEnd, checkMayGive, checkNotLastOperator } from "#cloud/auth/ranks.ts";
import { change } from "#cloud/hub/change.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { placeOf } from "#cloud/hub/place-given.ts";
import { GroupRoles, GroupRow } from "#shared/api/groups.ts";
import { Fault } from "#shared/model/fault.ts";
import { newId, type MembershipId, type OrganizationId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import { groupRow, groupToChange, rowParts } from "./group-row.ts";
import type { GroupDoc } from "./group-store.ts";

type GroupRole = NonNullable<GroupDoc["roles"]>[number];
const system = systemScope("group-roles");

export const setRoles = route({
  method: "put",
  path: "/groups/:id/roles",
  right: "people.write",
  title: "Says which roles everybody in a group of people holds, and where.",
  params: z.object({ id: z.string().max(64) }),
  body: GroupRoles,
  answer: { data: GroupRow },
  open:
    ({ hub }) =>
    async ({ scope, asker, params: { id }, body, trail }) => {
      const group = await groupToChange(hub, scope, id);
      if (group.kind !== "people")
        throw new Fault("conflict", "Roles are given to groups of people.");
      const roles: GroupRole[] = [];
      for (const { role, on: given } of body.roles) {
        if (role === "resident")
          throw new Fault("invalid", "Living somewhere is nobody's by a group.");
        const on = await placeOf(hub, scope, given);
        await checkMayGive(hub, asker, role, on);
        if (!roles.some((one) => isSame(one, { role, on }))) roles.push({ role, on });
      }
      trail.note({
        what: "group.roles",
        communityId: group.communityId,
        target: { type: "group", id: group.groupId, name: group.name },
        before: { roles: group.roles ?? [] },
        after: { roles },
      });
      const after = await hub.inTurn(scope.organizationId, async () => {
        const changed = { ...group, roles };
        await checkHolders(hub, asker, scope.organizationId, changed, group.members);
        const { after: saved } = await change(hub.groups, scope, id, (doc) => ({ ...doc, roles }));
        await bringInStep(hub, scope.organizationId, saved, saved.members);
        return saved;
      });
      return groupRow(after, await rowParts(hub, asker, scope));
    },
});

/**
 * Whether the asker may do to `personIds` what the group as it will be does to them.
 * @throws Fault "forbidden", "conflict" for the last operator
 */
export async function checkHolders(
  hub: Hub,
  asker: Asker,
  organizationId: OrganizationId,
  group: GroupDoc,
  personIds: readonly string[],
): Promise<void> {
  for (const person of await peopleOf(hub, personIds)) {
    const { ending, begun } = difference(person, organizationId, group);
    for (const { role, on } of begun) await checkMayGive(hub, asker, role, on);
    for (const one of ending) await checkMayEnd(hub, asker, "people.write", one);
    const going = new Set(ending.map(({ membershipId }) => membershipId));
    if (going.size > 0) await checkNotLastOperator(hub, organizationId, person.personId, going);
  }
}

/** Gives and takes what the group says, of those in it and those who were. */
export async function bringInStep(
  hub: Hub,
  organizationId: OrganizationId,
  group: GroupDoc,
  personIds: readonly string[],
): Promise<void> {
  const createdAt = new Date(hub.clock.now()).toISOString();
  for (const { personId } of await peopleOf(hub, personIds))
    await hub.people.change(system, personId, (person) => {
      const { ending, begun } = difference(person, organizationId, group);
      if (ending.length === 0 && begun.length === 0) return person;
      const ids = new Set(ending.map(({ membershipId }) => membershipId));
      const left = person.memberships.filter(({ membershipId }) => !ids.has(membershipId));
      const given = begun.map((role): Membership => ({
        membershipId: newId<MembershipId>("m", hub.random),
        organizationId,
        ...role,
        viaGroup: group.groupId,
        createdAt,
      }));
      // Who was here by the group alone stays somebody here, with a role that allows nothing.
      const [last] = ending;
      const rest: Membership[] =
        left.length + given.length > 0 || !last ? [] : [withoutGroup(last, createdAt)];
      return { ...person, memberships: [...left, ...given, ...rest] };
    });
}

function withoutGroup({ viaGroup: _, ...one }: Membership, createdAt: string): Membership {
  return { ...one, role: "none", createdAt };
}

function difference(person: PersonDoc, organizationId: OrganizationId, group: GroupDoc) {
  const wanted = group.members.includes(person.personId) ? (group.roles ?? []) : [];
  const held = person.memberships.filter(
    (one) => one.organizationId === organizationId && one.viaGroup === group.groupId,
  );
  return {
    ending: held.filter((one) => !wanted.some((role) => isSame(role, one))),
    begun: wanted.filter((role) => !held.some((one) => isSame(role, one))),
  };
}

const isSame = (a: GroupRole, b: GroupRole) =>
  a.role === b.role && JSON.stringify(a.on) === JSON.stringify(b.on);

async function peopleOf(hub: Hub, personIds: readonly string[]): Promise<PersonDoc[]> {
  const ids = new Set(personIds);
  return (await hub.people.list(system)).filter(({ personId }) => ids.has(personId));
}
