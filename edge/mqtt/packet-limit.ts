/**
 * `packet-limit`: looks at the lengths that MQTT packets announce, before their bytes are collected.
 *
 * A packet may announce 256 MB and the broker's parser would keep all of it until it is whole, of
 * anybody, before a password was asked for. Reads no content.
 *
 * @see MQTT 3.1.1, section 2.2 (fixed header: one byte of type, one to four bytes of remaining length)
 */

/** Beyond any message this gateway can make use of. */
export const MOST_PACKET_BYTES = 2_000_000;

/** Follows one connection's bytes; false as soon as a packet is longer than `most`. */
export function packetLimit(most = MOST_PACKET_BYTES): (bytes: Uint8Array) => boolean {
  /** Bytes of the packet that are still to come; of its length, how many digits were read. */
  let [left, length, digits] = [0, 0, -1];
  return (bytes) => {
    for (let at = 0; at < bytes.length;) {
      if (left > 0) {
        const taken = Math.min(left, bytes.length - at);
        left -= taken;
        at += taken;
        continue;
      }
      const byte = bytes[at++] as number;
      if (digits === -1) {
        [length, digits] = [0, 0];
        continue;
      }
      length += (byte & 0x7f) * 128 ** digits++;
      if (length > most || digits > 4) return false;
      if (byte < 0x80) [left, digits] = [length, -1];
    }
    return true;
  };
}
