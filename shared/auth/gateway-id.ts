/** `gateway-id`: a gateway's id follows from its signing key, so that nobody can take another's. */
import { calculateJwkThumbprint, type JWK } from "jose";
import { GatewayId } from "#shared/model/ids.ts";

/** `gw-` and the first 16 hex digits of the key's SHA-256 thumbprint (RFC 7638). */
export async function gatewayIdOf(signing: JWK): Promise<GatewayId> {
  const thumbprint = await calculateJwkThumbprint(signing, "sha256");
  return GatewayId.parse(`gw-${Buffer.from(thumbprint, "base64url").toString("hex").slice(0, 16)}`);
}
