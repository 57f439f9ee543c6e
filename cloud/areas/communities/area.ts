/** `communities`: the organization's communities, under the name other products gave them: customers. */
import { z } from "zod";
import { route, type Area } from "#cloud/api/route.ts";
import { CommunityDetails } from "#shared/api/communities.ts";
import { archive, unarchive } from "./archive.ts";
import { create } from "./create.ts";
import { patch, put } from "./edit.ts";
import { previewDeletion, removeCommunity, restore } from "./deletion.ts";
import { activeByCommunity, activeByMonth } from "./invoice.ts";
import { list } from "./list.ts";
import { archiveMany, removeMany } from "./many.ts";
import { told } from "./one-community.ts";

const one = route({
  method: "get",
  path: "/customers/:id",
  right: "communities.read",
  title: "One community in full, by its id or tenant_name.",
  params: z.object({ id: z.string().max(64) }),
  answer: { data: CommunityDetails },
  open:
    (parts) =>
    ({ scope, params: { id } }) =>
      told(parts, scope, id),
});

export const communities: Area = {
  name: "communities",
  title: "Communities, under the name other products gave them: customers",
  routes: [
    list,
    create,
    one,
    patch,
    put,
    archive,
    unarchive,
    previewDeletion,
    removeCommunity,
    restore,
    archiveMany,
    removeMany,
    activeByCommunity,
    activeByMonth,
  ],
};
