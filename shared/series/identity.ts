/**
 * `identity`: what makes two messages one uplink. The inbox is sieved by it, segments are counted by it.
 */
import { hash } from "node:crypto";
import type { Uplink } from "#shared/model/uplink.ts";

/** The first 64 bits of SHA-256 over port and payload, 16 hex digits. */
export function payloadHash(uplink: Pick<Uplink, "fPort" | "payload">): string {
  const bytes = new Uint8Array(uplink.payload.length + 1);
  bytes[0] = uplink.fPort ?? 0;
  bytes.set(uplink.payload, 1);
  return hash("sha256", bytes, "hex").slice(0, 16);
}

/** The payload's hash as an identity tells it. */
export function hashInIdentity(identity: string): string {
  return identity.slice(identity.lastIndexOf(":") + 1);
}

/**
 * What makes two messages the same uplink: device, LoRaWAN session and 32-bit frame counter with
 * the payload's hash; for sources without counters, the time stands in for them.
 */
export function identityOf(
  uplink: Pick<Uplink, "deviceId" | "session" | "fCnt" | "fPort" | "payload" | "time">,
): string {
  const place =
    uplink.fCnt === null
      ? `@${uplink.time.toString(36)}`
      : `${uplink.session ?? ""}:${uplink.fCnt.toString(16).padStart(8, "0")}`;
  return `${uplink.deviceId}:${place}:${payloadHash(uplink)}`;
}
