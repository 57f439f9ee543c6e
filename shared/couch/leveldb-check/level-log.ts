/**
 * `level-log`: the records of a log of LevelDB (`.log`, and `MANIFEST`, which is one), and whether one
 * in its middle is damaged.
 *
 * What a power cut leaves is no damage: a last record that is not all there. Bad bytes with good
 * records behind them are: LevelDB would leave out the rest of that block without a word.
 *
 * @see google/leveldb, doc/log_format.md
 */
import { maskedCrc32c } from "./crc32c.ts";

const BLOCK_BYTES = 32_768;
const HEADER_BYTES = 7;
/** A record in one piece; or its first piece, pieces between (3), and its last. */
const [FULL, FIRST, LAST] = [1, 2, 4];

export interface LogReading {
  readonly records: readonly Uint8Array[];
  /** In words; undefined when the log is whole but for an unfinished end. */
  readonly damage: string | undefined;
  /** True when bytes follow the last good record: a write that was cut off, or damage at the very end. */
  readonly isTorn: boolean;
}

interface Fragment {
  readonly type: number;
  readonly data: Uint8Array;
  readonly end: number;
}

/** @param isSalvage goes on behind what is damaged and gives all records that are whole */
export function readLog(bytes: Uint8Array, isSalvage = false): LogReading {
  const records: Uint8Array[] = [];
  let parts: Uint8Array[] | undefined;
  let bad: number | undefined;
  let damage: string | undefined;
  let at = 0;
  while (at < bytes.length) {
    const leftInBlock = BLOCK_BYTES - (at % BLOCK_BYTES);
    if (leftInBlock < HEADER_BYTES) {
      at += leftInBlock;
      continue;
    }
    const found = fragmentAt(bytes, at, leftInBlock);
    if (!found) {
      // As LevelDB does: the rest of the block is left out, the next one is looked at.
      bad ??= at;
      parts = undefined;
      at += leftInBlock;
      continue;
    }
    damage ??= bad === undefined ? undefined : `what stands at byte ${bad} is no record`;
    if (damage !== undefined && !isSalvage) return { records, damage, isTorn: false };
    at = found.end;
    const isBeginning = found.type === FULL || found.type === FIRST;
    // A record that was begun and never ended, with another behind it; or one without a beginning.
    if (isBeginning !== (parts === undefined)) damage ??= `a record at byte ${at} is not whole`;
    if (damage !== undefined && !isSalvage) return { records, damage, isTorn: false };
    if (isBeginning) parts = [found.data];
    else parts?.push(found.data);
    if (parts && (found.type === FULL || found.type === LAST)) {
      records.push(Buffer.concat(parts));
      parts = undefined;
    }
  }
  const isTorn = parts !== undefined || (bad !== undefined && bytes.subarray(bad).some(Boolean));
  return { records, damage, isTorn };
}

function fragmentAt(bytes: Uint8Array, at: number, leftInBlock: number): Fragment | undefined {
  if (at + HEADER_BYTES > bytes.length) return undefined;
  const header = new DataView(bytes.buffer, bytes.byteOffset + at, HEADER_BYTES);
  const [stored, length, type] = [
    header.getUint32(0, true),
    header.getUint16(4, true),
    header.getUint8(6),
  ];
  const end = at + HEADER_BYTES + length;
  if (type < FULL || type > LAST || HEADER_BYTES + length > leftInBlock || end > bytes.length)
    return undefined;
  if (maskedCrc32c(bytes, at + 6, end) !== stored) return undefined;
  return { type, data: bytes.subarray(at + HEADER_BYTES, end), end };
}
