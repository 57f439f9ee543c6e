/**
 * `sealed-text`: secrets the hub has to give to others again (a mail server's password, a client
 * secret), sealed with its master key. Each is bound to what it is for: a document copied over
 * another one does not open.
 */
import { CompactEncrypt, compactDecrypt } from "jose";
import { Fault } from "#shared/model/fault.ts";

/** A compact JWE (dir, A256GCM). @param about what it is for, such as the id of its document */
export function sealText(masterKey: Uint8Array, about: string, text: string): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify({ about, text })))
    .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
    .encrypt(masterKey);
}

/** @throws Fault "unavailable" when it was sealed by another hub or for something else */
export async function openText(
  masterKey: Uint8Array,
  about: string,
  sealed: string,
): Promise<string> {
  try {
    const { plaintext } = await compactDecrypt(sealed, masterKey, {
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256GCM"],
    });
    const content = JSON.parse(new TextDecoder().decode(plaintext)) as Record<string, unknown>;
    if (content.about !== about || typeof content.text !== "string") throw new Error("of another");
    return content.text;
  } catch (error) {
    throw new Fault(
      "unavailable",
      "A secret cannot be opened: is this the hub's own master key?",
      {},
      error,
    );
  }
}
