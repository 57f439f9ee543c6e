/**
 * `enrol`: makes a gateway known by its public keys, for some communities of one organization.
 * Again for a known one: it changes name and communities, never keys.
 *
 * A gateway gets here by a claim code (`claim`), or by its `gateway.json` on the hub's own command
 * line, where whoever stands there holds the hub anyway.
 */
import { createPublicKey, type JsonWebKey } from "node:crypto";
import type { CommunityDoc } from "#cloud/areas/communities/community-store.ts";
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
  const identity = await soundIdentity(raw);
  if (options.communities.length === 0)
    throw new Fault("invalid", "Say for which community: --community <tenant_name>");
  const all = await hub.communities.list(scope);
  const wanted = options.communities.map((tenant) => {
    const community = all.find((one) => one.tenant === tenant);
    if (!community)
      throw new Fault("not_found", `There is no community ${JSON.stringify(tenant)} here.`);
    return community;
  });
  const { gatewayId } = await admitGateway(hub, identity, wanted, { name: options.name });
  return { gatewayId, communities: wanted.map((one) => one.tenant) };
}

/** What a gateway says of itself, when its keys are keys and its id is theirs. @throws Fault "invalid" */
export async function soundIdentity(raw: unknown): Promise<GatewayIdentity> {
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
  return parsed.data;
}

/** Lets a gateway in for `wanted`, all of one organization, beside those it works for already. @throws Fault "conflict" */
export async function admitGateway(
  hub: Hub,
  identity: GatewayIdentity,
  wanted: readonly CommunityDoc[],
  more: { readonly name?: string | undefined; readonly replaces?: GatewayId | undefined } = {},
): Promise<GatewayDoc> {
  const { gatewayId, signing, encryption } = identity;
  if (hub.gateways.isRevoked(gatewayId))
    throw new Fault("conflict", "This gateway was revoked and is never let in again.");
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
  const { name, replaces = old?.replaces } = more;
  const doc: GatewayDoc = {
    _id: `gateway:${gatewayId}`,
    type: "gateway",
    v: 1,
    gatewayId,
    signing,
    encryption,
    organizationId,
    name: name ?? old?.name ?? gatewayId,
    communities: [
      ...new Set([...(old?.communities ?? []), ...wanted.map((one) => one.communityId)]),
    ],
    enrolledAt: old?.enrolledAt ?? new Date(hub.clock.now()).toISOString(),
    lastSeenAt: old?.lastSeenAt ?? null,
    ...(replaces === undefined ? {} : { replaces }),
  };
  await hub.gateways.save(scope, doc);
  await adoptItsSites(hub, doc.communities);
  return doc;
}

/** Brings the `site` of a gateway's communities in step: who is first among gateways may be another one now. */
export async function adoptItsSites(
  hub: Hub,
  communities: Iterable<CommunityDoc["communityId"]>,
): Promise<void> {
  const its = new Set(communities);
  for (const community of await hub.communities.list(scope))
    if (its.has(community.communityId)) await hub.adopt(community);
}

function isPoint(key: JsonWebKey): boolean {
  try {
    createPublicKey({ key, format: "jwk" });
    return true;
  } catch {
    return false;
  }
}
