/**
 * `synced-leveldown`: LevelDB that has written to the disk when it says so.
 *
 * leveldown by itself never asks for an fdatasync, and PouchDB has no option for it: what was
 * acknowledged would be lost in a power cut. Here every put, batch and delete is synced.
 * Must stay named functions with `destroy`: PouchDB keeps its handles by that name.
 */
import leveldown, { type LevelDown } from "leveldown";

let synced = 0;

/** How many synced writes (one fdatasync each) this process has asked LevelDB for since it started. */
export function syncedWrites(): number {
  return synced;
}

const withSync = (options: object) => {
  synced += 1;
  return { ...options, sync: true };
};

/** Opens LevelDB at `location`, as PouchDB's option `db` wants it. */
export function syncedLevelDown(location: string): LevelDown {
  const store = leveldown(location);
  const { _put, _del, _batch, _chainedBatch } = store;
  store._put = (key, value, options, done) => _put.call(store, key, value, withSync(options), done);
  store._del = (key, options, done) => _del.call(store, key, withSync(options), done);
  store._batch = (operations, options, done) =>
    _batch.call(store, operations, withSync(options), done);
  store._chainedBatch = () => {
    const chained = _chainedBatch.call(store);
    const { _write } = chained;
    chained._write = (options, done) => _write.call(chained, withSync(options), done);
    return chained;
  };
  return store;
}

syncedLevelDown.destroy = leveldown.destroy;

/**
 * LevelDB maps each table it has open into memory, 1,000 of 2 MB unless told otherwise: whoever reads
 * through a month's segments holds all of them. These are 64 (the fewest it takes: 10 of 74 are for other
 * files) of half a megabyte; what is not in a table yet fills half a megabyte instead of 4, unpacked blocks 2
 * instead of 8.
 */
const SPARING = {
  maxOpenFiles: 74,
  maxFileSize: 512 * 1024,
  writeBufferSize: 512 * 1024,
  cacheSize: 2 * 1024 * 1024,
};

/** The same for a machine with little memory: at most some 32 MB of each store are mapped at once. */
export function sparingLevelDown(location: string): LevelDown {
  const store = syncedLevelDown(location);
  const { _open } = store;
  store._open = (options, done) => _open.call(store, { ...options, ...SPARING }, done);
  return store;
}

sparingLevelDown.destroy = leveldown.destroy;
