/**
 * `groups`: what is said over HTTP of groups. "All" of a kind is built in: `all-communities`,
 * `all-people`, `all-units`, `all-devices`; it comes first and cannot be changed.
 */
import { z } from "zod";
import { CommunityGiven } from "./communities.ts";
import { PlaceGiven, RoleGiven } from "./people.ts";

export const groupKinds = ["communities", "people", "units", "devices"] as const;
export type GroupKind = (typeof groupKinds)[number];

const Name = z.string().trim().min(1).max(120);
/** The most members a group may have. */
export const MOST_MEMBERS = 50_000;
const Members = z.array(z.string().max(80)).max(MOST_MEMBERS);

export const NewGroup = z.strictObject({
  kind: z.enum(groupKinds),
  name: Name,
  description: z.string().trim().max(500).nullish(),
  /** Whose it is; null or left out: the organization's. */
  community: CommunityGiven.nullish(),
  members: Members.default([]),
});
export const GroupChange = z.strictObject({
  name: Name.optional(),
  description: z.string().trim().max(500).nullish(),
});
export const MembersChange = z.strictObject({
  add: Members.default([]),
  remove: Members.default([]),
});

/** What everybody in a group of people is, and where. */
export const GroupRoles = z.strictObject({
  roles: z.array(z.strictObject({ role: RoleGiven, on: PlaceGiven })).max(20),
});

export const GroupRow = z.object({
  id: z.string(),
  kind: z.enum(groupKinds),
  name: z.string(),
  description: z.string().nullable(),
  /** Null: the organization's. */
  community: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** "All" of a kind. */
  is_builtin: z.boolean(),
  /** Those whoever asks may see. */
  members: z.number().int(),
  /** Of a group of people: the roles that come with it. */
  roles: z.array(
    z.object({ role: z.string(), on: z.object({ kind: z.string(), id: z.string().nullable() }) }),
  ),
  created_at: z.string().nullable(),
});
export type GroupRow = z.infer<typeof GroupRow>;

export const GroupMember = z.object({ id: z.string(), name: z.string() });
export type GroupMember = z.infer<typeof GroupMember>;
