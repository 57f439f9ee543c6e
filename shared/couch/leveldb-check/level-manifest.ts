/**
 * `level-manifest`: which tables a LevelDB consists of, and which log it goes on with, by its manifest.
 *
 * @see google/leveldb, db/version_edit.cc
 */
import { readSlice, readVarint, type Cursor } from "./varint.ts";

export interface Manifest {
  /** Size by file number. */
  readonly tables: ReadonlyMap<number, number>;
  /** Logs with a smaller number are not needed. 0 in a store that was never opened again. */
  readonly logNumber: number;
}

/** @throws RangeError for a record of no known kind */
export function manifestOf(records: readonly Uint8Array[]): Manifest {
  const tables = new Map<number, number>();
  let logNumber = 0;
  for (const bytes of records) {
    const cursor: Cursor = { bytes, at: 0 };
    while (cursor.at < bytes.length) {
      const tag = readVarint(cursor);
      if (tag === 1) readSlice(cursor);
      else if (tag === 2) logNumber = readVarint(cursor);
      else if (tag === 3 || tag === 4 || tag === 9) readVarint(cursor);
      else if (tag === 5) {
        readVarint(cursor);
        readSlice(cursor);
      } else if (tag === 6) {
        readVarint(cursor);
        tables.delete(readVarint(cursor));
      } else if (tag === 7) {
        readVarint(cursor);
        const [number, size] = [readVarint(cursor), readVarint(cursor)];
        readSlice(cursor);
        readSlice(cursor);
        tables.set(number, size);
      } else throw new RangeError(`a manifest says ${tag}`);
    }
  }
  return { tables, logNumber };
}
