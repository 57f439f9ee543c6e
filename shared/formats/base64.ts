/**
 * `base64`: bytes written as text in any of the three ways network servers and packet forwarders
 * use: padded, unpadded, url-safe.
 *
 * Refuses what Node's own reader would skip over. Bits left over in the last letter are let
 * through: the packet forwarder's own documentation has examples with some.
 *
 * @see RFC 4648, sections 4 and 5
 */
import { Fault } from "#shared/model/fault.ts";

const LETTERS = /^[A-Za-z0-9+/_-]*={0,2}$/;

/**
 * @param field names the field in the refusal
 * @throws Fault "invalid" when `text` is not base64 of whole bytes
 */
export function fromBase64(text: unknown, field: string): Uint8Array {
  if (typeof text !== "string" || !LETTERS.test(text))
    throw new Fault("invalid", `${field} is not base64.`, { field });
  const bare = text.replace(/=+$/, "");
  const isWhole = bare.length % 4 !== 1 && (bare.length === text.length || text.length % 4 === 0);
  if (!isWhole) throw new Fault("invalid", `${field} is base64 cut short.`, { field });
  return Uint8Array.from(Buffer.from(bare, "base64url"));
}
