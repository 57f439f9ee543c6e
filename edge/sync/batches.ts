/**
 * `batches`: how much goes to the hub in one request: by bytes, never by number, because a line has
 * a rate and a proxy has a limit. Pure.
 */
import type { Doc } from "#shared/couch/database.ts";

/** A request takes about this long on the line: news waits for no longer behind it, ms. */
const WANTED_MS = 4_000;
const LEAST_BYTES = 16_000;
export const FIRST_BYTES = 256_000;
export const MOST_BYTES = 2_000_000;

/** The next batch's size, after one of `bytes` took `tookMs`. Grows by half at most, so that one lucky request means little. */
export function nextBytes(bytes: number, tookMs: number): number {
  const fitting = (bytes / Math.max(tookMs, 1)) * WANTED_MS;
  return Math.round(Math.max(LEAST_BYTES, Math.min(MOST_BYTES, fitting, bytes * 1.5)));
}

/** After "too large" (413). */
export function halved(bytes: number): number {
  return Math.max(1, Math.floor(bytes / 2));
}

/** How long a request of so many bytes may take: 30 s, and the time a line of 2 kB/s needs, ms. */
export function patienceFor(bytes: number): number {
  return 30_000 + Math.round(bytes / 2);
}

/** A document as replication writes it: a revision `1-abc` is told with the path that led to it. */
export function onTheLine(doc: Doc): string {
  const [start, hash] = (doc._rev ?? "").split("-");
  return JSON.stringify({ ...doc, _revisions: { start: Number(start), ids: [hash] } });
}

/** The body of `_bulk_docs`. */
export function bodyOf(lines: readonly string[]): string {
  return `{"new_edits":false,"docs":[${lines.join(",")}]}`;
}
