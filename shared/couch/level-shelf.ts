/**
 * `level-shelf`: the `Shelf` contract over one synced LevelDB, a document's id as the key and its JSON
 * as the value.
 *
 * For what can be made again: without revisions a write costs a tenth of PouchDB's, and what is
 * removed leaves nothing behind. A batch is written whole or not at all, and synced.
 */
import type { LevelDown } from "leveldown";
import { Fault } from "#shared/model/fault.ts";
import type { Doc, ListOptions, Shelf, ShelfOutcome } from "./database.ts";
import { checkId, refusedDoc } from "./document-rules.ts";

/** Lends the open store for the time of `work`. */
export type LendLevel = <T>(work: (level: LevelDown) => Promise<T>) => Promise<T>;

/** Read ahead by an iterator, bytes: a day of readings is about 1 kB. */
const READ_AHEAD_BYTES = 256 * 1024;
/** The file that tells a shelf's folder from one that PouchDB wrote: neither may open the other's. */
export const SHELF_MARK = "SHELF";
const AS_TEXT = { asBuffer: false } as const;

const settled = <T>(ask: (done: (error?: Error | null, value?: T) => void) => void): Promise<T> =>
  new Promise((resolve, reject) =>
    ask((error, value) => (error ? reject(error) : resolve(value as T))),
  );

/** Opens the store of a shelf. Its folder says that it is one: see `SHELF_MARK`. */
export async function openLevelShelf(level: LevelDown): Promise<LevelDown> {
  await settled<void>((done) => level.open({}, done));
  return level;
}

/** Writes to a new store and takes it back, so that its first files are on the disk. */
export const beginLevelShelf = async (level: LevelDown): Promise<void> => {
  const key = "begun";
  await settled<void>((done) => level.batch([{ type: "put", key, value: "" }], {}, done));
  await settled<void>((done) => level.batch([{ type: "del", key }], {}, done));
};

export const closeLevelShelf = (level: LevelDown): Promise<void> =>
  settled<void>((done) => level.close(done));

type Row = readonly [id: string, json: string];

/** Rows by id, both borders inclusive, in the order of the ids' UTF-8 bytes. */
async function rows(
  level: LevelDown,
  { from, to, descending = false, limit, keysOnly }: ListOptions & { readonly keysOnly: boolean },
): Promise<Row[]> {
  const iterator = level.iterator({
    // The borders are read as text; an empty one would be no border at all.
    ...(from !== undefined && from !== "" && { gte: from }),
    ...(to !== undefined && { lte: to }),
    reverse: descending,
    limit: limit ?? -1,
    keyAsBuffer: false,
    valueAsBuffer: false,
    values: !keysOnly,
    highWaterMark: READ_AHEAD_BYTES,
  });
  try {
    const found: Row[] = [];
    for (;;) {
      const row = await new Promise<Row | undefined>((resolve, reject) =>
        iterator.next((error?: Error | null, id?: string, json?: string) => {
          if (error) reject(error);
          else resolve(id === undefined ? undefined : [id, json ?? ""]);
        }),
      );
      if (!row) return found;
      found.push(row);
    }
  } finally {
    await settled<void>((done) => iterator.end(done));
  }
}

export function levelShelf(name: string, lend: LendLevel): Shelf {
  const run = async <T>(work: (level: LevelDown) => Promise<T>): Promise<T> => {
    try {
      return await lend(work);
    } catch (error) {
      if (error instanceof Fault) throw error;
      const message = `the database cannot be used: ${(error as Error).message}`;
      throw new Fault("unavailable", message, {}, error);
    }
  };
  const listed = (options: ListOptions, keysOnly: boolean) =>
    (options.limit !== undefined && options.limit <= 0) || options.to === ""
      ? Promise.resolve([])
      : run((level) => rows(level, { ...options, keysOnly }));
  const getMany = async <T extends Doc>(ids: readonly string[]): Promise<T[]> => {
    ids.forEach(checkId);
    if (ids.length === 0) return [];
    const found = await run((level) =>
      settled<(string | undefined)[]>((done) => level.getMany([...ids], AS_TEXT, done)),
    );
    return found.flatMap((json) => (json === undefined ? [] : [JSON.parse(json) as T]));
  };
  /** What cannot be written is told apart; the others go into one synced batch. */
  const write = async (
    docs: readonly Doc[],
    operation: (doc: Doc) => object,
  ): Promise<ShelfOutcome[]> => {
    const outcomes = docs.map((doc): ShelfOutcome => {
      const message = refusedDoc(doc);
      return message ? { id: doc._id, ok: false, message } : { id: doc._id, ok: true };
    });
    const operations = docs.flatMap((doc, i) => (outcomes[i]?.ok ? [operation(doc)] : []));
    if (operations.length > 0)
      await run((level) => settled<void>((done) => level.batch(operations, {}, done)));
    return outcomes;
  };
  return {
    name,
    get: async <T extends Doc>(id: string) => (await getMany<T>([id]))[0],
    getMany,
    list: async <T extends Doc>(options: ListOptions = {}) =>
      (await listed(options, false)).map(([, json]) => JSON.parse(json) as T),
    ids: async (options: ListOptions = {}) => (await listed(options, true)).map(([id]) => id),
    bulk: (docs) =>
      write(docs, (doc) => ({ type: "put", key: doc._id, value: JSON.stringify(doc) })),
    removeMany: (docs) => write(docs, ({ _id }) => ({ type: "del", key: _id })),
  };
}
