/**
 * `opaque-token`: random texts that open something: sign-ins, set-up links.
 *
 * Only their hash is stored. They are random enough (256 bits) for a plain SHA-256.
 */
import { createHash } from "node:crypto";

/** A new token, 43 characters of base64url; `random` gives that many random bytes. */
export function newToken(random: (size: number) => Uint8Array): string {
  return Buffer.from(random(32)).toString("base64url");
}

/** What is stored of it: 64 hex digits. */
export function tokenHash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** Whether a text has the form of a token, so that rubbish is not looked up. */
export function isToken(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text);
}
