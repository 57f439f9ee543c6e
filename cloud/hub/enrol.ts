/**
 * `enrol`: makes a gateway known by its public keys, for some communities. Again for a known one:
 * it changes name and communities, never keys.
 */
import { createPublicKey, type JsonWebKey } from "node:crypto";
import type { GatewayDoc } from "#cloud/areas/gateways/gateway-store.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { gatewayIdOf } from "#shared/auth/gateway-id.ts";
import { databaseName } from "#shared/model/database-names.ts";
import { Fault } from "#shared/model/fault.ts";
import { GatewayIdentity } from "#shared/model/gateway-identity.ts";
import type { GatewayId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";

export interface EnrolOptions {
  /** `tenant_name`s, one or more. */
  readonly communities: readonly string[];
  readonly name?: string | undefined;
}

const scope = systemScope("enrol");

/** @throws Fault "invalid" for a file that is no gateway's, "not_found" for a community, "conflict" */
export async function enrol(
  hub: Hub,
  raw: unknown,
  options: EnrolOptions,
): Promise<{ gatewayId: GatewayId; communities: string[] }> {
  const parsed = GatewayIdentity.safeParse(raw);
  if (!parsed.success)
    throw new Fault("invalid", "The file is not the gateway.json of a gateway's data folder.");
  const { gatewayId, signing, encryption } = parsed.data;
  if ((await gatewayIdOf(signing)) !== gatewayId)
    throw new Fault(
      "invalid",
      "The gateway's id does not belong to its key: the file was changed.",
    );
  if (![signing, encryption].every(isPoint))
    throw new Fault("invalid", "A key in the file is none: it lies on no curve.");
  if (options.communities.length === 0)
    throw new Fault("invalid", "Say for which community: --community <tenant_name>");
  if (hub.gateways.isRevoked(gatewayId))
    throw new Fault("conflict", "This gateway was revoked and is never let in again.");

  const all = await hub.communities.list(scope);
  const wanted = options.communities.map((tenant) => {
    const community = all.find((one) => one.tenant === tenant);
    if (!community)
      throw new Fault("not_found", `There is no community ${JSON.stringify(tenant)} here.`);
    return community;
  });
  const organizationId = wanted[0]?.organizationId as GatewayDoc["organizationId"];
  const old = (await hub.gateways.list(scope)).find((one) => one.gatewayId === gatewayId);
  if (
    wanted.some((one) => one.organizationId !== organizationId) ||
    (old && old.organizationId !== organizationId)
  )
    throw new Fault("conflict", "A gateway works for the communities of one organization.");
  if (old && JSON.stringify(old.encryption) !== JSON.stringify(encryption))
    throw new Fault("conflict", "This gateway is enrolled with another encryption key.");

  // Before the gateway is known: cut off in between, nobody else would make it.
  await (await hub.databases.open(databaseName.gateway(gatewayId))).close();
  await hub.gateways.save(scope, {
    _id: `gateway:${gatewayId}`,
    type: "gateway",
    v: 1,
    gatewayId,
    signing,
    encryption,
    organizationId,
    name: options.name ?? old?.name ?? gatewayId,
    communities: [
      ...new Set([...(old?.communities ?? []), ...wanted.map((one) => one.communityId)]),
    ],
    enrolledAt: old?.enrolledAt ?? new Date(hub.clock.now()).toISOString(),
    lastSeenAt: old?.lastSeenAt ?? null,
  });
  // Also those it worked for before: who is first among gateways may be another one now.
  for (const community of all)
    if (community.organizationId === organizationId) await hub.adopt(community);
  return { gatewayId, communities: wanted.map((one) => one.tenant) };
}

function isPoint(key: JsonWebKey): boolean {
  try {
    createPublicKey({ key, format: "jwk" });
    return true;
  } catch {
    return false;
  }
}
