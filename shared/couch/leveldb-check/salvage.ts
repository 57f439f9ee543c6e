/**
 * `salvage`: the documents of a damaged database that can still be read for certain: each lies in a
 * record or a block whose checksum is right. What cannot be told for certain is left out.
 *
 * Only for documents that are written once: of one that was revised the newest may be what is gone.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readLog } from "./level-log.ts";
import { entriesOf } from "./level-table.ts";
import { readSlice, type Cursor } from "./varint.ts";

/** Where PouchDB keeps documents, by the number of their change. */
const DOCS = Buffer.from("\u00ffby-sequence\u00ff");
/** In front of the puts of a record: a number, and how many there are. */
const BATCH_HEADER_BYTES = 12;
/** Behind each key in a table: its number and kind. */
const KEY_TRAILER_BYTES = 8;
const PUT = 1;

interface Salvaged {
  readonly _id: string;
  readonly _rev: string;
  readonly [field: string]: unknown;
}

/** File by file; the same document may come more than once. Deleted ones are among them, as `_deleted`. */
export async function* salvage(folder: string): AsyncGenerator<Salvaged> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!/\.(ldb|sst|log)$/.test(name)) continue;
    // One that cannot be read at all holds nothing that can be had.
    const bytes = await readFile(join(folder, name)).catch(() => new Uint8Array(0));
    const entries = name.endsWith(".log") ? putsIn(bytes) : entriesOf(bytes).map(withoutTrailer);
    for (const { key, value } of entries) {
      if (!key.subarray(0, DOCS.length).equals(DOCS)) continue;
      const doc = docOf(value);
      if (doc) yield doc;
    }
  }
}

function* putsIn(bytes: Uint8Array): Generator<{ key: Buffer; value: Uint8Array }> {
  for (const record of readLog(bytes, true).records) {
    const cursor: Cursor = { bytes: record, at: BATCH_HEADER_BYTES };
    try {
      while (cursor.at < record.length) {
        const isPut = record[cursor.at++] === PUT;
        const key = readSlice(cursor);
        if (isPut) yield { key: Buffer.from(key), value: readSlice(cursor) };
      }
    } catch (error) {
      // A record that is whole and cannot be read is none of LevelDB's.
      if (!(error instanceof RangeError)) throw error;
    }
  }
}

function withoutTrailer({ key, value }: { key: Uint8Array; value: Uint8Array }) {
  const userKey = key.subarray(0, Math.max(0, key.length - KEY_TRAILER_BYTES));
  return { key: Buffer.from(userKey), value };
}

function docOf(value: Uint8Array): Salvaged | undefined {
  try {
    const doc = JSON.parse(Buffer.from(value).toString("utf8")) as Partial<Salvaged> | null;
    return typeof doc?._id === "string" && typeof doc._rev === "string"
      ? (doc as Salvaged)
      : undefined;
  } catch {
    return undefined;
  }
}
