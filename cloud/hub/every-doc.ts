/**
 * `every-doc`: reads many documents of a database, page by page, so that memory stays bounded.
 */
import type { Doc, ListOptions, Shelf } from "#shared/couch/database.ts";

const PAGE = 2000;
/** From so many ids on, a stretch is read in one go: asking for each costs a search of its own. */
const MANY = 100;

/** All documents between two ids, inclusive, in the order of their ids. */
export async function* everyDoc<T extends Doc = Doc>(
  database: Shelf,
  { from = "", to }: Pick<ListOptions, "from" | "to"> = {},
): AsyncGenerator<T> {
  for (let next = from; ;) {
    const page = await database.list<T>({
      from: next,
      ...(to === undefined ? {} : { to }),
      limit: PAGE,
    });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    next = `${last._id}\u0000`;
  }
}

/** Those of `ids` that exist, by id. */
export async function docsById<T extends Doc = Doc>(
  database: Shelf,
  ids: readonly string[],
): Promise<Map<string, T>> {
  const found = new Map<string, T>();
  const byKind = new Map<string, string[]>();
  for (const id of ids) {
    const kind = id.slice(0, id.indexOf(":") + 1);
    const same = byKind.get(kind);
    if (same) same.push(id);
    else byKind.set(kind, [id]);
  }
  for (const same of byKind.values()) {
    if (same.length < MANY) {
      for (const doc of await database.getMany<T>(same)) found.set(doc._id, doc);
      continue;
    }
    const wanted = new Set(same);
    const sorted = same.toSorted();
    const stretch = { from: sorted[0] as string, to: sorted.at(-1) as string };
    for await (const doc of everyDoc<T>(database, stretch))
      if (wanted.has(doc._id)) found.set(doc._id, doc);
  }
  return found;
}
