/**
 * `held-digest`: what a database holds between two ids, short enough to be compared over a line.
 */
import { createHash } from "node:crypto";
import type { Database } from "./database.ts";
import { pagesOfIds } from "./every-id.ts";

export interface HeldDigest {
  readonly count: number;
  /** The last id; null for none. */
  readonly last: string | null;
  /** SHA-256 over all ids in order, each followed by a line end, base64url. */
  readonly digest: string;
}

/** Of all ids that begin with `prefix`. Reads ids only, page by page. */
export async function heldDigest(database: Database, prefix: string): Promise<HeldDigest> {
  const hash = createHash("sha256");
  let count = 0;
  let last: string | null = null;
  for await (const page of pagesOfIds(database, prefix)) {
    for (const id of page) hash.update(`${id}\n`);
    count += page.length;
    last = page.at(-1) ?? last;
  }
  return { count, last, digest: hash.digest("base64url") };
}
