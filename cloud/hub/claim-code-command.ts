/** `claim-code-command`: a claim code asked for on the hub's own command line. */
import type { Hub } from "#cloud/hub/hub.ts";
import { shownClaimCode } from "#shared/model/claim-code.ts";
import { Fault } from "#shared/model/fault.ts";
import { GatewayId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import { CLAIM_LIFE_MS } from "./gateway-claims.ts";

export interface ClaimCodeOptions {
  /** `tenant_name`s of one organization. */
  readonly communities: readonly string[];
  readonly name?: string | undefined;
  /** The machine whose place the new one takes. */
  readonly replaces?: string | undefined;
}

const scope = systemScope("claim-code");

/** @throws Fault "not_found" | "invalid" */
export async function makeClaimCode(
  hub: Hub,
  { communities, name, replaces }: ClaimCodeOptions,
): Promise<{ code: string; expiresAt: string }> {
  const all = await hub.communities.list(scope);
  const old =
    replaces === undefined ? undefined : await hub.gateways.find(scope, GatewayId.parse(replaces));
  const named = communities.map((tenant) => {
    const found = all.find((one) => one.tenant === tenant);
    if (!found)
      throw new Fault("not_found", `There is no community ${JSON.stringify(tenant)} here.`);
    return found;
  });
  const wanted = new Set([
    ...named.map(({ communityId }) => communityId),
    ...(old?.communities ?? []),
  ]);
  const [organizationId, ...more] = new Set([
    ...named.map((one) => one.organizationId),
    ...(old ? [old.organizationId] : []),
  ]);
  if (organizationId === undefined)
    throw new Fault("invalid", "Say for which community: --community <tenant_name>");
  if (more.length > 0)
    throw new Fault("conflict", "A gateway works for the communities of one organization.");
  const { claim, code } = await hub.gatewayClaims.make(scope, {
    organizationId,
    communities: [...wanted],
    label: name ?? old?.name ?? (named[0]?.name as string),
    lifeMs: CLAIM_LIFE_MS,
    replaces: old?.gatewayId,
  });
  return { code: shownClaimCode(code), expiresAt: claim.expiresAt };
}
