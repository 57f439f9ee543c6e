/** `archive`: puts a community away to be only read, and takes it out again. */
import { z } from "zod";
import type { AreaParts } from "#cloud/api/area-parts.ts";
import { route } from "#cloud/api/route.ts";
import type { Trail } from "#cloud/api/trail.ts";
import { change } from "#cloud/hub/change.ts";
import { CommunityDetails } from "#shared/api/communities.ts";
import { Fault } from "#shared/model/fault.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { communityNamed, told } from "./one-community.ts";

const Params = z.object({ id: z.string().max(64) });

export const archive = route({
  method: "post",
  path: "/customers/:id/archive",
  right: "communities.write",
  title: "Archives a community: everything of it can be read and nothing changed.",
  params: Params,
  answer: { data: CommunityDetails },
  open:
    (parts) =>
    async ({ scope, params: { id }, trail }) =>
      told(parts, scope, await setArchived(parts, scope, trail, { id, isArchived: true })),
});

export const unarchive = route({
  method: "delete",
  path: "/customers/:id/archive",
  right: "communities.write",
  title: "Takes a community out of the archive.",
  params: Params,
  answer: { data: CommunityDetails },
  open:
    (parts) =>
    async ({ scope, params: { id }, trail }) =>
      told(parts, scope, await setArchived(parts, scope, trail, { id, isArchived: false })),
});

/** @throws Fault "not_found", "conflict" when it is so already */
export async function setArchived(
  { hub }: AreaParts,
  scope: HubScope,
  trail: Trail,
  { id, isArchived }: { id: string; isArchived: boolean },
): Promise<string> {
  const { communityId, name } = await communityNamed(hub, scope, id);
  await change(hub.communities, scope, communityId, ({ archivedAt, ...community }) => {
    if ((archivedAt !== undefined) === isArchived)
      throw new Fault("conflict", `${name} is ${isArchived ? "archived" : "in use"} already.`, {
        isArchived: true,
      });
    return isArchived
      ? { ...community, archivedAt: new Date(hub.clock.now()).toISOString() }
      : community;
  });
  trail.note({
    what: isArchived ? "community.archive" : "community.unarchive",
    communityId,
    target: { type: "community", id: communityId, name },
  });
  return communityId;
}
