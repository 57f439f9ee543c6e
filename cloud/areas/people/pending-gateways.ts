/**
 * `pending-gateways`: which gateways have not taken over yet what the hub last wrote for a person's
 * communities: somebody disabled a moment ago still gets in there until the next sync.
 *
 * A gateway says which state of `site` it holds; one that never said is pending.
 */
import type { Entry } from "#cloud/hub/directory.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { siteHeld } from "#cloud/hub/site-held.ts";
import type { PendingGateway } from "#shared/api/people.ts";
import { databaseName } from "#shared/model/database-names.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { SiteDoc } from "#shared/model/site.ts";

const scope = systemScope("pending-gateways");

export async function pendingGateways(hub: Hub, { places }: Entry): Promise<PendingGateway[]> {
  const ids = new Set(
    places.flatMap(({ membership: { on, residentId } }) =>
      on.kind === "community" && residentId !== undefined ? [on.communityId as string] : [],
    ),
  );
  const communities = (await hub.communities.list(scope)).filter((one) => ids.has(one.communityId));
  const pending: PendingGateway[] = [];
  for (const community of communities) {
    const { tenant, generation } = community;
    const site = await (
      await hub.databases.open(databaseName.site(tenant, generation))
    ).get<SiteDoc>("site");
    if (!site) continue;
    for (const gateway of await hub.gateways.list(scope)) {
      if (!gateway.communities.includes(community.communityId)) continue;
      if (hub.gateways.isRevoked(gateway.gatewayId)) continue;
      const held = await siteHeld(hub, gateway, tenant);
      const isInStep =
        held?.generation === generation && (held.projectedAt ?? "") >= site.projectedAt;
      if (!isInStep)
        pending.push({
          gateway_id: gateway.gatewayId,
          name: gateway.name,
          community: community.name,
        });
    }
  }
  return pending;
}
