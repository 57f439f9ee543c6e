/**
 * `database`: what this system asks of a document store, and nothing more.
 *
 * Implemented by synced LevelDB, by memory (tests) and by CouchDB's HTTP interface (a real
 * CouchDB 3, or the hub's own `/sync` endpoint). One contract suite, `conformance.ts`, runs on all.
 * Nothing outside `shared/couch` knows PouchDB.
 */

/** A document as stored. `_id` is its name, `_rev` its revision. */
export interface Doc {
  readonly _id: string;
  readonly _rev?: string;
  readonly [field: string]: unknown;
}

/** What became of one document of a `bulk`, in the order given. */
export type BulkOutcome =
  | { readonly id: string; readonly ok: true; readonly rev: string }
  | {
      readonly id: string;
      readonly ok: false;
      readonly reason: "conflict" | "forbidden" | "failed";
      readonly message: string;
    };

export interface ListOptions {
  /** Inclusive borders of the ids, in the order of their UTF-8 bytes, smaller first also when `descending`. */
  readonly from?: string;
  readonly to?: string;
  readonly descending?: boolean;
  readonly limit?: number;
}

export interface Change {
  readonly id: string;
  /** Opaque: only good as the next `since` of the same database. */
  readonly seq: string | number;
  readonly isDeleted: boolean;
  readonly doc?: Doc;
}

export interface ChangesOptions {
  /** 0 from the beginning. */
  readonly since: string | number;
  /** Always bounded: an unbounded feed keeps everything in memory. */
  readonly limit: number;
  readonly docs?: boolean;
  /** Waits up to this long for a first change when there is none, ms. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
}

export interface Database {
  readonly name: string;
  /** The document, or undefined when there is none or it was deleted. */
  get<T extends Doc = Doc>(id: string): Promise<T | undefined>;
  /** Those of `ids` that exist, in the order asked. */
  getMany<T extends Doc = Doc>(ids: readonly string[]): Promise<T[]>;
  /** Documents by id, in id order. */
  list<T extends Doc = Doc>(options?: ListOptions): Promise<T[]>;
  /** Ids only, in id order. */
  ids(options?: ListOptions): Promise<string[]>;
  /**
   * Writes one document and resolves when it is durable (fsynced on LevelDB).
   * @throws Fault "conflict" when the stored revision is another one
   */
  put(doc: Doc): Promise<{ rev: string }>;
  /** Writes many with one sync; documents succeed or fail one by one. Durable when resolved. */
  bulk(docs: readonly Doc[]): Promise<BulkOutcome[]>;
  /** Writes documents with the revisions they carry, as they come out of a backup. Durable when resolved. */
  take(docs: readonly Doc[]): Promise<void>;
  /** Deletes one revision. @throws Fault "conflict" | "not_found" */
  remove(id: string, rev: string): Promise<void>;
  /** Deletes many revisions with one sync; they succeed or fail one by one. For derived stores: a tombstone stays of each. */
  removeMany(docs: readonly Pick<Doc, "_id" | "_rev">[]): Promise<BulkOutcome[]>;
  changes(options: ChangesOptions): Promise<{ changes: Change[]; lastSeq: string | number }>;
  /** Living documents, and the position of the newest change. */
  info(): Promise<{ docs: number; seq: string | number }>;
  /**
   * Lets the engine give back what it holds in memory of it, where nobody works on it any more; it is
   * used on as before. For whoever has read through much of it.
   */
  rest(): Promise<void>;
  /** Gives the handle back. What is under way is finished first. */
  close(): Promise<void>;
}

/** What became of one document of a shelf, in the order given. */
export type ShelfOutcome =
  | { readonly id: string; readonly ok: true }
  | { readonly id: string; readonly ok: false; readonly message: string };

/**
 * Documents that are derived from others and may be thrown away and made again: one writer, so no
 * revisions; nobody follows them, so no feed. A `Database` is one as well.
 */
export interface Shelf extends Pick<Database, "name" | "get" | "getMany" | "list" | "ids"> {
  /** Writes many with one sync, whatever stood there. Durable when resolved. */
  bulk(docs: readonly Doc[]): Promise<readonly ShelfOutcome[]>;
  /** Removes many with one sync; no error for one that is not there. */
  removeMany(docs: readonly Pick<Doc, "_id" | "_rev">[]): Promise<readonly ShelfOutcome[]>;
}

/** A place with databases in it. */
export interface Databases {
  /** Opens the database, making it when there is none. Many callers may hold it; it is closed by last use. */
  open(name: string): Promise<Database>;
  /** Opens a shelf, making it when there is none. A name is a database's or a shelf's for good. */
  openShelf(name: string): Promise<Shelf>;
  /** Opens it only when there is one. */
  openExisting(name: string): Promise<Database | undefined>;
  /** All names, sorted. */
  names(): Promise<string[]>;
  /** Lets go of old revisions and of what was removed, as far as the engine keeps any. */
  compact(name: string): Promise<void>;
  /** Destroys it with all its content; no error when there is none. */
  destroy(name: string): Promise<void>;
  /** Closes everything. */
  close(): Promise<void>;
}
