/**
 * `image`: a database's documents held in memory, brought up to date whenever somebody looks.
 *
 * What one process writes another sees at its next look: nobody has to be told. Meant for
 * databases of masters (an organization, the hub's own), never for telemetry.
 */
import type { Database, Doc } from "#shared/couch/database.ts";
import { everyDoc } from "./every-doc.ts";

const PAGE = 1000;

export interface Image {
  readonly database: Database;
  /** Documents by id, as of a moment after the call. Not to be changed. */
  fresh(): Promise<ReadonlyMap<string, Doc>>;
  /** Those of one `type`, by id. */
  freshOf<T extends Doc>(type: string): Promise<ReadonlyMap<string, T>>;
  /** Those of one `type` as of the last look: for what is read together with something just asked for. */
  held<T extends Doc>(type: string): ReadonlyMap<string, T>;
  /** Changes when a document does: good as the name of what was computed from the image. */
  version(): number;
}

/** @param keeps documents it refuses are not held (secrets, what is read one by one) */
export function databaseImage(database: Database, keeps: (doc: Doc) => boolean): Image {
  const docs = new Map<string, Doc>();
  const byType = new Map<unknown, Map<string, Doc>>();
  let since: string | number | undefined;
  let version = 0;
  let running: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;

  const forget = (id: string) => {
    const old = docs.get(id);
    if (!old) return;
    docs.delete(id);
    byType.get(old.type)?.delete(id);
    version++;
  };
  const take = (doc: Doc) => {
    forget(doc._id);
    if (!keeps(doc)) return;
    docs.set(doc._id, doc);
    let same = byType.get(doc.type);
    if (!same) byType.set(doc.type, (same = new Map()));
    same.set(doc._id, doc);
    version++;
  };
  /** The whole, read in the order of ids: many times as quick as from the first change on. */
  const fill = async () => {
    const { seq } = await database.info();
    for await (const doc of everyDoc(database)) take(doc);
    return seq;
  };
  const pull = async () => {
    since ??= await fill();
    for (;;) {
      const { changes, lastSeq } = await database.changes({ since, limit: PAGE, docs: true });
      for (const { id, doc } of changes)
        if (doc) take(doc);
        else forget(id);
      since = lastSeq;
      if (changes.length < PAGE) return;
    }
  };
  /** A look joins one that has not begun, never one under way: that may have passed its own writes. */
  const refresh = () => {
    waiting ??= running
      .catch(() => {})
      .then(() => {
        waiting = undefined;
        return (running = pull());
      });
    return waiting;
  };
  return {
    database,
    version: () => version,
    held: <T extends Doc>(type: string) =>
      (byType.get(type) ?? new Map()) as ReadonlyMap<string, T>,
    async fresh() {
      await refresh();
      return docs;
    },
    async freshOf<T extends Doc>(type: string) {
      await refresh();
      return (byType.get(type) ?? new Map()) as ReadonlyMap<string, T>;
    },
  };
}
