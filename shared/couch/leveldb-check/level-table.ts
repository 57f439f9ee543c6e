/**
 * `level-table`: whether a table of LevelDB (`.ldb`) is whole: each byte of it lies in a block whose
 * checksum is right. LevelDB itself looks at no checksum when it reads, and ends the process over
 * some of what it finds then.
 *
 * @see google/leveldb, doc/table_format.md
 */
import { maskedCrc32c } from "./crc32c.ts";
import { unsnappy } from "./snappy.ts";
import { readVarint, type Cursor } from "./varint.ts";

const FOOTER_BYTES = 48;
/** Kind of packing and checksum, behind each block. */
const TRAILER_BYTES = 5;
const MAGIC = Uint8Array.of(0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb);
const PLAIN = 0;
const SNAPPY = 1;

interface Handle {
  readonly offset: number;
  readonly size: number;
}

/** What is wrong with the table, in words; undefined when it is whole. */
export function damageInTable(bytes: Uint8Array): string | undefined {
  try {
    checkTable(bytes);
    return undefined;
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

function checkTable(bytes: Uint8Array): void {
  if (bytes.length < FOOTER_BYTES) throw new RangeError("a table is cut short");
  const footer: Cursor = { bytes: bytes.subarray(bytes.length - FOOTER_BYTES), at: 0 };
  if (Buffer.compare(footer.bytes.subarray(40), MAGIC) !== 0)
    throw new RangeError("a table has no end");
  const [meta, index] = [readHandle(footer), readHandle(footer)];
  let reached = 0;
  for (const data of handlesIn(blockAt(bytes, index))) {
    if (data.offset !== reached) throw new RangeError("blocks do not follow each other");
    checkBlock(bytes, data);
    reached = data.offset + data.size + TRAILER_BYTES;
  }
  // A block of filters would stand here; PouchDB asks for none.
  if (meta.offset < reached) throw new RangeError("blocks overlap");
  checkBlock(bytes, meta);
  if (index.offset !== meta.offset + meta.size + TRAILER_BYTES)
    throw new RangeError("the index does not follow the blocks");
}

function readHandle(cursor: Cursor): Handle {
  return { offset: readVarint(cursor), size: readVarint(cursor) };
}

function checkBlock(bytes: Uint8Array, { offset, size }: Handle): void {
  const end = offset + size + 1;
  if (end + 4 > bytes.length - FOOTER_BYTES) throw new RangeError("a block reaches beyond the end");
  const stored = new DataView(bytes.buffer, bytes.byteOffset + end, 4).getUint32(0, true);
  if (maskedCrc32c(bytes, offset, end) !== stored)
    throw new RangeError(`the checksum of the block at byte ${offset} is wrong`);
}

function blockAt(bytes: Uint8Array, handle: Handle): Uint8Array {
  checkBlock(bytes, handle);
  const block = bytes.subarray(handle.offset, handle.offset + handle.size);
  const packing = bytes[handle.offset + handle.size];
  if (packing === PLAIN) return block;
  if (packing === SNAPPY) return unsnappy(block);
  throw new RangeError("a block is packed in an unknown way");
}

/** What stands in the blocks that are whole; nothing when the table's index is not. Keys as LevelDB keeps them, with 8 bytes behind each. */
export function entriesOf(bytes: Uint8Array): { key: Uint8Array; value: Uint8Array }[] {
  const found: { key: Uint8Array; value: Uint8Array }[] = [];
  const whole = <T>(read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch (error) {
      if (error instanceof RangeError) return otherwise;
      throw error;
    }
  };
  if (bytes.length < FOOTER_BYTES) return found;
  const footer: Cursor = { bytes: bytes.subarray(bytes.length - FOOTER_BYTES), at: 0 };
  const handles = whole(() => {
    readHandle(footer);
    return handlesIn(blockAt(bytes, readHandle(footer)));
  }, []);
  for (const handle of handles)
    found.push(...whole(() => [...entriesIn(blockAt(bytes, handle))], []));
  return found;
}

/** The values of an index block: where each block of data lies. */
function handlesIn(block: Uint8Array): Handle[] {
  return [...entriesIn(block)].map(({ value }) => readHandle({ bytes: value, at: 0 }));
}

function* entriesIn(block: Uint8Array): Generator<{ key: Uint8Array; value: Uint8Array }> {
  if (block.length < 4) throw new RangeError("an index is cut short");
  const restarts = new DataView(block.buffer, block.byteOffset + block.length - 4, 4);
  const end = block.length - 4 - 4 * restarts.getUint32(0, true);
  const cursor: Cursor = { bytes: block.subarray(0, Math.max(0, end)), at: 0 };
  let key: Uint8Array = new Uint8Array(0);
  while (cursor.at < cursor.bytes.length) {
    const [shared, unshared] = [readVarint(cursor), readVarint(cursor)];
    const valueBytes = readVarint(cursor);
    key = Buffer.concat([
      key.subarray(0, shared),
      cursor.bytes.subarray(cursor.at, (cursor.at += unshared)),
    ]);
    yield { key, value: cursor.bytes.subarray(cursor.at, (cursor.at += valueBytes)) };
  }
}
