/**
 * `resident-views`: what residents are shown on the hub: the same as on their gateway, from the same
 * `site` documents by the same code. A view holds their own homes and no others.
 *
 * Who moved out reads their own time for as long as the organization says, and then no more.
 */
import { holdsAt } from "#cloud/api/asker.ts";
import type { PersonDoc } from "#cloud/auth/people-store.ts";
import type { Viewer } from "#shared/access/homes.ts";
import { readSite, type Site } from "#shared/access/site.ts";
import { windowsOfResident } from "#shared/access/windows.ts";
import { databaseName } from "#shared/model/database-names.ts";
import type { OrganizationId, TenantName } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { SiteDoc } from "#shared/model/site.ts";
import type { Reach } from "#shared/series/reading-store.ts";
import type { CommunityDoc, Hub } from "./hub.ts";
import { settingsOf } from "./organization-settings.ts";

const scope = systemScope("resident-views");
const DAY_MS = 86_400_000;
/** A month as a limit of how long something is shown: never shorter than the calendar's. */
const MONTH_MS = 31 * DAY_MS;

export interface ResidentViews {
  /** A person's homes, one view per community they live or lived in; in one organization when named. */
  of(person: PersonDoc, organizationId?: OrganizationId): Promise<Viewer[]>;
  /** What the reading store cuts by for a resident's scope. */
  readonly reach: Reach;
}

export function residentViews(hub: Hub): ResidentViews {
  const held = new Map<TenantName, Site>();
  /** Read again when the projection has moved on, whichever process moved it. */
  const siteOf = async ({ tenant, generation }: CommunityDoc): Promise<Site | undefined> => {
    const database = await hub.databases.open(databaseName.site(tenant, generation));
    const now = await database.get<SiteDoc>("site");
    const known = held.get(tenant);
    if (!now) return undefined;
    if (known?.generation === generation && known.community.projectedAt === now.projectedAt)
      return known;
    const site = await readSite(database);
    if (site) held.set(tenant, site);
    return site;
  };
  const earliestEnd = async (organizationId: OrganizationId): Promise<number> => {
    const organization = (await hub.registry.organizations()).find(
      (one) => one.organizationId === organizationId,
    );
    const { formerResidentMonths } = settingsOf(organization ?? {});
    return hub.clock.now() - formerResidentMonths * MONTH_MS;
  };
  /** A site with nothing of others in it: the resident's own tenancies, and none that ended too long ago. */
  const ownPart = (site: Site, residentId: string, endedAfterMs: number): Site => ({
    ...site,
    units: new Map(
      [...site.units].flatMap(([id, unit]) => {
        const tenancies = unit.tenancies.filter(
          (one) =>
            one.residentId === residentId &&
            (one.to === undefined || Date.parse(one.to) > endedAfterMs),
        );
        return tenancies.length === 0 ? [] : [[id, { ...unit, tenancies }] as const];
      }),
    ),
    codes: new Map(),
    keys: new Map(),
  });
  const views = async (
    community: CommunityDoc,
    residentId: Viewer["scope"]["residentId"],
    code: Viewer["code"],
  ): Promise<Viewer | undefined> => {
    const site = await siteOf(community);
    if (!site) return undefined;
    const { tenant, organizationId } = community;
    return {
      scope: { kind: "resident", tenant, residentId },
      site: ownPart(site, residentId, await earliestEnd(organizationId)),
      code,
    };
  };
  return {
    async of({ memberships, firstName, language }, organizationId) {
      const communities = await hub.communities.list(scope);
      const nowMs = hub.clock.now();
      const found: Viewer[] = [];
      for (const one of memberships) {
        const { on, residentId } = one;
        if (on.kind !== "community" || residentId === undefined || !holdsAt(one, nowMs)) continue;
        if (organizationId !== undefined && one.organizationId !== organizationId) continue;
        const community = communities.find(({ communityId }) => communityId === on.communityId);
        if (!community) continue;
        const record = (await hub.residents.list(scope, on.communityId)).find(
          (resident) => resident.residentId === residentId,
        );
        const hasAgreedToHours = record?.hoursAgreedAt !== undefined;
        const view = await views(community, residentId, { firstName, language, hasAgreedToHours });
        if (view) found.push(view);
      }
      return found;
    },
    async reach(asked, tenant, deviceId) {
      if (asked.kind !== "resident" || asked.tenant !== tenant) return [];
      const community = (await hub.communities.list(scope)).find((one) => one.tenant === tenant);
      const site = community && (await siteOf(community));
      if (!site || !community) return [];
      const own = ownPart(site, asked.residentId, await earliestEnd(community.organizationId));
      return windowsOfResident(own, asked.residentId)
        .filter((one) => one.deviceId === deviceId)
        .map(({ window }) => window);
    },
  };
}
