/**
 * `replication-endpoint`: CouchDB's replication protocol over the embedded engine's databases.
 *
 * It serves what `sync-door` has admitted and decides nothing about who may; what may be written is
 * the word of the rule it is given.
 */
import type { ReplicationPeer } from "#shared/couch/replication-peer.ts";
import type { Clock } from "#shared/model/clock.ts";
import { Fault } from "#shared/model/fault.ts";
import {
  askedBulkDocs,
  askedBulkGet,
  askedCheckpoint,
  askedDoc,
  askedFeed,
  askedRevsDiff,
  askedRows,
} from "./asked.ts";
import type { SyncGate } from "./engine.ts";
import { type Admitted, FEED_LIFE_MS, json, noSuchDatabase } from "./sync-door.ts";
import type { UserContext } from "./validate.ts";

export interface EndpointOptions {
  readonly peer: ReplicationPeer;
  readonly gate: SyncGate;
  readonly clock: Clock;
  /** Why a document may not be written, or undefined. */
  readonly rule: (
    newDoc: object,
    oldDoc: object | null,
    userCtx: UserContext,
  ) => string | undefined;
}

/** JSON that is made while it is sent, so that a large answer is never held whole. */
function streamed(parts: AsyncGenerator<string>): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await parts.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      } catch (error) {
        controller.error(error);
      }
    },
    async cancel() {
      await parts.return(undefined);
    },
  });
  return new Response(body, { headers: { "content-type": "application/json" } });
}

export function replicationEndpoint({ peer, gate, clock, rule }: EndpointOptions) {
  async function bulkDocs({ name, gateway, body }: Admitted): Promise<Response> {
    const { docs, new_edits: newEdits } = askedBulkDocs(body);
    const userCtx: UserContext = { db: name, name: gateway.gatewayId, roles: [] };
    const judge = (newDoc: object, oldDoc: object | null) => rule(newDoc, oldDoc, userCtx);
    const answers = await peer.bulkDocs(name, { docs, newEdits, judge });
    const refused = answers.filter(
      (answer) => "error" in answer && answer.error === "forbidden",
    ).length;
    if (refused > 0) gate.tally?.refused("replication_denied", refused);
    if (answers.some((answer) => "ok" in answer)) gate.onWritten?.(name);
    return json(201, newEdits ? answers : answers.filter((answer) => "error" in answer));
  }

  async function* bulkGet({ name, query, body, signal }: Admitted): AsyncGenerator<string> {
    const latest = query.get("latest") === "true";
    const revs = query.get("revs") === "true";
    yield '{"results":[';
    let isFirst = true;
    for (const { id, rev } of askedBulkGet(body).docs) {
      if (signal.aborted) return;
      const openRevs = rev === undefined ? undefined : [rev];
      const missing = { error: { id, rev, error: "not_found", reason: "missing" } };
      const found = await peer
        .get(name, id, { revs, latest, ...(openRevs && { openRevs }) })
        .catch((error: unknown) => {
          if (error instanceof Fault && error.details.isDocument === true) return undefined;
          throw error;
        });
      const list = (openRevs ? found : found && [{ ok: found }]) as { ok?: object }[] | undefined;
      const docs = (list ?? [{}]).map((one) => (one.ok ? { ok: one.ok } : missing));
      yield `${isFirst ? "" : ","}${JSON.stringify({ id, docs })}`;
      isFirst = false;
    }
    yield "]}\n";
  }

  async function changes({
    name,
    method,
    query,
    body,
    gateway,
    signal,
  }: Admitted): Promise<Response> {
    const endMs = Math.min(clock.now() + FEED_LIFE_MS, gateway.expMs);
    const asked = askedFeed(query, method, body, Math.max(0, endMs - clock.now()));
    if (asked.since !== "now" && !/^[0-9]{1,15}$/.test(asked.since))
      throw new Fault("invalid", "since is not of this database");
    const since = asked.since === "now" ? "now" : Number(asked.since);
    const ear = peer.listen(name);
    const first = await peer.changes(name, { ...asked, since }).catch((error: unknown) => {
      ear.leave();
      throw error;
    });
    if (!asked.isLongpoll || first.results.length > 0) {
      ear.leave();
      return json(200, first);
    }
    const untilMs = clock.now() + asked.waitMs;
    const wait = async function* (): AsyncGenerator<string> {
      let hears = ear;
      try {
        let page = first;
        while (page.results.length === 0 && !signal.aborted) {
          const leftMs = untilMs - clock.now();
          if (leftMs <= 0) break;
          if (!(await hears.within(Math.min(asked.heartbeatMs ?? leftMs, leftMs), signal))) {
            if (asked.heartbeatMs !== undefined) yield "\n";
            continue;
          }
          hears.leave();
          hears = peer.listen(name);
          page = await peer.changes(name, { ...asked, since: Number(page.last_seq) });
        }
        yield `${JSON.stringify(page)}\n`;
      } finally {
        hears.leave();
      }
    };
    return streamed(wait());
  }

  async function getLocal({ name, id }: Admitted): Promise<Response> {
    return json(200, await peer.getLocal(name, id));
  }

  return async function serve(admitted: Admitted): Promise<Response> {
    const { operation, name, id, query, method, body } = admitted;
    // What it would say of a missing database must not depend on what was asked of it.
    const info = await peer.info(name);
    switch (operation) {
      case "info":
        return json(200, info);
      case "create":
        return json(412, { error: "file_exists", reason: "The database is there already." });
      case "getLocal":
        return getLocal(admitted);
      case "putLocal":
        return json(201, await peer.putLocal(name, id, askedCheckpoint(body)));
      case "revsDiff":
        return json(200, await peer.revsDiff(name, askedRevsDiff(body)));
      case "bulkDocs":
        return bulkDocs(admitted);
      case "bulkGet":
        askedBulkGet(body);
        return streamed(bulkGet(admitted));
      case "changes":
        return changes(admitted);
      case "allDocs":
        return json(200, await peer.allDocs(name, askedRows(query, method, body)));
      case "get":
        return json(200, await peer.get(name, id, askedDoc(query)));
      default:
        throw noSuchDatabase();
    }
  };
}
