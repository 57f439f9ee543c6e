/**
 * `crc32c`: the checksum LevelDB keeps beside every block and record (Castagnoli, RFC 3720 B.4),
 * eight bytes a step. Node's own `crc32` is another polynomial.
 */
const POLYNOMIAL = 0x82f63b78;

/** `TABLES[k * 256 + byte]`: the byte's share when k more bytes follow it. */
const TABLES = (() => {
  const tables = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    tables[byte] = crc;
  }
  for (let byte = 0; byte < 256; byte++)
    for (let k = 1; k < 8; k++) {
      const before = tables[(k - 1) * 256 + byte] as number;
      tables[k * 256 + byte] = (before >>> 8) ^ (tables[before & 0xff] as number);
    }
  return tables;
})();

/** CRC-32C of `bytes[from, to)`, unsigned. */
export function crc32c(bytes: Uint8Array, from = 0, to = bytes.length): number {
  const t = TABLES as { readonly [index: number]: number };
  const b = bytes as { readonly [index: number]: number };
  let crc = -1;
  let at = from;
  for (const last = to - 8; at <= last; at += 8) {
    const low = crc ^ (b[at]! | (b[at + 1]! << 8) | (b[at + 2]! << 16) | (b[at + 3]! << 24));
    crc =
      t[1792 + (low & 0xff)]! ^
      t[1536 + ((low >>> 8) & 0xff)]! ^
      t[1280 + ((low >>> 16) & 0xff)]! ^
      t[1024 + (low >>> 24)]! ^
      t[768 + b[at + 4]!]! ^
      t[512 + b[at + 5]!]! ^
      t[256 + b[at + 6]!]! ^
      t[b[at + 7]!]!;
  }
  for (; at < to; at++) crc = (crc >>> 8) ^ t[(crc ^ b[at]!) & 0xff]!;
  return ~crc >>> 0;
}

/** As LevelDB stores it: rotated and shifted, so that a checksum of bytes that hold checksums stays a good one. */
export function maskedCrc32c(bytes: Uint8Array, from = 0, to = bytes.length): number {
  const crc = crc32c(bytes, from, to);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
