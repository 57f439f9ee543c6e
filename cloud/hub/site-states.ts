/**
 * `site-states`: which state each community's `site` is in (its `projectedAt`), from memory. Hundreds of
 * gateways ask each half minute, and opening a database for each answer takes its time.
 */
import type { CommunityDoc } from "#cloud/areas/communities/community-store.ts";
import type { Databases } from "#shared/couch/database.ts";
import type { Clock } from "#shared/model/clock.ts";
import { databaseName } from "#shared/model/database-names.ts";
import type { CommunityId } from "#shared/model/ids.ts";

export interface SiteStates {
  /** Undefined while there is no site. */
  of(
    community: Pick<CommunityDoc, "communityId" | "tenant" | "generation">,
  ): Promise<string | undefined>;
  /** It was projected just now. */
  changed(communityId: CommunityId): void;
}

/** Another process of the hub may have projected it: looked at again after this, ms. */
const GOOD_MS = 20_000;

export function siteStates(databases: Databases, clock: Clock): SiteStates {
  const known = new Map<
    CommunityId,
    { of: string; atMs: number; state: Promise<string | undefined> }
  >();
  return {
    of({ communityId, tenant, generation }) {
      const name = databaseName.site(tenant, generation);
      const held = known.get(communityId);
      if (held?.of === name && Math.abs(clock.now() - held.atMs) < GOOD_MS) return held.state;
      const state = databases.openExisting(name).then(async (database) => {
        const site = await database?.get("site");
        return typeof site?.projectedAt === "string" ? site.projectedAt : undefined;
      });
      known.set(communityId, { of: name, atMs: clock.now(), state });
      state.catch(() => known.delete(communityId));
      return state;
    },
    changed: (communityId) => void known.delete(communityId),
  };
}
