/**
 * `key-text`: an API key as it is written: `rsr_`, the key's id without its first letters, and a
 * secret of 256 bits, of which only a hash is ever kept.
 */
import { timingSafeEqual } from "node:crypto";
import type { KeyId } from "#shared/model/ids.ts";
import { tokenHash } from "./opaque-token.ts";

const TEXT = /^rsr_([0-9a-hjkmnp-tv-z]{16})_([A-Za-z0-9_-]{43})$/;

export function keyText(keyId: KeyId, secret: string): string {
  return `rsr_${keyId.slice("k-".length)}_${secret}`;
}

/** The parts of a key; undefined for what is none. */
export function readKeyText(text: string): { keyId: KeyId; secret: string } | undefined {
  const [, id, secret] = TEXT.exec(text) ?? [];
  return id === undefined || secret === undefined
    ? undefined
    : { keyId: `k-${id}` as KeyId, secret };
}

/** @param hash SHA-256 of the secret, 64 hex digits */
export function isKeySecret(hash: string, secret: string): boolean {
  return timingSafeEqual(Buffer.from(tokenHash(secret), "hex"), Buffer.from(hash, "hex"));
}

/** The key in a request's headers: `X-API-Key` before `Authorization: Bearer`. */
export function keyInHeaders(header: (name: string) => string | undefined): string | undefined {
  const bearer = /^Bearer +(.+)$/i.exec(header("authorization") ?? "")?.[1];
  return header("x-api-key") ?? bearer;
}
