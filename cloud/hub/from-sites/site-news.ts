/**
 * `site-news`: reads what gateways wrote into their communities' events: answers requests, and puts
 * what was done at the sites, also while they were away, into the audit.
 *
 * How far it came in each database stands in `riser` (`site-news:{database}`), good for one life of
 * the hub's data. Looked at is what was just written, the two newest months at a start, and more
 * when a gateway says that it waits for answers.
 *
 * History: 1 = first release.
 */
import type { CommunityDoc, Hub } from "#cloud/hub/hub.ts";
import { eventId, parseEventId } from "#shared/model/events/event.ts";
import { parseEvent } from "#shared/model/events/list.ts";
import type { RequestDoc } from "#shared/model/events/request.ts";
import { databaseName, monthOf, parseDatabaseName } from "#shared/model/database-names.ts";
import type { Doc } from "#shared/couch/database.ts";
import { GatewayId, type TenantName } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import { answerTo } from "./answers.ts";
import { auditRequest, auditSignIn } from "./site-audit.ts";

export interface SiteNews {
  /** Something was written into a database. */
  written(name: string): void;
  /** Looks at a community's newest months. */
  look(tenant: TenantName): void;
  /** A gateway says that it waits for answers: perhaps for one that was lost in a crash. */
  waits(gatewayId: GatewayId): void;
  /** Resolves when all that was said until now has been looked at. */
  settled(): Promise<void>;
}

interface PlaceDoc extends Doc {
  readonly type: "site-news";
  readonly v: 1;
  readonly life: string;
  readonly since: string | number;
}

const scope = systemScope("from-sites");
const placeId = (name: string) => `site-news:${name}`;
const PAGE = 500;
/** Requests are looked for in so many months at a start, and when a gateway says that it waits. */
const [FEW_MONTHS, MANY_MONTHS] = [2, 6];
/** Between two looks for the same gateway, ms. */
const LOOK_AGAIN_MS = 600_000;
const TYPES = new Set(["request", "site-sign-in"]);

export function siteNews({
  hub,
  signal,
  log,
}: {
  readonly hub: Hub;
  readonly signal: AbortSignal;
  readonly log: { warn(about: object, message: string): void };
}): SiteNews {
  const riser = hub.registry.riser.database;
  const due = new Set<string>();
  let running: Promise<void> | undefined;
  const looked = new Map<GatewayId, number>();

  const isAnswered = async (tenant: TenantName, request: RequestDoc): Promise<boolean> => {
    const id = eventId(hub.events.writer, "answer", request.requestId);
    // By this life of the hub's data or an earlier one.
    const ids = { from: `${id}:`, to: `${id}:\uffff`, limit: 1 };
    // Answered in the month it came in or in a later one.
    const from = request.at.slice(0, 7).replace("-", "");
    for (const month of hub.months.list(tenant).toReversed()) {
      if (month < from) break;
      const database = await hub.databases.openExisting(databaseName.events(tenant, month));
      const found = await database?.ids(ids);
      if (found && found.length > 0) return true;
    }
    return false;
  };

  const answer = async (community: CommunityDoc, request: RequestDoc) => {
    const { tenant } = community;
    const gatewayId = GatewayId.safeParse(request.writer);
    if (!gatewayId.success || (await isAnswered(tenant, request))) return;
    const context = { hub, community, gatewayId: gatewayId.data, request };
    // Before its effect: the `site` that is projected with it is newer than the answer.
    const at = new Date(hub.clock.now()).toISOString();
    const found = await answerTo(context);
    await auditRequest(context, found);
    const { requestId } = request;
    // A hub that came back from a backup and forgot its answer may give another one: that is another event.
    await hub.events.append(tenant, "answer", `${requestId}:${hub.life.id}`, {
      at,
      requestId,
      outcome: found.outcome,
      ...(found.says && { reason: found.says }),
    });
  };

  /** Takes in a page of a month; true when there is more. */
  const takeFrom = async (name: string, community: CommunityDoc): Promise<boolean> => {
    const database = await hub.databases.openExisting(name);
    if (!database) return false;
    const place = await riser.get<PlaceDoc>(placeId(name));
    const since = place?.life === hub.life.id ? place.since : 0;
    const { changes, lastSeq } = await database.changes({ since, limit: PAGE });
    const ids = changes.flatMap(({ id }) => {
      const parsed = parseEventId(id);
      const isSites = parsed?.writer.startsWith("gw-") && TYPES.has(parsed.type);
      return isSites ? [id] : [];
    });
    const events = (await database.getMany(ids)).flatMap((doc) => parseEvent(doc) ?? []);
    const requests = events.flatMap((one) => (one.type === "request" ? [one] : []));
    const inOrder = [
      ...requests.sort((a, b) => (a.at < b.at ? -1 : 1)),
      ...events.filter((one) => one.type === "site-sign-in"),
    ];
    let failure: { readonly error: unknown } | undefined;
    for (const one of inOrder)
      try {
        if (one.type === "request") await answer(community, one);
        else await auditSignIn(hub, community, one);
      } catch (error) {
        // The others must not wait for it; the page is read again with the next news.
        failure ??= { error };
      }
    if (failure) throw failure.error;
    // A month in which there is nothing for us is read from its beginning again after a start.
    if (lastSeq !== since && (ids.length > 0 || changes.length === PAGE))
      await riser.put({
        ...(place?._rev === undefined ? {} : { _rev: place._rev }),
        _id: placeId(name),
        type: "site-news",
        v: 1,
        life: hub.life.id,
        since: lastSeq,
      });
    return changes.length === PAGE;
  };

  const run = async () => {
    for (const name of due) {
      if (signal.aborted) return;
      due.delete(name);
      const parsed = parseDatabaseName(name);
      if (parsed?.kind !== "events") continue;
      const all = await hub.communities.list(scope);
      const community = all.find(({ tenant }) => tenant === parsed.tenant);
      try {
        while (community && !signal.aborted && (await takeFrom(name, community)));
      } catch (error) {
        // The gateway says again that it waits.
        if (!signal.aborted)
          log.warn({ name, error }, "what a site asked for could not be answered");
      }
    }
  };
  const start = () => {
    running ??= run().finally(() => {
      running = undefined;
      if (due.size > 0 && !signal.aborted) start();
    });
  };
  return {
    written(name) {
      if (parseDatabaseName(name)?.kind !== "events") return;
      due.add(name);
      start();
    },
    look: (tenant) => look(tenant, FEW_MONTHS),
    waits(gatewayId) {
      const nowMs = hub.clock.now();
      if (nowMs - (looked.get(gatewayId) ?? -Infinity) < LOOK_AGAIN_MS) return;
      looked.set(gatewayId, nowMs);
      const holds = hub.gateways.report(gatewayId)?.holds ?? [];
      for (const tenant of holds) look(tenant, MANY_MONTHS);
    },
    async settled() {
      while (running) await running;
    },
  };

  function look(tenant: TenantName, months: number): void {
    const newest = monthOf(hub.clock.now());
    const known = hub.months.list(tenant).filter((month) => month <= newest);
    for (const month of known.slice(-months)) due.add(databaseName.events(tenant, month));
    start();
  }
}
