/**
 * `gateway-identity`: what a gateway says of itself when it is enrolled: public keys and nothing else.
 *
 * History: 1 = first release.
 */
import { z } from "zod";
import { GatewayId } from "./ids.ts";

const PublicP256 = z.strictObject({
  kty: z.literal("EC"),
  crv: z.literal("P-256"),
  x: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  y: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});

/**
 * The content of `gateway.json` in a gateway's data folder. `signing` proves who it is (ES256),
 * `encryption` receives device keys (ECDH-ES+A256KW). `gatewayId` is derived from `signing`.
 */
export const GatewayIdentity = z.strictObject({
  gatewayId: GatewayId,
  signing: PublicP256,
  encryption: PublicP256,
});
export type GatewayIdentity = z.infer<typeof GatewayIdentity>;
