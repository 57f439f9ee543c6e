/**
 * `map-store`: the little that rollups ask of a database, in a map whose whole content can be
 * compared; and months of segments that arrive when a test wants. The real ones pass the contract
 * suite of `shared/couch`.
 */
import { setImmediate } from "node:timers/promises";
import type { SegmentDoc } from "#shared/model/segment.ts";
import type { SegmentSource } from "#shared/series/rollup-worker.ts";
import type { SeriesStore, StoredDoc } from "#shared/series/series-store.ts";

export interface MapStore extends SeriesStore {
  readonly docs: Map<string, StoredDoc>;
  /** All documents without revisions, as one text. */
  contents(): string;
  /** Writes fail from the one after so many on, as when the power goes; undefined: never. */
  failAfter: number | undefined;
}

const byId = (a: StoredDoc, b: StoredDoc) => (a._id < b._id ? -1 : 1);

export function mapStore(): MapStore {
  const docs = new Map<string, StoredDoc>();
  const written = () => {
    if (store.failAfter === undefined) return;
    if (store.failAfter <= 0) throw new Error("the power went");
    store.failAfter--;
  };
  const store: MapStore = {
    docs,
    failAfter: undefined,
    contents: () => JSON.stringify([...docs.values()].sort(byId)),
    get: async <T extends StoredDoc>(id: string) => docs.get(id) as T | undefined,
    getMany: async <T extends StoredDoc>(ids: readonly string[]) =>
      ids.flatMap((id) => (docs.get(id) as T | undefined) ?? []),
    async list<T extends StoredDoc>({
      from = "",
      to = "\uffff",
      limit = Infinity,
      descending = false,
    }) {
      const found = [...docs.values()].filter(({ _id }) => from <= _id && _id <= to).sort(byId);
      return (descending ? found.reverse() : found).slice(0, limit) as unknown as T[];
    },
    async bulk(some) {
      written();
      for (const { _rev: _, ...doc } of some) docs.set(doc._id, structuredClone(doc) as StoredDoc);
      return some.map(({ _id }) => ({ id: _id, ok: true }));
    },
    async removeMany(some) {
      written();
      for (const { _id } of some) docs.delete(_id);
      return some.map(({ _id }) => ({ id: _id, ok: true }));
    },
  };
  return store;
}

export interface MapSource extends SegmentSource {
  /** One more segment has come. */
  arrive(doc: SegmentDoc): void;
}

export function mapSource(name: string): MapSource {
  const feed: SegmentDoc[] = [];
  return {
    name,
    arrive(doc) {
      feed.push(doc);
    },
    async ids({ from = "", to = "\uffff", descending = false, limit = Infinity }) {
      const ids = feed.map(({ _id }) => _id).filter((id) => from <= id && id <= to);
      const ordered = [...new Set(ids)].sort();
      return (descending ? ordered.reverse() : ordered).slice(0, limit);
    },
    getMany: async <T extends StoredDoc>(ids: readonly string[]) =>
      ids.flatMap((id) => (feed.find(({ _id }) => _id === id) as unknown as T | undefined) ?? []),
    info: async () => ({ seq: feed.length }),
    async changes({ since, limit, waitMs = 0, signal }) {
      // Nothing comes by itself: whoever waits is told when the test has it ask again.
      while (waitMs > 0 && !signal?.aborted && feed.length <= Number(since)) await setImmediate();
      const changes = feed
        .slice(Number(since), Number(since) + limit)
        .map(({ _id: id }) => ({ id }));
      return { changes, lastSeq: Number(since) + changes.length };
    },
  };
}
