/**
 * `community-fields`: what the API says of a community, brought into its document. Pure.
 */
import type { CommunityChange } from "#shared/api/communities.ts";
import { Fault } from "#shared/model/fault.ts";
import { contactFields, type Contact } from "#shared/model/place.ts";
import type { CommunityDoc } from "./hub.ts";
import { momentOf } from "./moment.ts";

/**
 * The document with what `said` says; what it does not name stays, null takes away.
 *
 * @param isUnmetered there never was a meter here: nothing was counted by another zone yet
 * @throws Fault "invalid"
 */
export function withFields(
  community: CommunityDoc,
  said: CommunityChange,
  nowMs: number,
  isUnmetered = false,
): CommunityDoc {
  const changed = { ...community } as Record<string, unknown>;
  const put = (field: keyof CommunityDoc, value: unknown) => {
    if (value === undefined) return;
    if (value === null) delete changed[field];
    else changed[field] = value;
  };
  if (said.name !== undefined) changed.name = said.name;
  if (said.admin_email !== undefined) changed.adminEmail = said.admin_email;
  if (said.is_active !== undefined) changed.isActive = said.is_active;
  if (said.language !== undefined) changed.language = said.language;
  put("externalId", said.external_id);
  put("currency", said.currency);
  put("parentId", said.owner);
  put("hourlyDetail", said.hourly_detail);
  put("homeDashboardId", said.home_dashboard);
  if (said.brand !== undefined) changed.brand = said.brand ?? {};
  if (said.zone !== undefined)
    changed.zones =
      isUnmetered && said.zone_from === undefined
        ? [{ from: FROM_THE_BEGINNING, zone: said.zone }]
        : zonesWith(community, said.zone, said.zone_from, nowMs);
  else if (said.zone_from !== undefined)
    throw new Fault("invalid", "zone_from says from when a zone holds: say which (zone).");
  changed.contact = contactWith(community.contact ?? {}, said);
  changed.quotas = quotasWith(community.quotas ?? {}, said);
  for (const field of ["contact", "quotas"])
    if (Object.keys(changed[field] as object).length === 0) delete changed[field];
  return changed as CommunityDoc;
}

const FROM_THE_BEGINNING = new Date(0).toISOString();

function contactWith(contact: Contact, said: CommunityChange): Contact {
  const changed: Record<string, string | undefined> = { ...contact };
  for (const field of contactFields) {
    const value = said[field];
    if (value === undefined) continue;
    if (value === null || value === "") delete changed[field];
    else changed[field] = value;
  }
  return changed;
}

function quotasWith(quotas: NonNullable<CommunityDoc["quotas"]>, said: CommunityChange) {
  const changed: { devices?: number; people?: number } = {};
  const devices = said.max_devices === undefined ? quotas.devices : said.max_devices;
  const people = said.max_people === undefined ? quotas.people : said.max_people;
  if (typeof devices === "number") changed.devices = devices;
  if (typeof people === "number") changed.people = people;
  return changed;
}

/** A zone takes effect from a moment and takes the place of those said for later. */
function zonesWith(
  community: CommunityDoc,
  zone: string,
  fromText: string | undefined,
  nowMs: number,
): CommunityDoc["zones"] {
  const { zones } = community;
  const now = new Date(nowMs).toISOString();
  // The day begins where the clocks go by the new zone.
  const begin = { zones: [{ from: FROM_THE_BEGINNING, zone }] };
  const from = fromText === undefined ? now : momentOf(begin, fromText);
  const before = zones.filter((one) => one.from < from);
  const last = before.at(-1);
  if (last === undefined) return [{ from: zones[0]?.from ?? from, zone }];
  return last.zone === zone ? before : [...before, { from, zone }];
}
