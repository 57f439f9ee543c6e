/**
 * `asked`: the options and bodies of replication requests, parsed before an engine sees them.
 *
 * PouchDB and CouchDB both stumble over shapes they do not expect; here they are told "bad request".
 */
import { z } from "zod";
import { Fault } from "#shared/model/fault.ts";

/** Longest list in one request, and longest page of a feed. */
const MAX_ITEMS = 10_000;

const Rev = z.string().regex(/^[0-9]{1,10}-[0-9a-f]{1,64}$/);
const Id = z.string().min(1).max(512);
const RevsDiffBody = z
  .record(Id, z.array(Rev).max(1_000))
  .refine((asked) => Object.keys(asked).length <= MAX_ITEMS, `at most ${MAX_ITEMS} documents`);
const BulkDocsBody = z.object({
  docs: z.array(z.unknown()).max(MAX_ITEMS),
  new_edits: z.boolean().default(true),
});
const BulkGetBody = z.object({
  docs: z.array(z.object({ id: Id, rev: Rev.optional() })).max(MAX_ITEMS),
});
const KeysBody = z.object({ keys: z.array(Id).max(MAX_ITEMS) });
const DocIdsBody = z.object({ doc_ids: z.array(Id).max(MAX_ITEMS) });
const CheckpointBody = z.looseObject({
  _id: z.string().optional(),
  _rev: z.string().max(40).optional(),
});

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Fault(
    "invalid",
    `${issue?.path.join(".") || "the request"}: ${issue?.message ?? "is malformed"}`,
  );
}

const isTrue = (query: URLSearchParams, option: string) => query.get(option) === "true";

function whole(query: URLSearchParams, option: string, fallback: number, max: number): number {
  const text = query.get(option);
  if (text === null) return fallback;
  if (!/^[0-9]{1,9}$/.test(text)) throw new Fault("invalid", `${option} has to be a whole number`);
  return Math.min(Number(text), max);
}

/** A JSON string given as an option. */
function text(query: URLSearchParams, option: string): string | undefined {
  const given = query.get(option);
  if (given === null) return undefined;
  try {
    return parsed(z.string(), JSON.parse(given));
  } catch (error) {
    throw new Fault("invalid", `${option} has to be a JSON string`, {}, error);
  }
}

export const askedRevsDiff = (body: unknown) => parsed(RevsDiffBody, body);
export const askedBulkDocs = (body: unknown) => parsed(BulkDocsBody, body);
export const askedBulkGet = (body: unknown) => parsed(BulkGetBody, body);
export const askedCheckpoint = (body: unknown) => parsed(CheckpointBody, body);

export function askedRows(query: URLSearchParams, method: string, body: unknown) {
  const startkey = text(query, "startkey");
  const endkey = text(query, "endkey");
  return {
    include_docs: isTrue(query, "include_docs"),
    ...(method === "POST"
      ? { keys: parsed(KeysBody, body).keys, descending: false }
      : {
          descending: isTrue(query, "descending"),
          limit: whole(query, "limit", MAX_ITEMS, MAX_ITEMS),
          ...(startkey !== undefined && { startkey }),
          ...(endkey !== undefined && { endkey }),
        }),
  };
}

export interface AskedFeed {
  /** As given; each engine knows its own. */
  readonly since: string;
  readonly limit: number;
  readonly style: "main_only" | "all_docs";
  readonly includeDocs: boolean;
  readonly docIds: string[] | undefined;
  readonly isLongpoll: boolean;
  /** How long to wait for a first change, ms. */
  readonly waitMs: number;
  /** A newline this often while waiting, ms; undefined = none. */
  readonly heartbeatMs: number | undefined;
}

/** `maxWaitMs` bounds what may be asked for. */
export function askedFeed(
  query: URLSearchParams,
  method: string,
  body: unknown,
  maxWaitMs: number,
): AskedFeed {
  const feed = query.get("feed") ?? "normal";
  if (feed !== "normal" && feed !== "longpoll")
    throw new Fault("invalid", "feed is normal or longpoll");
  const isFiltered = query.get("filter") !== null;
  if (isFiltered !== (method === "POST") || (isFiltered && query.get("filter") !== "_doc_ids"))
    throw new Fault("invalid", "the only filter is _doc_ids, with its ids in a POST");
  const beat = query.get("heartbeat");
  return {
    since: query.get("since") ?? "0",
    limit: Math.max(1, whole(query, "limit", MAX_ITEMS, MAX_ITEMS)),
    style: query.get("style") === "all_docs" ? "all_docs" : "main_only",
    includeDocs: isTrue(query, "include_docs"),
    docIds: isFiltered ? parsed(DocIdsBody, body).doc_ids : undefined,
    isLongpoll: feed === "longpoll",
    waitMs: whole(query, "timeout", maxWaitMs, maxWaitMs),
    heartbeatMs:
      beat === null || beat === "false"
        ? undefined
        : Math.max(
            1_000,
            beat === "true" ? maxWaitMs : whole(query, "heartbeat", maxWaitMs, maxWaitMs),
          ),
  };
}

/** The options of `GET /{db}/{doc}`. */
export function askedDoc(query: URLSearchParams) {
  const rev = query.get("rev");
  const openRevs = query.get("open_revs");
  let revisions: string[] | "all" | undefined;
  if (openRevs === "all") revisions = "all";
  else if (openRevs !== null) {
    try {
      revisions = parsed(z.array(Rev).max(1_000), JSON.parse(openRevs));
    } catch (error) {
      throw new Fault("invalid", "open_revs has to be all or a JSON list of revisions", {}, error);
    }
  }
  return {
    revs: isTrue(query, "revs"),
    latest: isTrue(query, "latest"),
    conflicts: isTrue(query, "conflicts"),
    ...(rev !== null && { rev: parsed(Rev, rev) }),
    ...(revisions !== undefined && { openRevs: revisions }),
  };
}
