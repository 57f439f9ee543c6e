/**
 * `organization-settings`: what an organization decides for all of its communities, with the
 * defaults that hold while it has decided nothing.
 */
import { z } from "zod";
import { Currency, Zone } from "#shared/model/place.ts";
import { Brand, HourlyDetail, SiteDoc } from "#shared/model/site.ts";

/** A year's disputes can be settled, and a break-in that is noticed late can be looked into. */
export const LEAST_ENTRY_MONTHS = 12;
export const LEAST_SIGN_IN_DAYS = 30;

const months = (most: number) => z.number().int().min(1).max(most);

export const OrganizationSettings = z.object({
  /** What its communities wear unless they have their own. */
  brand: Brand.partial(),
  /** What a new community begins with. */
  zone: Zone,
  language: SiteDoc.shape.language,
  currency: Currency,
  /** Whether residents see hours (I7), where the community says nothing. */
  hourlyDetail: HourlyDetail,
  /** How long each class is kept (I5); null: as the hub is configured. */
  retention: z
    .object({
      rawDays: z.number().int().min(7).max(3660),
      hourlyMonths: months(120),
      dailyMonths: months(240),
    })
    .nullable(),
  /** How long the audit is kept, and in it who came in when and from where; null: as the hub is configured. */
  auditRetention: z
    .object({
      entryMonths: z.number().int().min(LEAST_ENTRY_MONTHS).max(240),
      signInDays: z.number().int().min(LEAST_SIGN_IN_DAYS).max(3660),
    })
    .nullable()
    .default(null),
  /** How long somebody who moved out reads their own time. */
  formerResidentMonths: months(120),
  /** Remote assistance: looking at what somebody sees; acting as them. */
  assistance: z.object({ isAllowed: z.boolean(), mayControl: z.boolean() }),
});
export type OrganizationSettings = z.infer<typeof OrganizationSettings>;

export const defaultSettings: OrganizationSettings = {
  brand: {},
  zone: "UTC",
  language: "en",
  currency: "EUR",
  hourlyDetail: "on",
  retention: null,
  auditRetention: null,
  formerResidentMonths: 12,
  assistance: { isAllowed: true, mayControl: false },
};

/** What holds: what was decided, else the defaults. */
export function settingsOf(organization: {
  readonly settings?: OrganizationSettings | undefined;
}): OrganizationSettings {
  return { ...defaultSettings, ...organization.settings };
}
