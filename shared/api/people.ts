/**
 * `people`: what the hub tells of people, and what it takes. Names of fields as in the product's API.
 */
import { z } from "zod";
import { GroupId, RoleId } from "#shared/model/ids.ts";
import { roleIds } from "#shared/model/roles.ts";
import { At } from "#shared/model/site.ts";
import { CommunityGiven } from "./communities.ts";
import { languages } from "./resident.ts";

/** Can sign in; was invited and has not come yet; was switched off; has no way in. */
export const personStatuses = ["active", "invited", "disabled", "none"] as const;
export type PersonStatus = (typeof personStatuses)[number];

/** Where a role holds: `{"kind":"organization"}`, or a community by its id or `tenant_name`, or a group by its id. */
export const PlaceGiven = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("organization") }),
  z.strictObject({ kind: z.literal("community"), id: CommunityGiven }),
  z.strictObject({ kind: z.literal("group"), id: GroupId }),
]);
export type PlaceGiven = z.infer<typeof PlaceGiven>;

export const RoleGiven = z.union([z.enum(roleIds), RoleId], "one of the roles");

/** A moment, in UTC or with an offset; kept in UTC. */
export const Moment = z.iso
  .datetime({ offset: true, error: "a time is written 2026-11-23T10:00:00Z" })
  .overwrite((text) => (Number.isNaN(Date.parse(text)) ? text : new Date(text).toISOString()))
  .pipe(At);

const FirstName = z.string().trim().max(80);
const LastName = z.string().trim().max(80);
const Phone = z
  .string()
  .trim()
  .max(40)
  .regex(/^[+0-9 ()./-]*$/, "digits, spaces and + ( ) . / - only");
export const Email = z.email().max(254);

/** How the first way in is handed over. */
export const activations = ["link", "mail", "letter", "none"] as const;

export const NewPerson = z.strictObject({
  email: Email.nullable().default(null),
  first_name: FirstName.default(""),
  last_name: LastName.default(""),
  phone: Phone.nullable().default(null),
  language: z.enum(languages).optional(),
  external_id: z.string().trim().max(120).optional(),
  home_page: z.string().max(200).optional(),
  role: RoleGiven.default("none"),
  on: PlaceGiven,
  from: Moment.optional(),
  until: Moment.optional(),
  activation: z.enum(activations).default("none"),
});
export type NewPerson = z.infer<typeof NewPerson>;

export const PersonChange = z.strictObject({
  email: Email.nullable().optional(),
  first_name: FirstName.optional(),
  last_name: LastName.optional(),
  phone: Phone.nullable().optional(),
  language: z.enum(languages).optional(),
  external_id: z.string().trim().max(120).nullable().optional(),
  home_page: z.string().max(200).nullable().optional(),
});
export type PersonChange = z.infer<typeof PersonChange>;

export const MembershipRow = z.object({
  id: z.string(),
  role: z.string(),
  role_name: z.string(),
  on: z.object({ kind: z.string(), id: z.string().nullable(), name: z.string() }),
  resident_id: z.string().nullable(),
  units: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      from: z.string(),
      to: z.string().nullable(),
    }),
  ),
  from: z.string().nullable(),
  until: z.string().nullable(),
  /** False before and after its time. */
  is_current: z.boolean(),
});
export type MembershipRow = z.infer<typeof MembershipRow>;

export const PersonRow = z.object({
  id: z.string(),
  email: z.string().nullable(),
  /** Asked for, and not confirmed from that mailbox yet: until then `email` is the one they sign in with. */
  next_email: z.string().nullable(),
  first_name: z.string(),
  last_name: z.string(),
  phone: z.string().nullable(),
  language: z.enum(languages),
  external_id: z.string().nullable(),
  home_page: z.string().nullable(),
  status: z.enum(personStatuses),
  memberships: z.array(MembershipRow),
  created_at: z.string(),
});
export type PersonRow = z.infer<typeof PersonRow>;

export const InvitationRow = z.object({
  way: z.string(),
  created_at: z.string(),
  expires_at: z.string(),
  is_expired: z.boolean(),
});

/** A gateway that does not know of a change yet. */
export const PendingGateway = z.object({
  gateway_id: z.string(),
  name: z.string(),
  community: z.string(),
});
export type PendingGateway = z.infer<typeof PendingGateway>;

export const PersonDetails = PersonRow.extend({
  /** Open invitations. */
  invitation: InvitationRow.nullable(),
  must_change_password: z.boolean(),
  has_password: z.boolean(),
  /** Accounts elsewhere with which they sign in. */
  identities: z.array(z.object({ issuer: z.string(), linked_at: z.string() })),
  /** Codes for the building's network, by resident. */
  codes: z.array(
    z.object({
      resident_id: z.string(),
      community: z.string(),
      made_at: z.string().nullable(),
      expires_at: z.string().nullable(),
    }),
  ),
  /** Gateways that still let them in though they are disabled here, or the other way round. */
  pending: z.array(PendingGateway),
  /** What the asker may do to the person as a whole. */
  may: z.object({
    edit: z.boolean(),
    reset: z.boolean(),
    disable: z.boolean(),
    delete: z.boolean(),
    assist: z.boolean(),
  }),
});
export type PersonDetails = z.infer<typeof PersonDetails>;

/** A way in, as it is handed over. The address and the letter are shown once; of one that went by mail there is neither. */
/** Another address for somebody who signs in already, by a link that is handed over. */
export const NextEmail = z.strictObject({ email: z.email().max(254) });
export const NextEmailLink = z.object({
  next_email: z.string(),
  /** Shown once: whoever opens it and presses the button makes the address theirs. */
  url: z.string(),
  expires_at: z.string(),
});

export const Invitation = z.object({
  way: z.string(),
  expires_at: z.string(),
  url: z.string().nullable(),
  /** A page to print, complete in itself. */
  letter_html: z.string().nullable(),
});
export type Invitation = z.infer<typeof Invitation>;

export const SignInRow = z.object({
  id: z.string(),
  way: z.string(),
  from: z.string(),
  agent: z.string(),
  created_at: z.string(),
  /** To the hour. */
  seen_at: z.string(),
  is_current: z.boolean(),
});
export type SignInRow = z.infer<typeof SignInRow>;

/** What would go with somebody. */
export const DeletionPreview = z.object({
  people: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      /** Whether the person goes, or only what they are here. */
      goes: z.boolean(),
      memberships: z.number().int(),
      /** Tenancies that end. */
      tenancies: z.number().int(),
      codes: z.number().int(),
      /** Why it cannot be done; null when it can. */
      refused: z.string().nullable(),
    }),
  ),
  unknown: z.array(z.string()).describe("Ids of which there is nobody here, in the order asked"),
});
export type DeletionPreview = z.infer<typeof DeletionPreview>;

/** What came of each of many. */
export const Outcomes = z.object({
  outcomes: z.array(
    z.object({
      id: z.string(),
      ok: z.boolean(),
      code: z.string().optional(),
      detail: z.string().optional(),
    }),
  ),
});
export type Outcomes = z.infer<typeof Outcomes>;
