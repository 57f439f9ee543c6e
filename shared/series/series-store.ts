/**
 * `series-store`: the little that rollups ask of a database. `Database` of `shared/couch` fits it.
 */
export interface StoredDoc {
  readonly _id: string;
  readonly _rev?: string;
  readonly [field: string]: unknown;
}

export interface Written {
  readonly id: string;
  readonly ok: boolean;
  readonly message?: string;
}

export interface SeriesStore {
  get<T extends StoredDoc>(id: string): Promise<T | undefined>;
  getMany<T extends StoredDoc>(ids: readonly string[]): Promise<T[]>;
  list<T extends StoredDoc>(options: {
    from?: string;
    to?: string;
    limit?: number;
    descending?: boolean;
  }): Promise<T[]>;
  bulk(docs: readonly StoredDoc[]): Promise<readonly Written[]>;
  removeMany(docs: readonly Pick<StoredDoc, "_id" | "_rev">[]): Promise<readonly Written[]>;
}
