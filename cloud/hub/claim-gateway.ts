/**
 * `claim-gateway`: a gateway comes with a code and becomes known, for the code's communities; where
 * the code says so, in the place of another machine.
 */
import type { GatewayDoc } from "#cloud/areas/gateways/gateway-store.ts";
import type { CommunityDoc, Hub } from "#cloud/hub/hub.ts";
import type { ClaimCode } from "#shared/model/claim-code.ts";
import { Fault } from "#shared/model/fault.ts";
import type { GatewayIdentity } from "#shared/model/gateway-identity.ts";
import type { GatewayId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import { admitGateway } from "./enrol.ts";
import type { ClaimDoc } from "./gateway-claims.ts";
import { homeOf } from "./projection.ts";
import { withdraw } from "./withdraw.ts";

const scope = systemScope("claim");

/**
 * The caller has seen that whoever asks holds the keys of `identity`.
 *
 * @throws Fault "not_found" for a code that is not good, "conflict" for a gateway that cannot come in
 */
export async function claimGateway(
  hub: Hub,
  code: ClaimCode,
  identity: GatewayIdentity,
): Promise<GatewayDoc> {
  const { gatewayId } = identity;
  const claim = await hub.gatewayClaims.find(code, gatewayId);
  const all = await hub.communities.list(scope);
  const wanted = all.filter(
    ({ communityId, organizationId, isActive }) =>
      isActive &&
      organizationId === claim.organizationId &&
      claim.communities.includes(communityId),
  );
  if (wanted.length === 0)
    throw new Fault("not_found", "The communities of this code are not there any more.");
  // Before the code is spent: a machine that cannot come in must not use it up.
  if (hub.gateways.isRevoked(gatewayId))
    throw new Fault(
      "conflict",
      "This gateway was withdrawn: it needs new keys before a new claim.",
    );
  const { label: name, replaces } = claim;
  await checkWhole(hub, claim, all);
  await hub.gatewayClaims.use(claim, gatewayId);
  const doc = await admitGateway(hub, identity, wanted, { name, replaces });
  if (replaces !== undefined && replaces !== gatewayId) await takePlace(hub, replaces, gatewayId);
  return doc;
}

/** Whoever takes a machine's place takes all of it: what it was given since would be left without a gateway. */
async function checkWhole(
  hub: Hub,
  { replaces, communities }: ClaimDoc,
  all: readonly CommunityDoc[],
): Promise<void> {
  if (replaces === undefined || hub.gateways.isRevoked(replaces)) return;
  const old = (await hub.gateways.list(scope)).find((one) => one.gatewayId === replaces);
  const isMore = ({ communityId }: CommunityDoc) =>
    old?.communities.includes(communityId) && !communities.includes(communityId);
  if (all.some(isMore))
    throw new Fault(
      "conflict",
      "The gateway that is to be replaced works for further communities by now: ask for a new code.",
    );
}

/** The old machine's devices answer to the new one, and the old one is let in no more. */
async function takePlace(hub: Hub, oldId: GatewayId, newId: GatewayId): Promise<void> {
  const gateways = await hub.gateways.list(scope);
  const old = gateways.find((one) => one.gatewayId === oldId);
  if (!old) return;
  for (const communityId of old.communities) {
    const here = gateways.filter(
      (one) => one.communities.includes(communityId) && !hub.gateways.isRevoked(one.gatewayId),
    );
    const moved = (await hub.devices.list(scope, communityId))
      // Also those that were the old one's as the community's first: the new one is its last.
      .filter((device) => homeOf(device, here) === oldId || device.homeGateway === oldId)
      .map((device) => ({ ...device, homeGateway: newId }));
    if (moved.length > 0) await hub.devices.save(scope, old.organizationId, moved);
  }
  await withdraw(hub, scope, oldId, "replaced");
}
