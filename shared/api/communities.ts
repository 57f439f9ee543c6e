/**
 * `communities`: what is said over HTTP of communities, under the name other products gave them:
 * customers. Moments are ISO 8601 in UTC; a date alone is the beginning of that day in the
 * community's zone.
 */
import { z } from "zod";
import { GroupId, TenantName } from "#shared/model/ids.ts";
import { Contact, Currency, ExternalId, Zone } from "#shared/model/place.ts";
import { Brand, HourlyDetail } from "#shared/model/site.ts";
import { healths } from "./admin.ts";
import { languages } from "./resident.ts";

const Name = z.string().trim().min(1).max(120);
const Quota = z.number().int().min(0).max(1_000_000).nullable();

/** A date, or a moment with its offset. */
export const DateOrMoment = z.union(
  [z.iso.date(), z.iso.datetime({ offset: true })],
  "a date such as 2026-11-23, or a time such as 2026-11-23T10:00:00Z",
);

/** The community a call is about, by its id or `tenant_name`. */
export const CommunityGiven = z
  .string()
  .min(1)
  .max(64)
  .describe("A community by its id or `tenant_name`.");

/** What can be said of a community at any time; null takes it away. */
const editable = {
  name: Name,
  admin_email: z.email().max(254).nullable(),
  external_id: ExternalId.nullable(),
  country: Contact.shape.country.unwrap().nullable(),
  state: Contact.shape.state.unwrap().nullable(),
  city: Contact.shape.city.unwrap().nullable(),
  address: Contact.shape.address.unwrap().nullable(),
  zip: Contact.shape.zip.unwrap().nullable(),
  phone: Contact.shape.phone.unwrap().nullable(),
  email: Contact.shape.email.unwrap().nullable(),
  language: z.enum(languages),
  currency: Currency.nullable(),
  zone: Zone,
  /** The community it is a part of; null for one of the organization's own. */
  owner: CommunityGiven.nullable(),
  /** At most so many; null: any number. */
  max_devices: Quota,
  max_people: Quota,
  /** Null: as the organization says. */
  hourly_detail: HourlyDetail.nullable(),
  /** Null: as the organization's. */
  brand: Brand.partial().nullable(),
} as const;

export const NewCommunity = z.strictObject({
  ...z.object(editable).partial().shape,
  name: Name,
  tenant_name: TenantName,
  admin_email: z.email().max(254).nullish(),
  admin_first_name: z.string().trim().max(80).optional(),
  admin_last_name: z.string().trim().max(80).optional(),
  /** Whether the admin gets a mail; without, the link is shown on their page. */
  invite: z.enum(["mail", "none"]).default("mail"),
  /** Groups of communities it joins. */
  groups: z.array(GroupId).max(100).default([]),
});
export type NewCommunity = z.infer<typeof NewCommunity>;

export const CommunityChange = z.strictObject({
  ...z.object(editable).partial().shape,
  /** From when the new zone holds; now when it is not said. What was counted before stays counted. */
  zone_from: DateOrMoment.optional(),
  is_active: z.boolean().optional(),
  /** The page its people see first. */
  home_dashboard: z.string().max(64).nullish(),
});
export type CommunityChange = z.infer<typeof CommunityChange>;

/** All that a community says of itself; what is left out is taken away. */
export const CommunityReplacement = CommunityChange.required({ name: true });

export const CommunityRow = z.object({
  id: z.string(),
  name: z.string(),
  tenant_name: z.string(),
  admin_email: z.string().nullable(),
  is_active: z.boolean(),
  created_at: z.string(),
  external_id: z.string().nullable(),
  city: z.string().nullable(),
  country: z.string().nullable(),
  /** Null for one of the organization's own, or when the owner is out of reach. */
  owner: z.object({ id: z.string(), name: z.string() }).nullable(),
  archived_at: z.string().nullable(),
  /** Deleted, and until when it can be brought back. */
  deleted: z.object({ at: z.string(), ends_at: z.string() }).nullable(),
  zone: z.string(),
  units: z.number().int(),
  residents: z.number().int(),
  devices: z.number().int(),
  sub_communities: z.number().int(),
  health: z.record(z.enum(healths), z.number().int()),
  last_reading_at: z.string().nullable(),
  gateways: z.array(z.string()),
});
export type CommunityRow = z.infer<typeof CommunityRow>;

export const CommunityDetails = CommunityRow.extend({
  state: z.string().nullable(),
  address: z.string().nullable(),
  zip: z.string().nullable(),
  phone: z.string().nullable(),
  email: z.string().nullable(),
  language: z.enum(languages),
  currency: z.string().nullable(),
  /** From when each zone holds, oldest first. */
  zones: z.array(z.object({ from: z.string(), zone: z.string() })),
  max_devices: z.number().int().nullable(),
  max_people: z.number().int().nullable(),
  hourly_detail: HourlyDetail.nullable(),
  brand: Brand.partial(),
  home_dashboard: z.string().nullable(),
});
export type CommunityDetails = z.infer<typeof CommunityDetails>;

/** What goes with a community, told before it is deleted. */
export const DeletionPreview = z.object({
  id: z.string(),
  name: z.string(),
  tenant_name: z.string(),
  units: z.number().int(),
  tenancies: z.number().int(),
  memberships: z.number().int(),
  /** Of those, people who have no other membership and go too. */
  people_who_go: z.number().int(),
  /** Readings kept, as far as the hub has them rolled up. */
  readings: z.number().int(),
  /** Go back to the organization, unassigned. */
  devices: z.number().int(),
  /** Are no longer bound to it. */
  gateways: z.array(z.object({ id: z.string(), name: z.string() })),
  /** Have to get another owner, or be deleted, first. */
  sub_communities: z.array(z.object({ id: z.string(), name: z.string() })),
  undo_days: z.number().int(),
});
export type DeletionPreview = z.infer<typeof DeletionPreview>;

/** What became of each of a selection. */
export const BulkResult = z.object({
  done: z.number().int(),
  failed: z.number().int(),
  results: z.array(
    z.object({
      id: z.string(),
      ok: z.boolean(),
      code: z.string().optional(),
      detail: z.string().optional(),
    }),
  ),
});
export type BulkResult = z.infer<typeof BulkResult>;

/** Devices with a reading in a month, to invoice. */
export const ActiveDevicesRow = z.object({
  /** UTC, `2026-11`. */
  month: z.string(),
  community: z.object({ id: z.string(), name: z.string(), tenant_name: z.string() }),
  active_devices: z.number().int(),
});
export type ActiveDevicesRow = z.infer<typeof ActiveDevicesRow>;
