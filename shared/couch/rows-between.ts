/**
 * `rows-between`: a bounded list of rows by id, in either direction, without the engine's own documents.
 *
 * The engine's documents may stand within the borders and count towards its limit, so another page
 * is asked for until enough are found.
 */
import type { ListOptions } from "./database.ts";
import { isEngineId } from "./document-rules.ts";

/** One request to an engine, in its own order: `startkey` is the larger one when descending. */
export interface RowQuery {
  readonly descending: boolean;
  readonly startkey?: string;
  readonly endkey?: string;
  readonly limit?: number;
}

export async function rowsBetween<R extends { readonly id: string }>(
  { from, to, descending = false, limit }: ListOptions,
  ask: (query: RowQuery) => Promise<readonly R[]>,
): Promise<R[]> {
  const found: R[] = [];
  if (limit !== undefined && limit <= 0) return found;
  let [low, high] = [from, to];
  for (;;) {
    if (
      low !== undefined &&
      high !== undefined &&
      Buffer.compare(Buffer.from(low), Buffer.from(high)) > 0
    )
      return found;
    const [startkey, endkey] = descending ? [high, low] : [low, high];
    const rows = await ask({
      descending,
      ...(startkey !== undefined && { startkey }),
      ...(endkey !== undefined && { endkey }),
      ...(limit !== undefined && { limit: limit + 1 }),
    });
    for (const row of rows) {
      if (found.length === limit) return found;
      if (!isEngineId(row.id) && row.id !== found.at(-1)?.id) found.push(row);
    }
    const last = rows.at(-1);
    if (limit === undefined || !last || rows.length <= limit || found.length === limit)
      return found;
    if (descending) high = last.id;
    else low = last.id;
  }
}
