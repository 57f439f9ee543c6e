/**
 * `gateway-tokens`: gives a gateway that proves itself an access token for its communities' databases.
 *
 * Unknown, wrongly signed, repeated: all the same refusal. One that is withdrawn and proves that it
 * is the one gets a signed word of it, so that nobody else can make a gateway give up.
 */
import { createPublicKey, type KeyObject } from "node:crypto";
import { Hono } from "hono";
import { z } from "zod";
import { communitiesOf, talkTo } from "#cloud/hub/gateway-talk.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { withdrawalOf } from "#cloud/hub/withdraw.ts";
import { success } from "#shared/api/envelope.ts";
import type { TokenTalk } from "#shared/api/gateway-talk.ts";
import { issueGatewayToken, TOKEN_LIFE_MS, verifyAssertion } from "#shared/auth/gateway-token.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { GatewayId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import { audienceOf } from "./assertion-audience.ts";

export interface GatewayTokensOptions {
  readonly hub: Hub;
  /** Whether an address, as the gateway calls the hub, is this hub's. */
  readonly isOwnAddress: (url: URL, env: unknown) => boolean;
  readonly onIssued: (gatewayId: GatewayId) => void;
  readonly onRefused: () => void;
}

const Body = z.strictObject({ assertion: z.string().max(4096) });
const scope = systemScope("gateway-tokens");

export function gatewayTokens(options: GatewayTokensOptions): Hono {
  const { hub, isOwnAddress, onIssued, onRefused } = options;
  const seen = new Map<string, number>();
  const keyOf = async (gatewayId: GatewayId): Promise<KeyObject | undefined> => {
    try {
      const { signing } = await hub.gateways.find(scope, gatewayId);
      return createPublicKey({ key: signing, format: "jwk" });
    } catch (error) {
      if (isFault(error, "not_found")) return undefined;
      throw error;
    }
  };
  return new Hono().post("/token", async (c) => {
    c.header("cache-control", "no-store");
    const parsed = Body.safeParse(await c.req.json().catch(() => undefined));
    if (!parsed.success) throw new Fault("invalid", 'An assertion is needed: {"assertion":"…"}');
    const { assertion } = parsed.data;
    const nowMs = hub.clock.now();
    let gatewayId: GatewayId;
    try {
      const audience = audienceOf(assertion, (url) => isOwnAddress(url, c.env));
      gatewayId = await verifyAssertion(assertion, { keyOf, audience, nowMs, seen });
      if (hub.gateways.isRevoked(gatewayId))
        throw new Fault("forbidden", "This gateway was withdrawn.", {
          statement: await withdrawalOf(hub, gatewayId),
        });
    } catch (error) {
      onRefused();
      throw error;
    }
    const gateway = await hub.gateways.find(scope, gatewayId);
    const tenants = (await communitiesOf(hub, gateway)).map(({ tenant }) => tenant);
    const { key, kid } = hub.secrets.tokenKeys.signing(nowMs);
    const access_token = await issueGatewayToken({ key, kid, gatewayId, tenants, nowMs });
    onIssued(gatewayId);
    const talk: TokenTalk & { gateway_id: GatewayId } = {
      access_token,
      expires_in: TOKEN_LIFE_MS / 1000,
      gateway_id: gatewayId,
      ...(await talkTo(hub, gatewayId)),
    };
    return c.json(success(talk));
  });
}
