/**
 * `crc32c`: the checksum LevelDB keeps beside every block and record (Castagnoli, RFC 3720 B.4), by the
 * processor's own instruction where it has one. Node's own `crc32` is another polynomial.
 */
import { crc32c as sum } from "@node-rs/crc32";

/** CRC-32C of `bytes[from, to)`, unsigned. */
export function crc32c(bytes: Uint8Array, from = 0, to = bytes.length): number {
  return sum(Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from));
}

/** As LevelDB stores it: rotated and shifted, so that a checksum of bytes that hold checksums stays a good one. */
export function maskedCrc32c(bytes: Uint8Array, from = 0, to = bytes.length): number {
  const crc = crc32c(bytes, from, to);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
