/**
 * `identity`: what makes two messages one uplink. The inbox is sieved by it, segments are counted by it.
 */
import { createHash } from "node:crypto";
import type { Uplink } from "#shared/model/uplink.ts";

/** The first 64 bits of SHA-256 over port and payload, 16 hex digits. */
export function payloadHash(uplink: Pick<Uplink, "fPort" | "payload">): string {
  return createHash("sha256")
    .update(Uint8Array.of(uplink.fPort ?? 0))
    .update(uplink.payload)
    .digest("hex")
    .slice(0, 16);
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
