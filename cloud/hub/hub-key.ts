/** `hub-key`: a P-256 key pair of the hub's, kept as PEM. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from "node:crypto";
import { calculateJwkThumbprint, type JWK } from "jose";

export interface HubKey {
  readonly key: KeyObject;
  /** The public key's thumbprint (RFC 7638). */
  readonly kid: string;
  readonly publicKey: KeyObject;
  readonly publicJwk: JWK;
}

/** A new private key as PEM. */
export function newPem(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return String(privateKey.export({ type: "pkcs8", format: "pem" }));
}

/** A key pair from its PEM. */
export async function hubKey(pem: string): Promise<HubKey> {
  const key = createPrivateKey(pem);
  const publicKey = createPublicKey(key);
  const { kty, crv, x, y } = publicKey.export({ format: "jwk" });
  const publicJwk = { kty, crv, x, y } as JWK;
  return { key, publicKey, kid: await calculateJwkThumbprint(publicJwk), publicJwk };
}
