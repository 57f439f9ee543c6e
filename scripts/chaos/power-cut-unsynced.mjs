/**
 * `power-cut-unsynced`: loaded before a gateway, takes the syncs away from its LevelDB: the counter-proof.
 * A power cut that loses nothing then would prove nothing.
 */
import leveldown from "leveldown";

const { prototype } = leveldown;
const { _put, _del, _batch, _chainedBatch } = prototype;
const unsynced = (options) => ({ ...options, sync: false });

prototype._put = function (key, value, options, done) {
  return _put.call(this, key, value, unsynced(options), done);
};
prototype._del = function (key, options, done) {
  return _del.call(this, key, unsynced(options), done);
};
prototype._batch = function (operations, options, done) {
  return _batch.call(this, operations, unsynced(options), done);
};
prototype._chainedBatch = function () {
  const chained = _chainedBatch.call(this);
  const { _write } = chained;
  chained._write = (options, done) => _write.call(chained, unsynced(options), done);
  return chained;
};
