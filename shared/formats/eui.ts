/**
 * `eui`: 64-bit addresses in the spellings servers use: hexadecimal digits of either case, with
 * or without separators, or base64 of the eight bytes (ChirpStack v3, its gateway bridge v3).
 */
import { Fault } from "#shared/model/fault.ts";
import { DeviceId } from "#shared/model/ids.ts";
import { fromBase64 } from "./base64.ts";

const HEX = /^(?:[0-9a-f]{16}|[0-9a-f]{2}([:. -])(?:[0-9a-f]{2}\1){6}[0-9a-f]{2})$/i;

/**
 * 16 lower-case hexadecimal digits.
 *
 * @throws Fault "invalid" naming `field`
 */
export function readEui(text: unknown, field: string): string {
  if (typeof text === "string" && HEX.test(text))
    return text.replaceAll(/[:. -]/g, "").toLowerCase();
  if (typeof text === "string" && (text.length === 11 || text.length === 12)) {
    const bytes = fromBase64(text, field);
    if (bytes.length === 8) return Buffer.from(bytes).toString("hex");
  }
  throw new Fault("invalid", `${field} is no EUI of 16 hexadecimal digits.`, { field });
}

/** A DevEUI, as what telemetry calls the device. */
export function readDeviceId(text: unknown, field: string): DeviceId {
  return DeviceId.parse(readEui(text, field));
}

/** A device address as 8 lower-case hexadecimal digits, or null when it is absent or none. */
export function readDevAddr(text: unknown): string | null {
  if (typeof text !== "string") return null;
  if (/^[0-9a-f]{8}$/i.test(text)) return text.toLowerCase();
  return /^[A-Za-z0-9+/_-]{6}(==)?$/.test(text)
    ? Buffer.from(fromBase64(text, "devAddr")).toString("hex")
    : null;
}
