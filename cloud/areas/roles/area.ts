/** `roles`: what each role may do; roles an organization puts together itself. */
import { z } from "zod";
import { route, type Area } from "#cloud/api/route.ts";
import type { RoleDoc } from "#cloud/auth/role-store.ts";
import { NewRole, RoleRow } from "#shared/api/roles.ts";
import { Fault } from "#shared/model/fault.ts";
import { newId, RoleId } from "#shared/model/ids.ts";
import { roles as builtIn, rankOfRights } from "#shared/model/roles.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import type { OrganizationId } from "#shared/model/ids.ts";

const system = systemScope("roles");
const RoleParams = z.object({ role: RoleId });

/** How many hold each role in an organization. */
async function holders(hub: Hub, organizationId: OrganizationId): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const { memberships } of await hub.people.list(system)) {
    const theirs = memberships.filter((one) => one.organizationId === organizationId);
    for (const role of new Set(theirs.map((one) => one.role)))
      counts.set(role, (counts.get(role) ?? 0) + 1);
  }
  return counts;
}

const rowOf = (role: RoleDoc, count: number): RoleRow => ({
  id: role.roleId,
  name: role.name,
  description: role.description,
  rights: role.rights,
  rank: rankOfRights(role.rights),
  is_built_in: false,
  people: count,
});

/** Roles are the organization's own: whoever reaches a part of it sees them all and changes none. */
const list = route({
  method: "get",
  path: "/roles",
  right: "people.read",
  title: "All roles with their rights.",
  answer: { data: z.array(RoleRow) },
  open:
    ({ hub }) =>
    async ({ asker }) => {
      const { organizationId } = asker;
      // How many there are elsewhere is not for those who see a part.
      const isWhole = asker.reach.get("people.read") === "all";
      const counts = isWhole ? await holders(hub, organizationId) : new Map<string, number>();
      const own = (await hub.roles.list(system)).filter(
        (one) => one.organizationId === organizationId,
      );
      return [
        ...Object.entries(builtIn).map(([id, { rank, rights }]) => ({
          id,
          name: id,
          description: "",
          rights: [...rights],
          rank,
          is_built_in: true,
          people: counts.get(id) ?? 0,
        })),
        ...own
          .sort((a, b) => a.name.localeCompare(b.name))
          .map((role) => rowOf(role, counts.get(role.roleId) ?? 0)),
      ];
    },
});

const add = route({
  method: "post",
  path: "/roles",
  right: "roles.write",
  title: "A new role as a set of rights.",
  body: NewRole,
  answer: { status: 201, data: RoleRow },
  open:
    ({ hub }) =>
    async ({ body, scope, asker, trail }) => {
      checkRights(body.rights, asker);
      const roleId = newId<RoleId>("rl", hub.random);
      const role: RoleDoc = {
        _id: `role:${roleId}`,
        type: "role",
        v: 1,
        communityId: null,
        organizationId: asker.organizationId,
        roleId,
        ...body,
        createdAt: new Date(hub.clock.now()).toISOString(),
      };
      trail.note({ what: "role.add", target: { type: "role", id: roleId }, after: { ...body } });
      await hub.roles.save(scope, asker.organizationId, [role]);
      return rowOf(role, 0);
    },
});

const change = route({
  method: "put",
  path: "/roles/:role",
  right: "roles.write",
  title: "Changes a role for all who hold it, at once.",
  params: RoleParams,
  body: NewRole,
  answer: { data: RoleRow },
  open:
    ({ hub }) =>
    async ({ params, body, scope, asker, trail }) => {
      const old = await hub.roles.find(scope, params.role);
      checkRights(body.rights, asker);
      const { name, description, rights } = old;
      trail.note({
        what: "role.change",
        target: { type: "role", id: params.role },
        before: { name, description, rights },
        after: { ...body },
      });
      const role = { ...old, ...body };
      await hub.roles.save(scope, asker.organizationId, [role]);
      return rowOf(role, (await holders(hub, asker.organizationId)).get(params.role) ?? 0);
    },
});

const remove = route({
  method: "delete",
  path: "/roles/:role",
  right: "roles.write",
  title: "Removes a role that nobody holds.",
  params: RoleParams,
  answer: { none: true },
  open:
    ({ hub }) =>
    async ({ params, scope, asker, trail }) => {
      const old = await hub.roles.find(scope, params.role);
      trail.note({ what: "role.remove", target: { type: "role", id: params.role } });
      const held = (await holders(hub, asker.organizationId)).get(params.role) ?? 0;
      if (held > 0)
        throw new Fault("conflict", `${held} people hold this role: give them another one first.`);
      await hub.roles.remove(scope, asker.organizationId, [old]);
    },
});

/** Nobody puts more into a role than they may do themselves. */
function checkRights(
  rights: readonly RoleDoc["rights"][number][],
  { reach }: { readonly reach: ReadonlyMap<RoleDoc["rights"][number], unknown> },
): void {
  const beyond = rights.filter((right) => reach.get(right) !== "all");
  if (beyond.length > 0)
    throw new Fault("forbidden", `You do not have these rights yourself: ${beyond.join(", ")}`);
}

export const roles: Area = {
  name: "roles",
  title: "Roles: what each may do",
  routes: [list, add, change, remove],
};
