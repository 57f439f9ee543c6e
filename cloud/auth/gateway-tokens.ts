/**
 * `gateway-tokens`: gives a gateway that proves itself an access token for its communities' databases.
 *
 * Unknown, revoked, wrongly signed, repeated: all the same refusal.
 */
import { createPublicKey, type KeyObject } from "node:crypto";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { decodeJwt } from "jose";
import { z } from "zod";
import type { Hub } from "#cloud/hub/hub.ts";
import { success } from "#shared/api/envelope.ts";
import { issueGatewayToken, TOKEN_LIFE_MS, verifyAssertion } from "#shared/auth/gateway-token.ts";
import { databaseName } from "#shared/model/database-names.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { GatewayId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";

export interface GatewayTokensOptions {
  readonly hub: Hub;
  /** Whether an address, as the gateway calls the hub, is this hub's. */
  readonly isOwnAddress: (url: URL, env: unknown) => boolean;
  readonly onIssued: (gatewayId: GatewayId) => void;
  readonly onRefused: () => void;
}

/** An assertion is a few hundred characters. */
const MOST_BODY_BYTES = 16_384;
const Body = z.strictObject({ assertion: z.string().max(4096) });
const scope = systemScope("gateway-tokens");

export function gatewayTokens(options: GatewayTokensOptions): Hono {
  const { hub, isOwnAddress, onIssued, onRefused } = options;
  const seen = new Map<string, number>();
  const keyOf = async (gatewayId: GatewayId): Promise<KeyObject | undefined> => {
    if (hub.gateways.isRevoked(gatewayId)) return undefined;
    try {
      const { signing } = await hub.gateways.find(scope, gatewayId);
      return createPublicKey({ key: signing, format: "jwk" });
    } catch (error) {
      if (isFault(error, "not_found")) return undefined;
      throw error;
    }
  };
  return new Hono().post("/token", bodyLimit({ maxSize: MOST_BODY_BYTES }), async (c) => {
    c.header("cache-control", "no-store");
    const parsed = Body.safeParse(await c.req.json().catch(() => undefined));
    if (!parsed.success) throw new Fault("invalid", 'An assertion is needed: {"assertion":"…"}');
    const { assertion } = parsed.data;
    const nowMs = hub.clock.now();
    let gatewayId: GatewayId;
    try {
      const audience = audienceOf(assertion, (url) => isOwnAddress(url, c.env));
      gatewayId = await verifyAssertion(assertion, { keyOf, audience, nowMs, seen });
    } catch (error) {
      onRefused();
      throw error;
    }
    const gateway = await hub.gateways.find(scope, gatewayId);
    const communities = (await hub.communities.list(scope)).filter(
      ({ communityId, organizationId, isActive }) =>
        isActive &&
        organizationId === gateway.organizationId &&
        gateway.communities.includes(communityId),
    );
    const { key, kid } = hub.secrets.signing;
    const tenants = communities.map(({ tenant }) => tenant);
    const access_token = await issueGatewayToken({ key, kid, gatewayId, tenants, nowMs });
    onIssued(gatewayId);
    return c.json(
      success({
        access_token,
        expires_in: TOKEN_LIFE_MS / 1000,
        gateway_id: gatewayId,
        hub_time: new Date(nowMs).toISOString(),
        communities: communities.map(({ tenant, name, generation }) => ({
          tenant,
          name,
          site: databaseName.site(tenant, generation),
        })),
      }),
    );
  });
}

/** What the assertion says it is for, when that is us: one made for another hub is worth nothing here. */
function audienceOf(assertion: string, isOwn: (url: URL) => boolean): string {
  const refused = () => new Fault("unauthorized", "This assertion was not made for this hub.");
  try {
    const { aud } = decodeJwt(assertion);
    if (typeof aud === "string" && URL.canParse(aud) && isOwn(new URL(aud))) return aud;
  } catch (error) {
    throw new Fault("unauthorized", "This is no assertion.", {}, error);
  }
  throw refused();
}
