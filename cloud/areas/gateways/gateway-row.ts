/** `gateway-row`: a gateway as operators see it. */
import type { CommunityDoc } from "#cloud/hub/hub.ts";
import type { AreaParts } from "#cloud/api/area-parts.ts";
import type { GatewayRow } from "#shared/api/admin.ts";
import type { Scope } from "#shared/model/scope.ts";
import type { GatewayDoc } from "./gateway-store.ts";

/** @param communities those in the asker's reach; a gateway's others are not told */
export async function gatewayRow(
  { hub, reports }: Pick<AreaParts, "hub" | "reports">,
  scope: Scope,
  gateway: GatewayDoc,
  communities: readonly CommunityDoc[],
): Promise<GatewayRow> {
  const { gatewayId, withdrawn, exposed = [] } = gateway;
  const seenMs = hub.gateways.lastSeen(gateway);
  const health = await reports.health(gateway);
  const said = hub.gateways.report(gatewayId);
  const theirs = communities.filter(({ communityId }) => gateway.communities.includes(communityId));
  const ids = theirs.map(({ communityId }) => communityId);
  return {
    id: gatewayId,
    name: gateway.name,
    enrolled_at: gateway.enrolledAt,
    last_seen_at: seenMs === null ? null : new Date(seenMs).toISOString(),
    communities: await Promise.all(
      theirs.map(async (community) => {
        const { communityId, name, tenant } = community;
        const has = said?.sites[tenant];
        return {
          id: communityId,
          name,
          is_current:
            withdrawn || has === undefined ? null : has === (await hub.siteStates.of(community)),
        };
      }),
    ),
    version: said?.version ?? health?.version ?? null,
    waiting: said?.waiting ?? health?.waiting ?? null,
    uplinks_kept: health?.uplinksKept ?? null,
    replaces: gateway.replaces ?? null,
    left_behind: (withdrawn ? [] : await hub.leftBehind.of(scope, gateway, ids)).map(
      ({ deviceId, why }) => ({ device: deviceId, why }),
    ),
    sync: said
      ? {
          connected_since: said.connectedSince,
          last_success_at: said.lastSuccessAt,
          last_error: said.lastError,
          trouble: said.trouble ?? null,
          last_away: said.lastAway ?? null,
          waiting: said.waiting,
          waiting_bytes: said.waitingBytes,
          complete_until: said.completeUntil,
          eta_ms: said.etaMs,
          denied: said.denied,
          asked: said.asked ?? 0,
          left_behind: said.leftBehind ?? 0,
          has_twin: hub.gateways.hasTwin(gatewayId),
        }
      : null,
    withdrawn: withdrawn
      ? {
          ...withdrawn,
          exposed: exposed.map(({ deviceId, demand }) => ({ device: deviceId, demand })),
        }
      : null,
  };
}
