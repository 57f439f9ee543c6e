/** `create`: a new community, its databases, and the mail to its admin. */
import { scopeFor, type Asker } from "#cloud/api/asker.ts";
import { route } from "#cloud/api/route.ts";
import { invite } from "#cloud/auth/invite.ts";
import { change } from "#cloud/hub/change.ts";
import { foundCommunity } from "#cloud/hub/found-community.ts";
import type { GroupDoc, Hub } from "#cloud/hub/hub.ts";
import { CommunityDetails, NewCommunity } from "#shared/api/communities.ts";
import { Fault } from "#shared/model/fault.ts";
import type { CommunityId } from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { checkBrand } from "./edit.ts";
import { told } from "./one-community.ts";

export const create = route({
  method: "post",
  path: "/customers",
  right: "communities.write",
  title: "A new community below the organization or another community; invites its admin.",
  body: NewCommunity,
  answer: { status: 201, data: CommunityDetails },
  open:
    (parts) =>
    async ({ scope, body, asker, trail }) => {
      const { hub, url } = parts;
      const { admin_first_name, admin_last_name, invite: way, groups, ...wanted } = body;
      const email = body.admin_email ?? null;
      if (email !== null && !asker.reach.has("people.write"))
        throw new Fault("forbidden", "Your role does not allow inviting somebody (admin_email).");
      if (body.brand) checkBrand(asker, null);
      const joined = await groupsToJoin(hub, asker, groups);
      const community = await foundCommunity(hub, scope, wanted);
      const { communityId, name, tenant } = community;
      trail.note({
        what: "community.create",
        communityId,
        target: { type: "community", id: communityId, name },
        after: { name, tenant_name: tenant, owner: community.parentId ?? null },
      });
      if (email !== null) {
        const { person } = await invite(
          hub,
          scope,
          {
            organizationId: scope.organizationId,
            email,
            // Until they say it themselves, people are called by what stands before the @.
            firstName: admin_first_name ?? (email.split("@")[0] as string),
            lastName: admin_last_name ?? "",
            language: community.language,
            role: "admin",
            on: { kind: "community", communityId },
          },
          { way, hubUrl: url() },
        );
        trail.note({
          what: "person.invite",
          communityId,
          forWhom: person.personId,
          target: { type: "person", id: person.personId },
          after: { role: "admin" },
        });
      }
      for (const group of joined) await join(hub, group, communityId);
      const whole = {
        kind: "organization",
        organizationId: scope.organizationId,
        by: scope.by,
      } as const;
      return told(parts, whole, communityId);
    },
});

/** @throws Fault "not_found" for a group out of reach, "forbidden" without the right to change it */
async function groupsToJoin(
  hub: Hub,
  asker: Asker,
  ids: readonly string[],
): Promise<{ group: GroupDoc; scope: HubScope }[]> {
  if (ids.length === 0) return [];
  const scope = scopeFor(asker, "groups.write");
  if (!scope) throw new Fault("forbidden", "Your role does not allow changing groups.");
  const joined: { group: GroupDoc; scope: HubScope }[] = [];
  for (const id of new Set(ids)) {
    const group = await hub.groups.find(scope, id);
    if (group.kind !== "communities")
      throw new Fault("invalid", `groups: ${group.name} is no group of communities.`);
    joined.push({ group, scope });
  }
  return joined;
}

const join = (hub: Hub, { group, scope }: { group: GroupDoc; scope: HubScope }, id: CommunityId) =>
  change(hub.groups, scope, group.groupId, (now) => ({ ...now, members: [...now.members, id] }));
