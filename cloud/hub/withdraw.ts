/**
 * `withdraw`: takes a gateway out: stolen or lost (revoked), or another machine stands in its
 * place (replaced). It is let in nowhere from the first step on; the rest may be cut off and done
 * again.
 */
import type { GatewayDoc } from "#cloud/areas/gateways/gateway-store.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { signStatement, type Statement } from "#shared/auth/hub-statement.ts";
import type { CommunityId, DeviceId, GatewayId } from "#shared/model/ids.ts";
import { systemScope, type Scope } from "#shared/model/scope.ts";
import { adoptItsSites } from "./enrol.ts";
import { homeOf } from "./projection.ts";

const system = systemScope("withdraw");

/** @throws Fault "not_found" out of reach */
export async function withdraw(
  hub: Hub,
  scope: Scope,
  gatewayId: GatewayId,
  why: Statement["why"],
): Promise<GatewayDoc> {
  const doc = await hub.gateways.find(scope, gatewayId);
  const at = new Date(hub.clock.now()).toISOString();
  // What lay on it is counted before it loses its place.
  const exposed = why === "revoked" ? (doc.exposed ?? (await exposedBy(hub, doc))) : undefined;
  const changed = await hub.gateways.revoke(scope, gatewayId, {
    withdrawn: doc.withdrawn ?? { at, why },
    ...(exposed === undefined ? {} : { exposed }),
  });
  const more = await letDevicesGo(hub, gatewayId);
  await adoptItsSites(hub, [...doc.communities, ...more]);
  return changed;
}

/** What a withdrawn gateway is told, signed, when it proves that it is the one. */
export async function withdrawalOf(hub: Hub, gatewayId: GatewayId): Promise<string> {
  const doc = await hub.gateways.find(system, gatewayId).catch(() => undefined);
  return signStatement(hub.secrets.identity.key, {
    says: "withdrawn",
    gatewayId,
    why: doc?.withdrawn?.why ?? "revoked",
    at: doc?.withdrawn?.at ?? new Date(hub.clock.now()).toISOString(),
  });
}

/** Devices that joined through it: their root keys lay there in the clear while it ran. */
async function exposedBy(hub: Hub, doc: GatewayDoc): Promise<NonNullable<GatewayDoc["exposed"]>> {
  const gateways = (await hub.gateways.list(system)).filter(
    (one) =>
      one.organizationId === doc.organizationId &&
      // After a restore the journal has shut it out already.
      (one.gatewayId === doc.gatewayId || !hub.gateways.isRevoked(one.gatewayId)),
  );
  const mine: DeviceId[] = [];
  for (const communityId of doc.communities) {
    const here = gateways.filter((one) => one.communities.includes(communityId));
    for (const device of await hub.devices.list(system, communityId))
      if (homeOf(device, here) === doc.gatewayId) mine.push(device.deviceId);
  }
  const keyed = await hub.keys.open(system, doc.organizationId, mine);
  // Without a root key here there is only a session, and a join ends it.
  return mine.map((deviceId) => ({ deviceId, demand: keyed.has(deviceId) ? "new-key" : "rejoin" }));
}

/** Devices that were given to this gateway by name go to the community's first one. Returns whose they are. */
async function letDevicesGo(hub: Hub, gatewayId: GatewayId): Promise<CommunityId[]> {
  const touched: CommunityId[] = [];
  for (const community of await hub.communities.list(system)) {
    const theirs = (await hub.devices.list(system, community.communityId)).filter(
      ({ homeGateway }) => homeGateway === gatewayId,
    );
    if (theirs.length === 0) continue;
    touched.push(community.communityId);
    await hub.devices.save(
      system,
      community.organizationId,
      theirs.map((device) => ({ ...device, homeGateway: true as const })),
    );
  }
  return touched;
}
