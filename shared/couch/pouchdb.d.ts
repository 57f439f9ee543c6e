/**
 * The few PouchDB and leveldown methods this system uses, as measured on PouchDB 9.0.0.
 *
 * Declared here and not taken from a package: the published types drag in the browser's, and a
 * method that does not stand here is one nobody has tried.
 */
declare module "pouchdb" {
  import type { EventEmitter } from "node:events";

  export interface StoredDoc {
    _id: string;
    _rev?: string;
    _deleted?: boolean;
    _revisions?: { start: number; ids: string[] };
    [field: string]: unknown;
  }
  export interface WriteError {
    error?: true | string;
    status?: number;
    name?: string;
    message?: string;
    reason?: string;
    id?: string;
  }
  export type WriteResult =
    | { ok: true; id: string; rev: string }
    | (WriteError & { ok?: undefined });
  export interface AllDocsRow {
    id: string;
    key: string;
    value?: { rev: string; deleted?: boolean };
    doc?: StoredDoc | null;
    error?: string;
  }
  export interface AllDocsOptions {
    startkey?: string;
    endkey?: string;
    keys?: string[];
    descending?: boolean;
    limit?: number;
    include_docs?: boolean;
  }
  export interface ChangeRow {
    id: string;
    seq: number | string;
    deleted?: boolean;
    changes: { rev: string }[];
    doc?: StoredDoc;
  }
  export interface ChangesOptions {
    since: number | string;
    limit: number;
    include_docs?: boolean;
    style?: "main_only" | "all_docs";
    doc_ids?: string[];
  }
  export interface ReplicateOptions {
    batch_size?: number;
    batches_limit?: number;
    /** Where to begin; without it from the last checkpoint. */
    since?: number;
    /** False: neither reads nor writes one. */
    checkpoint?: "source" | "target" | boolean;
    live?: false;
    retry?: false;
  }
  export interface ReplicationResult {
    ok: boolean;
    docs_read: number;
    docs_written: number;
    doc_write_failures: number;
    last_seq: number | string;
  }
  /** A thenable: returned from an async function it would be awaited, so it must never be. */
  export interface Replication extends EventEmitter {
    cancel(): void;
    then<A, B>(
      done: (result: ReplicationResult) => A,
      failed: (error: unknown) => B,
    ): Promise<A | B>;
  }
  export interface OpenRevision {
    ok?: StoredDoc;
    missing?: string;
  }

  class PouchDB {
    constructor(name: string, options: Record<string, unknown>);
    info(): Promise<{ doc_count: number; update_seq: number | string; db_name: string }>;
    compact(): Promise<unknown>;
    get(
      id: string,
      options?: { rev?: string; revs?: boolean; latest?: boolean; conflicts?: boolean },
    ): Promise<StoredDoc>;
    get(
      id: string,
      options: { open_revs: string[] | "all"; revs?: boolean; latest?: boolean },
    ): Promise<OpenRevision[]>;
    put(doc: StoredDoc): Promise<{ ok: true; id: string; rev: string }>;
    bulkDocs(docs: StoredDoc[], options?: { new_edits?: boolean }): Promise<WriteResult[]>;
    remove(id: string, rev: string): Promise<{ ok: true; id: string; rev: string }>;
    allDocs(
      options: AllDocsOptions,
    ): Promise<{ total_rows: number; offset?: number; rows: AllDocsRow[] }>;
    changes(
      options: ChangesOptions,
    ): PromiseLike<{ results: ChangeRow[]; last_seq: number | string }>;
    revsDiff(
      asked: Record<string, string[]>,
    ): Promise<Record<string, { missing: string[]; possible_ancestors?: string[] }>>;
    close(): Promise<void>;
    static plugin(plugin: unknown): typeof PouchDB;
    static replicate(source: PouchDB, target: PouchDB, options: ReplicateOptions): Replication;
  }
  export default PouchDB;
}

declare module "pouchdb-adapter-leveldb" {
  const plugin: unknown;
  export default plugin;
}

declare module "pouchdb-adapter-memory" {
  const plugin: unknown;
  export default plugin;
}

declare module "leveldown" {
  type Done = (error?: Error | null) => void;
  export interface LevelDown {
    readonly location: string;
    open(options: object, done: Done): void;
    close(done: Done): void;
    _put(key: unknown, value: unknown, options: object, done: Done): void;
    _del(key: unknown, options: object, done: Done): void;
    _batch(operations: unknown[], options: object, done: Done): void;
    _open(options: object, done: Done): void;
    _chainedBatch(): { _write(options: object, done: Done): void };
    batch(operations: readonly object[], options: object, done: Done): void;
    /** Undefined for a key that is not there. */
    getMany(
      keys: readonly string[],
      options: { readonly asBuffer: false },
      done: (error?: Error | null, values?: (string | undefined)[]) => void,
    ): void;
    iterator(options: object): LevelIterator;
  }
  export interface LevelIterator {
    next(done: (error?: Error | null, key?: string, value?: string) => void): void;
    end(done: Done): void;
  }
  export interface LevelDownConstructor {
    (location: string): LevelDown;
    destroy(location: string, done: Done): void;
  }
  const leveldown: LevelDownConstructor;
  export default leveldown;
}
