/**
 * `sync-request`: what a replicating gateway may ask at all, as one list. What does not stand in it
 * does not exist.
 *
 * A request is taken apart here and put together again by the engines from the parts: no text of
 * the caller's URL goes any further. Database names are taken letter by letter, never decoded.
 */
import { parseDatabaseName, type DatabaseName } from "#shared/model/database-names.ts";

export type SyncOperation =
  | "welcome"
  | "info"
  | "create"
  | "getLocal"
  | "putLocal"
  | "revsDiff"
  | "bulkDocs"
  | "bulkGet"
  | "changes"
  | "allDocs"
  | "commit"
  | "get";

export interface SyncRequest {
  readonly operation: SyncOperation;
  readonly method: string;
  /** Empty for "welcome". */
  readonly name: string;
  readonly database?: DatabaseName;
  /** The decoded id of a document, or of a checkpoint without `_local/`. */
  readonly id: string;
  /** Only the options that stand in the list. */
  readonly query: URLSearchParams;
}

const FEED = ["since", "limit", "style", "feed", "timeout", "heartbeat", "include_docs", "filter"];
const ROWS = ["startkey", "endkey", "include_docs", "descending", "limit"];

/** Method and path below the database → operation and its options. */
const OPERATIONS: readonly (readonly [string, RegExp, SyncOperation, readonly string[]])[] = [
  ["GET", /^$/, "info", []],
  ["PUT", /^$/, "create", []],
  ["GET", /^_local\/(?<id>[^/]+)$/, "getLocal", []],
  ["PUT", /^_local\/(?<id>[^/]+)$/, "putLocal", []],
  ["POST", /^_revs_diff$/, "revsDiff", []],
  ["POST", /^_bulk_docs$/, "bulkDocs", []],
  ["POST", /^_bulk_get$/, "bulkGet", ["revs", "latest"]],
  ["GET", /^_changes$/, "changes", FEED],
  ["POST", /^_changes$/, "changes", FEED],
  ["GET", /^_all_docs$/, "allDocs", ROWS],
  ["POST", /^_all_docs$/, "allDocs", ROWS],
  ["POST", /^_ensure_full_commit$/, "commit", []],
  ["GET", /^(?<id>[^_/][^/]*)$/, "get", ["rev", "revs", "open_revs", "latest", "conflicts"]],
];
const CHECKPOINT_ID = /^[A-Za-z0-9._=~+-]{1,128}$/;

/** Takes apart method and URL below `prefix` (such as `/sync`), or undefined for what is not in the list. */
export function parseSyncRequest(
  method: string,
  url: URL,
  prefix: string,
): SyncRequest | undefined {
  const path = url.pathname;
  if (path !== prefix && !path.startsWith(`${prefix}/`)) return undefined;
  const below = path.slice(prefix.length + 1);
  if (below === "")
    return method === "GET"
      ? { operation: "welcome", method, name: "", id: "", query: new URLSearchParams() }
      : undefined;
  const slash = below.indexOf("/");
  const name = slash === -1 ? below : below.slice(0, slash);
  const database = parseDatabaseName(name);
  if (!database) return undefined;
  const rest = slash === -1 ? "" : below.slice(slash + 1);
  for (const [wanted, pattern, operation, options] of OPERATIONS) {
    if (wanted !== method) continue;
    const match = pattern.exec(rest);
    if (!match) continue;
    const id = decoded(match.groups?.id ?? "");
    if (id === undefined || id.length > 512) return undefined;
    // A checkpoint's name is a digest in base 64 with _ for +: it may begin with one.
    const isGood = operation.endsWith("Local") ? CHECKPOINT_ID.test(id) : !id.startsWith("_");
    if (!isGood) return undefined;
    const query = new URLSearchParams();
    for (const option of options) {
      const value = url.searchParams.get(option);
      if (value !== null && value.length <= 8_192) query.set(option, value);
    }
    return { operation, method, name, database, id, query };
  }
  return undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
