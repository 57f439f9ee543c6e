/**
 * `snappy`: unpacks a raw Snappy block, for the index blocks of LevelDB's tables.
 *
 * @see google/snappy, format_description.txt
 */
import { readVarint, type Cursor } from "./varint.ts";

/** An index block of a table of 2 MB is some 50 kB. */
const MOST_BYTES = 64 * 1024 * 1024;

/** @throws RangeError for bytes that are no Snappy block */
export function unsnappy(packed: Uint8Array): Uint8Array {
  const cursor: Cursor = { bytes: packed, at: 0 };
  const length = readVarint(cursor);
  if (length > MOST_BYTES) throw new RangeError("a block says it is too large");
  const out = new Uint8Array(length);
  let filled = 0;
  const little = (count: number) => {
    let value = 0;
    for (let i = 0; i < count; i++) value += (packed[cursor.at + i] ?? 0) * 256 ** i;
    cursor.at += count;
    return value;
  };
  while (cursor.at < packed.length) {
    const tag = packed[cursor.at++] as number;
    const kind = tag & 3;
    if (kind === 0) {
      const short = tag >> 2;
      const size = (short < 60 ? short : little(short - 59)) + 1;
      if (cursor.at + size > packed.length || filled + size > length)
        throw new RangeError("a literal is too long");
      out.set(packed.subarray(cursor.at, cursor.at + size), filled);
      cursor.at += size;
      filled += size;
      continue;
    }
    const size = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const back = kind === 1 ? ((tag >> 5) << 8) + little(1) : little(kind === 2 ? 2 : 4);
    if (back === 0 || back > filled || filled + size > length)
      throw new RangeError("a copy reaches outside");
    // Byte by byte: a copy may read what it writes.
    for (let i = 0; i < size; i++, filled++) out[filled] = out[filled - back] as number;
  }
  if (filled !== length) throw new RangeError("a block is cut short");
  return out;
}
