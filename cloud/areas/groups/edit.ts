/** `edit`: a new group, its name, its members, its end. */
import { z } from "zod";
import { route } from "#cloud/api/route.ts";
import type { Trail } from "#cloud/api/trail.ts";
import { change } from "#cloud/hub/change.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { AnyDeviceId } from "#shared/api/devices.ts";
import {
  type GroupKind,
  GroupChange,
  GroupRow,
  MembersChange,
  MOST_MEMBERS,
  NewGroup,
} from "#shared/api/groups.ts";
import { Fault } from "#shared/model/fault.ts";
import { newId, type GroupId } from "#shared/model/ids.ts";
import { systemScope, type HubScope } from "#shared/model/scope.ts";
import { groupRow, groupToChange, rowParts } from "./group-row.ts";
import { bringInStep, checkHolders } from "./group-roles.ts";
import type { GroupDoc } from "./group-store.ts";
import { checkCandidates } from "./kinds.ts";

const Params = z.object({ id: z.string().max(64) });
const system = systemScope("groups");

export const addGroup = route({
  method: "post",
  path: "/groups",
  right: "groups.write",
  title: "A new group of communities, people, homes or devices.",
  body: NewGroup,
  answer: { status: 201, data: GroupRow },
  open:
    ({ hub }) =>
    async ({ scope, asker, body, trail }) => {
      const of = body.community ? await hub.communities.find(scope, body.community) : null;
      if (of === null && scope.kind === "communities")
        throw new Fault("forbidden", "You make groups in your own communities: say in which.");
      const communityId = of?.communityId ?? null;
      const members = namesIn(body.kind, body.members);
      await checkCandidates(hub, scope, body.kind, communityId, members);
      const groupId = newId<GroupId>("gr", hub.random);
      const group: GroupDoc = {
        _id: `group:${groupId}`,
        type: "group",
        v: 1,
        groupId,
        communityId,
        kind: body.kind,
        name: body.name,
        ...(body.description ? { description: body.description } : {}),
        members,
        createdAt: new Date(hub.clock.now()).toISOString(),
      };
      await hub.inTurn(scope.organizationId, async () => {
        await checkName(hub, scope, group);
        await hub.groups.save(scope, scope.organizationId, [group]);
      });
      note(trail, "group.create", group, {
        after: { kind: group.kind, name: group.name, members: members.length },
      });
      return groupRow(group, await rowParts(hub, asker, scope));
    },
});

export const changeGroup = route({
  method: "patch",
  path: "/groups/:id",
  right: "groups.write",
  title: "Another name or description.",
  params: Params,
  body: GroupChange,
  answer: { data: GroupRow },
  open:
    ({ hub }) =>
    async ({ scope, asker, params: { id }, body, trail }) => {
      await groupToChange(hub, scope, id);
      const { before, after } = await hub.inTurn(scope.organizationId, () =>
        change(hub.groups, scope, id, async ({ description: old, ...group }) => {
          const description = body.description === undefined ? old : body.description;
          const changed: GroupDoc = {
            ...group,
            name: body.name ?? group.name,
            ...(description ? { description } : {}),
          };
          await checkName(hub, scope, changed);
          return changed;
        }),
      );
      note(trail, "group.change", after, {
        before: { name: before.name, description: before.description },
        after: { name: after.name, description: after.description },
      });
      return groupRow(after, await rowParts(hub, asker, scope));
    },
});

export const changeMembers = route({
  method: "post",
  path: "/groups/:id/members",
  right: "groups.write",
  title: "Puts some into a group and takes others out.",
  params: Params,
  body: MembersChange,
  answer: { data: GroupRow },
  open:
    ({ hub }) =>
    async ({ scope, asker, params: { id }, body, trail }) => {
      const { kind, communityId } = await groupToChange(hub, scope, id);
      const [added, removed] = [namesIn(kind, body.add), namesIn(kind, body.remove)];
      await checkCandidates(hub, scope, kind, communityId, added);
      const withThem = (group: GroupDoc): GroupDoc => {
        const members = new Set(group.members);
        for (const one of removed) members.delete(one);
        for (const one of added) members.add(one);
        if (members.size > MOST_MEMBERS)
          throw new Fault("conflict", `A group has at most ${MOST_MEMBERS} members.`);
        return { ...group, members: [...members] };
      };
      const touched = [...added, ...removed];
      const after = await hub.inTurn(scope.organizationId, async () => {
        const before = await groupToChange(hub, scope, id);
        const { organizationId } = scope;
        const hasRoles = (before.roles ?? []).length > 0;
        if (hasRoles) await checkHolders(hub, asker, organizationId, withThem(before), touched);
        const changed = await change(hub.groups, scope, id, withThem);
        if (hasRoles) await bringInStep(hub, organizationId, changed.after, touched);
        return changed.after;
      });
      note(trail, "group.members", after, {
        after: { added: shown(added), removed: shown(removed) },
      });
      return groupRow(after, await rowParts(hub, asker, scope));
    },
});

export const removeGroup = route({
  method: "delete",
  path: "/groups/:id",
  right: "groups.write",
  title: "Ends a group; what was in it stays.",
  params: Params,
  answer: { none: true },
  open:
    ({ hub }) =>
    async ({ scope, params: { id }, trail }) => {
      const group = await groupToChange(hub, scope, id);
      const holders = (await hub.people.list(system)).filter(({ memberships }) =>
        memberships.some(({ on }) => on.kind === "group" && on.groupId === group.groupId),
      ).length;
      if (holders > 0)
        throw new Fault(
          "conflict",
          `${holders} ${holders === 1 ? "person has a role" : "people have roles"} on ${group.name}: give them another one first.`,
        );
      if ((group.roles ?? []).length > 0)
        throw new Fault("conflict", `${group.name} gives its people roles: take them away first.`);
      await hub.groups.remove(scope, scope.organizationId, [group]);
      note(trail, "group.remove", group, { before: { kind: group.kind, name: group.name } });
    },
});

/** Ids as they are kept, each once: a DevEUI may be written in any way. */
function namesIn(kind: GroupKind, ids: readonly string[]): string[] {
  const own = (id: string) => (kind === "devices" ? (AnyDeviceId.safeParse(id).data ?? id) : id);
  return [...new Set(ids.map(own))];
}

/** @throws Fault "conflict" when there is one called so */
async function checkName(hub: Hub, scope: HubScope, group: GroupDoc): Promise<void> {
  const key = group.name.toLowerCase();
  const others = await hub.groups.list(scope, group.communityId);
  const isTaken = others.some(
    (one) => one._id !== group._id && one.kind === group.kind && one.name.toLowerCase() === key,
  );
  if (isTaken || key === "all")
    throw new Fault("conflict", `There is a group called ${JSON.stringify(group.name)} already.`, {
      fields: { name: "is taken" },
    });
}

/** An audit entry is no list of 50,000. */
const shown = (ids: readonly string[]) =>
  ids.length <= 50 ? ids : [...ids.slice(0, 50), `and ${ids.length - 50} more`];

function note(
  trail: Trail,
  what: string,
  { communityId, groupId, name }: GroupDoc,
  more: { before?: Record<string, unknown>; after?: Record<string, unknown> },
): void {
  trail.note({ what, communityId, target: { type: "group", id: groupId, name }, ...more });
}
