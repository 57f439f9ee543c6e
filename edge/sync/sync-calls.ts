/**
 * `sync-calls`: the few requests of the replication protocol that documents written once need: what
 * changed, documents by id, and documents as they are.
 */
import { ask, type Fetch, readJson } from "#shared/couch/answer.ts";
import type { Doc } from "#shared/couch/database.ts";
import { Fault } from "#shared/model/fault.ts";

export interface SyncCalls {
  /** Writes documents with their revisions. Resolves with those the hub refused. */
  write(name: string, body: string, timeoutMs: number): Promise<Refused[]>;
  /** Ids written after `since`. @throws Fault "not_found" where there is no such database for us */
  changes(name: string, since: string | number, limit: number): Promise<Changes>;
  docs(name: string, ids: readonly string[]): Promise<Doc[]>;
  /** Ids between two, in order. */
  ids(name: string, from: string, to: string, limit: number): Promise<string[]>;
}

export interface Refused {
  readonly id: string;
  readonly reason: string;
}
export interface Changes {
  readonly ids: readonly string[];
  readonly lastSeq: string | number;
  /** Fewer than asked for: all was told. */
  readonly isLast: boolean;
}

const TIMEOUT_MS = 30_000;

export interface SyncCallsOptions {
  readonly hubUrl: string;
  readonly fetch: Fetch;
  readonly token: () => Promise<string>;
  readonly signal: AbortSignal;
}

export function syncCalls({ hubUrl, fetch, token, signal }: SyncCallsOptions): SyncCalls {
  const call = async <T>(method: string, path: string, body?: string, timeoutMs = TIMEOUT_MS) => {
    const answer = await ask(
      { method, url: `${hubUrl}/sync/${path}`, body },
      {
        fetch,
        timeoutMs,
        signal,
        headers: async () => ({ authorization: `Bearer ${await token()}` }),
      },
    );
    const said = await readJson<T & { error?: string; reason?: string }>(answer);
    if (answer.ok) return said;
    const code =
      answer.status === 404 ? "not_found" : answer.status === 409 ? "conflict" : "invalid";
    throw new Fault(
      code,
      `the hub answered ${answer.status}: ${String(said?.reason).slice(0, 200)}`,
      { status: answer.status },
    );
  };
  const strange = () =>
    new Fault("unavailable", "the answer is not the hub's: it has another form", {
      status: 200,
      isForeign: true,
    });
  return {
    async write(name, body, timeoutMs) {
      const said = await call<unknown>("POST", `${name}/_bulk_docs`, body, timeoutMs);
      if (!Array.isArray(said)) throw strange();
      return (said as { id?: unknown; error?: unknown; reason?: unknown }[]).flatMap(
        ({ id, error, reason }) => {
          if (error === undefined) return [];
          // What the rules refuse is refused for good; all else may pass.
          if (error !== "forbidden")
            throw new Fault(
              "unavailable",
              `the hub could not write: ${String(reason).slice(0, 200)}`,
              { status: 500 },
            );
          return [{ id: String(id), reason: String(reason).slice(0, 300) }];
        },
      );
    },
    async changes(name, since, limit) {
      const query = new URLSearchParams({ since: String(since), limit: String(limit) });
      const { results, last_seq } = await call<{
        results?: { id?: unknown; deleted?: boolean }[];
        last_seq?: string | number;
      }>("GET", `${name}/_changes?${query}`);
      if (!Array.isArray(results) || last_seq === undefined) throw strange();
      return {
        ids: results.flatMap(({ id, deleted }) => (typeof id === "string" && !deleted ? [id] : [])),
        lastSeq: last_seq,
        isLast: results.length < limit,
      };
    },
    async docs(name, ids) {
      const { rows } = await call<{ rows?: { doc?: Doc | null }[] }>(
        "POST",
        `${name}/_all_docs?include_docs=true`,
        JSON.stringify({ keys: ids }),
      );
      // Each key has its row, also one of which there is no document.
      if (!Array.isArray(rows) || rows.length !== ids.length) throw strange();
      return rows.flatMap(({ doc }) => (doc ? [doc] : []));
    },
    async ids(name, from, to, limit) {
      const query = new URLSearchParams({
        startkey: JSON.stringify(from),
        endkey: JSON.stringify(to),
        limit: String(limit),
      });
      const { rows } = await call<{ rows?: { id?: unknown }[] }>(
        "GET",
        `${name}/_all_docs?${query}`,
      );
      if (!Array.isArray(rows)) throw strange();
      return rows.flatMap(({ id }) => (typeof id === "string" ? [id] : []));
    },
  };
}
