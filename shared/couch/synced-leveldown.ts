/**
 * `synced-leveldown`: LevelDB that has written to the disk when it says so.
 *
 * leveldown by itself never asks for an fdatasync, and PouchDB has no option for it: what was
 * acknowledged would be lost in a power cut. Here every put, batch and delete is synced.
 * Must stay one named function with `destroy`: PouchDB keeps its handles by that name.
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
