/**
 * `group-store`: things put together under a name: communities, people, homes or devices. "All" of
 * a kind is no document: it is whatever somebody reaches.
 */
import { z } from "zod";
import { Membership } from "#cloud/auth/people-store.ts";
import type { Registry } from "#cloud/hub/registry.ts";
import { scopedDocuments, type ScopedDocuments } from "#cloud/hub/scoped-documents.ts";
import { groupKinds } from "#shared/api/groups.ts";
import { CommunityId, GroupId } from "#shared/model/ids.ts";
import { At } from "#shared/model/site.ts";

/**
 * `group:{groupId}` in `o-{organization}`.
 *
 * History: 1 = first release.
 */
export const GroupDoc = z.object({
  _id: z.string().startsWith("group:"),
  type: z.literal("group"),
  v: z.literal(1),
  groupId: GroupId,
  /** Whose it is: a community's, with members from there and below; null: the organization's. */
  communityId: CommunityId.nullable(),
  kind: z.enum(groupKinds),
  name: z.string(),
  description: z.string().optional(),
  /** Ids of the kind; one that is gone counts no more. */
  members: z.array(z.string()),
  /** Of a group of people: what everybody in it is, and where. */
  roles: z.array(Membership.pick({ role: true, on: true })).optional(),
  createdAt: At,
});
export type GroupDoc = z.infer<typeof GroupDoc>;

export type GroupStore = ScopedDocuments<GroupDoc>;

export function groupStore(registry: Registry): GroupStore {
  return scopedDocuments<GroupDoc>(registry, "group", "There is no such group here.");
}
