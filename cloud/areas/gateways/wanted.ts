/** `wanted`: which gateways somebody asks for, among those in their reach. */
import type { z } from "zod";
import type { CommunityDoc, Hub } from "#cloud/hub/hub.ts";
import { isFoundIn, searchFor, searchText } from "#cloud/hub/search.ts";
import type { GatewaysAsked } from "#shared/api/gateway-admin.ts";
import { Fault } from "#shared/model/fault.ts";
import { GATEWAY_AWAY_MS } from "#shared/model/gateway-states.ts";
import type { GatewayDoc } from "./gateway-store.ts";

/**
 * @param communities those in the asker's reach: by others nobody is found
 * @throws Fault "not_found" when the community asked for is none of them
 */
export async function wanted(
  hub: Hub,
  gateways: readonly GatewayDoc[],
  communities: readonly CommunityDoc[],
  { state, community, q }: z.infer<typeof GatewaysAsked>,
): Promise<readonly GatewayDoc[]> {
  const isOf = (one: CommunityDoc) => one.communityId === community || one.tenant === community;
  if (community !== undefined && !communities.some(isOf))
    throw new Fault("not_found", "There is no such community here.");
  const search = searchFor(q);
  const theirs = ({ communities: ids }: GatewayDoc) =>
    communities.filter(({ communityId }) => ids.includes(communityId));
  const nowMs = hub.clock.now();
  const isAway = (gateway: GatewayDoc) => {
    const seenMs = hub.gateways.lastSeen(gateway);
    return seenMs === null || nowMs - seenMs > GATEWAY_AWAY_MS;
  };
  const isPending = async (gateway: GatewayDoc) => {
    const said = hub.gateways.report(gateway.gatewayId);
    if (!said) return false;
    for (const one of theirs(gateway)) {
      const has = said.sites[one.tenant];
      if (has !== undefined && has !== (await hub.siteStates.of(one))) return true;
    }
    return false;
  };
  const found: GatewayDoc[] = [];
  for (const gateway of gateways) {
    const { gatewayId, name, withdrawn } = gateway;
    const text = searchText([name, gatewayId, ...theirs(gateway).map((one) => one.name)]);
    if (!isFoundIn(search, text)) continue;
    if (community !== undefined && !theirs(gateway).some(isOf)) continue;
    if (state === "withdrawn" ? !withdrawn : state !== undefined && withdrawn) continue;
    if (state === "away" && !isAway(gateway)) continue;
    if (state === "here" && isAway(gateway)) continue;
    if (state === "pending" && !(await isPending(gateway))) continue;
    found.push(gateway);
  }
  return found;
}
