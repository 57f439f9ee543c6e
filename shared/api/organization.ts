/** `organization`: what is said over HTTP of the operator's own company and what it decides for all communities. */
import { z } from "zod";
import { Currency, Zone } from "#shared/model/place.ts";
import { Brand, HourlyDetail } from "#shared/model/site.ts";
import { languages } from "./resident.ts";

/** How long each class of data is kept. */
const Retention = z.strictObject({
  raw_days: z.number().int().min(7).max(3660),
  hourly_months: z.number().int().min(1).max(120),
  daily_months: z.number().int().min(1).max(240),
});

/** How long the audit is kept. At least a year of what was done, and thirty days of who came in. */
const AuditRetention = z.strictObject({
  entry_months: z.number().int().min(12).max(240),
  /** Sign-ins, with the address they came from: never longer than the rest. */
  sign_in_days: z.number().int().min(30).max(3660),
});

const decided = {
  /** What communities wear that have no brand of their own. */
  brand: Brand.partial(),
  /** What a new community begins with. */
  zone: Zone,
  language: z.enum(languages),
  currency: Currency,
  /** Whether residents see hours, where the community says nothing. */
  hourly_detail: HourlyDetail,
  /** Null: as the hub is configured. */
  retention: Retention.nullable(),
  /** Null: as the hub is configured. */
  audit_retention: AuditRetention.nullable(),
  /** How long somebody who moved out reads their own time. */
  former_resident_months: z.number().int().min(1).max(120),
  /** Whether members of staff may look at what somebody sees, and act as them. */
  assistance: z.strictObject({ is_allowed: z.boolean(), may_control: z.boolean() }),
} as const;

export const OrganizationChange = z.strictObject({
  ...z.object(decided).partial().shape,
  name: z.string().trim().min(1).max(120).optional(),
});
export type OrganizationChange = z.infer<typeof OrganizationChange>;

export const OrganizationDetails = z.object({
  ...decided,
  id: z.string(),
  name: z.string(),
  created_at: z.string(),
  /** True from the first community on: pages show communities and people. */
  customer_mode: z.boolean(),
});
export type OrganizationDetails = z.infer<typeof OrganizationDetails>;
