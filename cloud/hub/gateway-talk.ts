/**
 * `gateway-talk`: what a gateway has to know of the hub at this moment: its communities, which
 * `site` counts, where there is news. Says nothing of communities that are not its own.
 */
import { createHash } from "node:crypto";
import type { CommunityDoc } from "#cloud/areas/communities/community-store.ts";
import type { GatewayDoc } from "#cloud/areas/gateways/gateway-store.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import type { CommunityTalk, HubFace, Talk } from "#shared/api/gateway-talk.ts";
import { databaseName } from "#shared/model/database-names.ts";
import type { GatewayId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";

const scope = systemScope("gateway-talk");

export const hubFace = ({ secrets }: Hub): HubFace => ({
  id: secrets.hubId,
  identity: secrets.identity.publicJwk as HubFace["identity"],
  sealing: secrets.sealing.publicJwk as HubFace["sealing"],
});

/** The communities a gateway works for and is let into. */
export async function communitiesOf(hub: Hub, gateway: GatewayDoc): Promise<CommunityDoc[]> {
  return (await hub.communities.list(scope)).filter(
    ({ communityId, organizationId, isActive }) =>
      isActive &&
      organizationId === gateway.organizationId &&
      gateway.communities.includes(communityId),
  );
}

export async function talkTo(hub: Hub, gatewayId: GatewayId): Promise<Talk> {
  const gateway = await hub.gateways.find(scope, gatewayId);
  const others = (await hub.gateways.list(scope)).filter((one) => one.gatewayId !== gatewayId);
  const communities: CommunityTalk[] = [];
  for (const community of await communitiesOf(hub, gateway)) {
    const { communityId, tenant, name, generation } = community;
    // Also one that is withdrawn: what it wrote is the history of its successor.
    const hasSiblings = others.some((one) => one.communities.includes(communityId));
    const months = [];
    for (const month of hub.months.list(tenant))
      months.push({
        month,
        tele: hasSiblings ? await hub.months.version(databaseName.tele(tenant, month)) : "",
        events: await hub.months.version(databaseName.events(tenant, month)),
      });
    const history = await hub.months.history(tenant);
    communities.push({
      tenant,
      name,
      site: databaseName.site(tenant, generation),
      siteVersion: await siteVersion(hub, community),
      months,
      history: [...history.names],
      historyVersion: history.version,
    });
  }
  const holds = hub.gateways.report(gatewayId)?.holds ?? [];
  const gone = new Set(hub.journal.denied("tenant"));
  const said = {
    life: hub.life.id,
    communities,
    erased: holds.filter((tenant) => gone.has(tenant)),
    hasTwin: hub.gateways.hasTwin(gatewayId),
  };
  return {
    ...said,
    hub_time: new Date(hub.clock.now()).toISOString(),
    hub: hubFace(hub),
    version: short(JSON.stringify(said)),
  };
}

async function siteVersion(hub: Hub, community: CommunityDoc): Promise<string> {
  const projectedAt = await hub.siteStates.of(community);
  return projectedAt === undefined ? "" : `${community.generation}@${projectedAt}`;
}

const short = (text: string) => createHash("sha256").update(text).digest("base64url").slice(0, 16);
