/** `dev-addr`: addresses for devices that join. LoRaWAN 1.0.4 section 6.1.1, NetID types. */
import { Fault } from "#shared/model/fault.ts";

/** How often an address is drawn before one that is taken is given out again: the MIC tells such devices apart. */
const DRAWS = 16;

/**
 * An address of the network: a type 0 prefix (one 0 bit), the NetID's 6 lowest bits, 25 random bits.
 *
 * @param netId 6 hex digits; 000000 and 000001 are for private networks
 * @param random gives that many random bytes
 * @throws Fault "invalid" for a NetID of another type
 */
export function drawDevAddr(
  netId: string,
  random: (bytes: number) => Uint8Array,
  isTaken: (devAddr: string) => boolean,
): string {
  const net = Number.parseInt(netId, 16);
  if (!/^[0-9a-f]{6}$/.test(netId) || net >> 21 !== 0)
    throw new Fault("invalid", `NetID ${netId} is not of type 0`);
  let devAddr = "";
  for (let draw = 0; draw < DRAWS; draw++) {
    const bytes = random(4);
    const low = ((bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!) & 0x1ff_ffff;
    devAddr = (((net & 0x3f) << 25) | low).toString(16).padStart(8, "0");
    if (!isTaken(devAddr)) break;
  }
  return devAddr;
}
