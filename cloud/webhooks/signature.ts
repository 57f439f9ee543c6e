/**
 * `signature`: signs what is sent as Standard Webhooks has it, so that receivers can tell it is from
 * this hub, whole and not old.
 *
 * @see https://www.standardwebhooks.com, "Signature scheme" (symmetric, v1)
 */
import { createHmac } from "node:crypto";

/** A new secret: `whsec_` and 32 bytes in base64. */
export function newWebhookSecret(random: (size: number) => Uint8Array): string {
  return `whsec_${Buffer.from(random(32)).toString("base64")}`;
}

/**
 * The three headers of a delivery.
 *
 * @param id of the message: the same for every try
 * @param atMs when this try is made, epoch ms; sent in seconds
 */
export function signedHeaders(
  secret: string,
  id: string,
  atMs: number,
  body: string,
): Record<string, string> {
  const timestamp = String(Math.floor(atMs / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const mac = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${mac}`,
  };
}
