/**
 * `gateway-claim`: a gateway brings a claim code and its public keys, signed with them, and is known
 * from then on. Guessing is made slow by address; a wrong code and a used one are told alike.
 */
import { createPublicKey } from "node:crypto";
import { Hono, type Context } from "hono";
import { claimGateway } from "#cloud/hub/claim-gateway.ts";
import { soundIdentity } from "#cloud/hub/enrol.ts";
import { communitiesOf, hubFace } from "#cloud/hub/gateway-talk.ts";
import { success } from "#shared/api/envelope.ts";
import { Claim, type Claimed } from "#shared/api/gateway-talk.ts";
import { attempts } from "#shared/auth/attempts.ts";
import { verifyAssertion } from "#shared/auth/gateway-token.ts";
import { ClaimCode } from "#shared/model/claim-code.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import { audienceOf } from "./assertion-audience.ts";
import type { GatewayTokensOptions } from "./gateway-tokens.ts";

export interface GatewayClaimOptions extends Pick<GatewayTokensOptions, "hub" | "isOwnAddress"> {
  readonly addressOf: (c: Context) => string;
  /** A gateway is new, or works for further communities. */
  readonly onClaimed: () => void;
}

export function gatewayClaim({
  hub,
  isOwnAddress,
  addressOf,
  onClaimed,
}: GatewayClaimOptions): Hono {
  const guesses = attempts(hub.clock);
  const seen = new Map<string, number>();
  return new Hono().post("/claim", async (c) => {
    c.header("cache-control", "no-store");
    const parsed = Claim.safeParse(await c.req.json().catch(() => undefined));
    if (!parsed.success) throw new Fault("invalid", "A claim is code, gateway and assertion.");
    const { assertion } = parsed.data;
    const identity = await soundIdentity(parsed.data.gateway);
    await verifyAssertion(assertion, {
      keyOf: (id) =>
        id === identity.gatewayId
          ? createPublicKey({ key: identity.signing, format: "jwk" })
          : undefined,
      audience: audienceOf(assertion, (url) => isOwnAddress(url, c.env)),
      nowMs: hub.clock.now(),
      seen,
    });
    const address = addressOf(c);
    guesses.check(address);
    const code = ClaimCode.safeParse(parsed.data.code);
    try {
      if (!code.success) throw new Fault("not_found", "A claim code is ten letters and digits.");
      const doc = await claimGateway(hub, code.data, identity);
      guesses.succeeded(address);
      onClaimed();
      await hub.audit.add({
        organizationId: doc.organizationId,
        communityId: doc.communities[0] ?? null,
        by: { kind: "gateway", id: doc.gatewayId, roles: [] },
        assistant: null,
        forWhom: null,
        what: "gateway.claim",
        target: { type: "gateway", id: doc.gatewayId, name: doc.name },
        from: address,
        result: "ok",
        requestId: Buffer.from(hub.random(8)).toString("hex"),
      });
      const claimed: Claimed = {
        gateway_id: doc.gatewayId,
        name: doc.name,
        hub: hubFace(hub),
        hub_time: new Date(hub.clock.now()).toISOString(),
        communities: (await communitiesOf(hub, doc)).map(({ tenant, name }) => ({ tenant, name })),
      };
      return c.json(success(claimed), 201);
    } catch (error) {
      if (isFault(error, "not_found")) guesses.failed(address);
      throw error;
    }
  });
}
