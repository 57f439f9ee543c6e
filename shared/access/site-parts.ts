/**
 * `site-parts`: what belongs to one state of a `site`, in a number and a digest, so that a gateway
 * knows whether it has all of it. A pull may run while the hub writes, and a bad line loses the
 * thread: the community's own document says what it stands for.
 */
import { createHash } from "node:crypto";

export interface SiteParts {
  /** Documents beside the community's own. */
  readonly count: number;
  /** SHA-256 over ids and revisions in the order of ids, base64url. */
  readonly digest: string;
}

/** @param docs all of the database, in any order; the community's own document and the engine's do not count */
export function sitePartsOf(
  docs: Iterable<{ readonly _id: string; readonly _rev?: string | undefined }>,
): SiteParts {
  const lines: string[] = [];
  for (const { _id, _rev } of docs)
    if (_id !== "site" && !_id.startsWith("_")) lines.push(`${_id} ${_rev ?? ""}`);
  lines.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const digest = createHash("sha256").update(lines.join("\n")).digest("base64url");
  return { count: lines.length, digest };
}
