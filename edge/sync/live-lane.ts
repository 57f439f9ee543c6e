/**
 * `live-lane`: takes the newest segments to the hub while a long backlog drains behind them.
 *
 * After weeks away the hub must not wait for the old to see the new. The documents go as they
 * are, with their revisions; when replication comes to them the hub has them already. What fails
 * here is not tried again: replication brings it.
 */
import { ask } from "#shared/couch/answer.ts";
import type { Databases, Doc } from "#shared/couch/database.ts";
import type { Clock } from "#shared/model/clock.ts";
import { parseDatabaseName } from "#shared/model/database-names.ts";
import { isFault } from "#shared/model/fault.ts";
import type { GatewayId, TenantName } from "#shared/model/ids.ts";

export interface LiveLaneOptions {
  readonly hubUrl: string;
  readonly token: () => Promise<string>;
  readonly databases: Databases;
  readonly gatewayId: GatewayId;
  readonly clock: Clock;
  readonly log: { warn(about: object, message: string): void };
}

/** Segments per request: 4,000 uplinks at most, some 160 kB. */
const NEWEST = 20;
const PAUSE_MS = 5_000;
const TIMEOUT_MS = 20_000;

/** Sends what is newest, again and again, until `stop` aborts; resolves when nothing is under way. */
export async function liveLane(
  { hubUrl, token, databases, gatewayId, clock, log }: LiveLaneOptions,
  tenant: TenantName,
  stop: AbortSignal,
): Promise<void> {
  const prefix = `s:${gatewayId}:`;
  let last = "";
  const sendNewest = async () => {
    const name = (await databases.names()).filter((one) => isMonthOf(one, tenant)).at(-1);
    if (name === undefined) return;
    const database = await databases.open(name);
    const docs = await database.list({
      from: last === "" ? prefix : `${last}\u0000`,
      to: `${prefix}\uffff`,
      descending: true,
      limit: NEWEST,
    });
    const newest = docs[0];
    if (!newest) return;
    const body = JSON.stringify({ new_edits: false, docs: docs.map(withRevisions) });
    const headers = async () => ({ authorization: `Bearer ${await token()}` });
    const answer = await ask(
      { method: "POST", url: `${hubUrl}/sync/${name}/_bulk_docs`, body },
      { headers, timeoutMs: TIMEOUT_MS, signal: stop },
    );
    await answer.body?.cancel();
    last = newest._id;
  };
  while (!stop.aborted) {
    try {
      await sendNewest();
    } catch (error) {
      if (stop.aborted) return;
      if (!isFault(error))
        log.warn({ tenant, error }, "the newest segments could not be sent ahead");
    }
    await clock.sleep(PAUSE_MS, stop);
  }
}

function isMonthOf(name: string, tenant: TenantName): boolean {
  const parsed = parseDatabaseName(name);
  return parsed?.kind === "tele" && parsed.tenant === tenant;
}

/** As replication writes it: a revision `1-abc` is told with the path that led to it. */
function withRevisions(doc: Doc): Doc {
  const [start, hash] = (doc._rev ?? "").split("-");
  return { ...doc, _revisions: { start: Number(start), ids: [hash] } };
}
