/** `differences`: what of a document changed, for the audit: those fields before and after, no more. */
import { isDeepStrictEqual } from "node:util";

type Fields = Record<string, unknown>;

/** @param unsaid fields of which is only said that they changed: large ones, and what names people */
export function differences<T extends object>(
  before: T,
  after: T,
  unsaid: readonly (keyof T & string)[] = [],
): { before: Fields; after: Fields } {
  const [old, now] = [before as Fields, after as Fields];
  const said: { before: Fields; after: Fields } = { before: {}, after: {} };
  for (const field of new Set([...Object.keys(old), ...Object.keys(now)])) {
    if (field === "_rev" || isDeepStrictEqual(old[field], now[field])) continue;
    const isUnsaid = (unsaid as readonly string[]).includes(field);
    said.before[field] = isUnsaid ? "…" : (old[field] ?? null);
    said.after[field] = isUnsaid ? "changed" : (now[field] ?? null);
  }
  return said;
}
