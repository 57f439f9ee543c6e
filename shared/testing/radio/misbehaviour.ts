/**
 * `misbehaviour`: what goes wrong on air or is done on purpose, to a transmission of a simulated device.
 *
 * A duplicate is the same transmission carried twice; a replay is one carried again later; both
 * need nothing from here.
 */
import type { Transmission } from "./simulated-device.ts";

/** The same frame with another integrity code. */
export function wrongMic(transmission: Transmission): Transmission {
  return changed(transmission, (phy) => (phy[phy.length - 1]! ^= 0x01));
}

/** The same frame with a changed byte before its integrity code, as bad luck or a forger makes it. */
export function tampered(transmission: Transmission, at = 9): Transmission {
  return changed(transmission, (phy) => (phy[Math.min(at, phy.length - 5)]! ^= 0x80));
}

/** The frame's first bytes. */
export function cutOff(transmission: Transmission, length: number): Transmission {
  return { ...transmission, phy: transmission.phy.slice(0, length) };
}

function changed(transmission: Transmission, change: (phy: Uint8Array) => void): Transmission {
  const phy = new Uint8Array(transmission.phy);
  change(phy);
  return { ...transmission, phy };
}
