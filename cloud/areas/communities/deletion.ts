/**
 * `deletion`: what would go with a community, its deletion after it was named by hand, and how it
 * is brought back.
 */
import { z } from "zod";
import { route } from "#cloud/api/route.ts";
import type { Trail } from "#cloud/api/trail.ts";
import { deleteCommunity, restoreCommunity } from "#cloud/hub/deletion.ts";
import { deletionPreview } from "#cloud/hub/deletion-preview.ts";
import type { CommunityDoc, Hub } from "#cloud/hub/hub.ts";
import { CommunityDetails, DeletionPreview } from "#shared/api/communities.ts";
import { databaseName } from "#shared/model/database-names.ts";
import { Fault } from "#shared/model/fault.ts";
import type { CommunityId } from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { communityNamed, told } from "./one-community.ts";

const Params = z.object({ id: z.string().max(64) });
const Confirmed = z.strictObject({
  /** The community's name or tenant_name, typed by hand. */
  confirm: z.string().max(200).optional(),
});

export const previewDeletion = route({
  method: "get",
  path: "/customers/:id/deletion",
  right: "communities.delete",
  title: "What would go if this community were deleted.",
  params: Params,
  answer: { data: DeletionPreview },
  open:
    ({ hub }) =>
    async ({ scope, params: { id } }) =>
      deletionPreview(
        hub,
        await hub.databases.openShelf(databaseName.roll),
        await communityNamed(hub, scope, id),
      ),
});

export const removeCommunity = route({
  method: "delete",
  path: "/customers/:id",
  right: "communities.delete",
  title:
    "Deletes a community; `confirm` (in the query or the body) is its name. It can be brought back for 30 days.",
  params: Params,
  query: Confirmed,
  body: Confirmed,
  answer: { data: z.object({ id: z.string(), at: z.string(), ends_at: z.string() }) },
  open:
    ({ hub, news }) =>
    async ({ scope, params: { id }, query, body, trail }) => {
      const community = await communityNamed(hub, scope, id);
      const { name, tenant } = community;
      const typed = (body.confirm ?? query.confirm ?? "").trim();
      if (typed !== name.trim() && typed !== tenant)
        throw new Fault("invalid", `Type ${JSON.stringify(name)} to delete it.`, {
          fields: { confirm: "is not the community's name" },
        });
      const gone = await remove(hub, scope, community.communityId, trail);
      news.tell(scope.organizationId, "devices");
      const { at = "", endsAt = "" } = gone.deletion ?? {};
      return { id: gone.communityId, at, ends_at: endsAt };
    },
});

/** One of a selection, or the one. @throws Fault "not_found", "conflict" */
export async function remove(
  hub: Hub,
  scope: HubScope,
  communityId: CommunityId,
  trail: Trail,
): Promise<CommunityDoc> {
  const gone = await deleteCommunity(hub, scope, communityId);
  trail.note({
    what: "community.delete",
    communityId,
    target: { type: "community", id: communityId, name: gone.name },
    after: { ends_at: gone.deletion?.endsAt },
  });
  return gone;
}

export const restore = route({
  method: "post",
  path: "/customers/:id/restore",
  right: "communities.delete",
  title: "Brings a deleted community back, with the devices nobody else has taken meanwhile.",
  params: Params,
  answer: { data: CommunityDetails },
  open:
    (parts) =>
    async ({ scope, params: { id }, trail }) => {
      const { hub } = parts;
      const all = await hub.deletedCommunities.list(scope);
      const found = all.find(({ communityId, tenant }) => communityId === id || tenant === id);
      if (!found) throw new Fault("not_found", "There is no such deleted community here.");
      const { communityId, name } = await restoreCommunity(hub, scope, found.communityId);
      trail.note({
        what: "community.restore",
        communityId,
        target: { type: "community", id: communityId, name },
      });
      return told(parts, scope, communityId);
    },
});
