/**
 * `every-id`: the ids of a database that begin alike, page by page, so that memory stays bounded.
 */
import type { Database } from "./database.ts";

const PAGE = 5_000;

/** In the order of ids. No page is empty. */
export async function* pagesOfIds(
  database: Pick<Database, "ids">,
  prefix: string,
): AsyncGenerator<readonly string[]> {
  for (let from = prefix; ;) {
    const page = await database.ids({ from, to: `${prefix}\uffff`, limit: PAGE });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    if (page.length < PAGE) return;
    from = `${last}\u0000`;
  }
}

/** All of them at once: for ids of segments, of which a gateway has some thousands a month. */
export async function everyId(database: Pick<Database, "ids">, prefix: string): Promise<string[]> {
  const all: string[] = [];
  for await (const page of pagesOfIds(database, prefix)) all.push(...page);
  return all;
}
