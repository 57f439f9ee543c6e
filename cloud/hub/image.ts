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
  /** Those of one `type` and one community (null: of none), as of the last look. */
  heldIn<T extends Doc>(type: string, communityId: unknown): readonly T[];
  /** Those of one `type` as of the last look: for what is read together with something just asked for. */
  held<T extends Doc>(type: string): ReadonlyMap<string, T>;
  /**
   * Changes when a document of one of the types does, or of any where none is named: good as the
   * name of what was computed from them.
   */
  version(...types: readonly string[]): number;
}

/** @param keeps documents it refuses are not held (secrets, what is read one by one) */
export function databaseImage(database: Database, keeps: (doc: Doc) => boolean): Image {
  const docs = new Map<string, Doc>();
  const byType = new Map<unknown, Map<string, Doc>>();
  /** Made when asked for, good until a document of the type changes. */
  const byCommunity = new Map<string, { version: number; docs: Map<unknown, Doc[]> }>();
  let since: string | number | undefined;
  /** How often documents of a type changed; under `undefined` those of all. */
  const versions = new Map<unknown, number>();
  let running: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;

  const versionOf = (type: string | undefined) => versions.get(type) ?? 0;
  const grouped = (type: string) => {
    const known = byCommunity.get(type);
    if (known?.version === versionOf(type)) return known.docs;
    const docs = new Map<unknown, Doc[]>();
    for (const doc of byType.get(type)?.values() ?? []) {
      const same = docs.get(doc.communityId);
      if (same) same.push(doc);
      else docs.set(doc.communityId, [doc]);
    }
    byCommunity.set(type, { version: versionOf(type), docs });
    return docs;
  };
  const changed = ({ type }: Doc) => {
    for (const one of [type, undefined]) versions.set(one, (versions.get(one) ?? 0) + 1);
  };
  const forget = (id: string) => {
    const old = docs.get(id);
    if (!old) return;
    docs.delete(id);
    byType.get(old.type)?.delete(id);
    changed(old);
  };
  const take = (doc: Doc) => {
    forget(doc._id);
    if (!keeps(doc)) return;
    docs.set(doc._id, doc);
    let same = byType.get(doc.type);
    if (!same) byType.set(doc.type, (same = new Map()));
    same.set(doc._id, doc);
    changed(doc);
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
    version: (...types) =>
      (types.length === 0 ? [undefined] : types).reduce((sum, type) => sum + versionOf(type), 0),
    heldIn: <T extends Doc>(type: string, communityId: unknown) =>
      (grouped(type).get(communityId) ?? []) as readonly Doc[] as readonly T[],
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
