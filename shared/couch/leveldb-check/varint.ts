/** `varint`: the numbers in LevelDB's files, seven bits a byte, lowest first. */
export interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

/** @throws RangeError when the bytes end first, or the number is beyond what is exact */
export function readVarint(cursor: Cursor): number {
  let value = 0;
  for (let factor = 1; factor <= 2 ** 49; factor *= 128) {
    const byte = cursor.bytes[cursor.at++];
    if (byte === undefined) throw new RangeError("a number is cut short");
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return value;
  }
  // Sequence numbers of 56 bits end here at the latest; nothing of ours comes near.
  throw new RangeError("a number is too long");
}

/** So many bytes, as told by the number before them. */
export function readSlice(cursor: Cursor): Uint8Array {
  const length = readVarint(cursor);
  const slice = cursor.bytes.subarray(cursor.at, cursor.at + length);
  if (slice.length < length) throw new RangeError("a text is cut short");
  cursor.at += length;
  return slice;
}
