/**
 * `deliveries`: what is to be told, to whom, how often it was tried and what came back: the queue
 * and the log in one. At least once, in no promised order; the message's id is the same for every
 * try, so that a receiver can tell a repeat.
 *
 * Delivered and given-up ones are kept for a month, without what was said.
 */
import type { Hub } from "#cloud/hub/hub.ts";
import { openText } from "#cloud/hub/sealed-text.ts";
import type { Database } from "#shared/couch/database.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { CommunityId, OrganizationId } from "#shared/model/ids.ts";
import type { Scope } from "#shared/model/scope.ts";
import { signedHeaders } from "./signature.ts";
import { wants, type WebhookDoc, type WebhookId } from "./webhook-store.ts";

/** Something that happened. `data` names no person but by id. */
export interface HubEvent {
  readonly organizationId: OrganizationId;
  readonly communityId: CommunityId | null;
  /** The noun, a dot, the verb: `device.assign`. */
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * `delivery:{epoch ms, 13 digits}-{random}` in `webhooks`, a database of the hub alone.
 *
 * History: 1 = first release.
 */
export interface DeliveryDoc {
  readonly _id: string;
  readonly _rev?: string;
  readonly type: "delivery";
  readonly v: 1;
  readonly organizationId: OrganizationId;
  readonly webhookId: WebhookId;
  readonly kind: string;
  readonly at: string;
  readonly state: "waiting" | "delivered" | "given-up";
  /** What is said; gone when it is over. */
  readonly body?: string;
  readonly nextAt: string;
  readonly tries: readonly {
    readonly at: string;
    readonly status: number | null;
    readonly said: string;
  }[];
  readonly [field: string]: unknown;
}

export interface Deliveries {
  /** Puts an event into the queue for everybody who wants it; durable when resolved. */
  tell(event: HubEvent): Promise<number>;
  /** Sends one now, apart from the queue, and says what came back. */
  test(webhook: WebhookDoc): Promise<{ status: number | null; said: string }>;
  /** An endpoint's deliveries, newest first. */
  list(
    scope: Scope,
    webhook: WebhookDoc,
    limit: number,
    offset: number,
  ): Promise<{ rows: DeliveryDoc[]; total: number }>;
  /** Puts one into the queue again. @throws Fault "not_found" | "conflict" when nothing is left to say */
  again(scope: Scope, webhook: WebhookDoc, deliveryId: string): Promise<void>;
  /** Tries what is due; resolves with how many were tried. */
  sendDue(): Promise<number>;
  /** Runs until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
}

/** Waits after each failed try, ms; after the last one it is given up: three days in all. */
export const WAITS_MS = [5e3, 6e4, 3e5, 18e5, 72e5, 18e6, 36e6, 864e5, 864e5] as const;
const KEPT_MS = 30 * 86_400_000;
/** Of what a receiver answers. */
const MOST_BYTES = 500;
const TIMEOUT_MS = 15_000;
/** Tries at once, over all receivers. */
const AT_ONCE = 8;
const LOOK_MS = 30_000;
const STUCK_MS = 2_000;
const DATABASE = "webhooks";

export interface DeliveriesParts {
  readonly hub: Hub;
  readonly log: { warn(about: object, message: string): void };
}

export async function deliveries(parts: DeliveriesParts): Promise<Deliveries> {
  const { hub, log } = parts;
  const { clock, random } = hub;
  const database = await hub.databases.open(DATABASE);
  let wake = new AbortController();
  /** The store was away at the last look. */
  let isStuck = false;
  /** Waiting ones in memory, so that looking for what is due reads nothing. */
  const waiting = new Map<string, DeliveryDoc>();
  for await (const doc of all(database)) if (doc.state === "waiting") waiting.set(doc._id, doc);

  const iso = (ms: number) => new Date(ms).toISOString();
  const key = (ms: number) =>
    `delivery:${String(ms).padStart(13, "0")}-${Buffer.from(random(8)).toString("hex")}`;
  const send = async (webhook: WebhookDoc, id: string, body: string) => {
    const secret = await openText(hub.secrets.masterKey, webhook._id, webhook.sealedSecret);
    const headers = {
      "content-type": "application/json",
      "user-agent": "Riser",
      ...signedHeaders(secret, id, clock.now(), body),
    };
    try {
      const came = await hub.outbound.send(new URL(webhook.url), {
        method: "POST",
        headers,
        body,
        timeoutMs: TIMEOUT_MS,
        mostBytes: MOST_BYTES,
      });
      return { status: came.status, said: came.body.toString("utf8") };
    } catch (error) {
      if (!isFault(error)) throw error;
      return { status: null, said: error.message };
    }
  };
  const store = async (doc: DeliveryDoc) => {
    const { rev } = await database.put(doc);
    const stored = { ...doc, _rev: rev };
    if (stored.state === "waiting") waiting.set(stored._id, stored);
    else waiting.delete(stored._id);
  };
  const endpointOf = async (doc: DeliveryDoc) => {
    const image = await hub.registry.organization(doc.organizationId);
    return (await image.freshOf<WebhookDoc>("webhook")).get(`webhook:${doc.webhookId}`);
  };
  const tryOne = async (doc: DeliveryDoc) => {
    const webhook = await endpointOf(doc);
    const { body, ...without } = doc;
    if (!webhook?.isActive || body === undefined) return store({ ...without, state: "given-up" });
    const { status, said } = await send(webhook, doc._id.slice("delivery:".length), body);
    const tries = [...doc.tries, { at: iso(clock.now()), status, said: said.slice(0, 200) }];
    if (status !== null && status >= 200 && status < 300)
      return store({ ...without, tries, state: "delivered" });
    // 410: the receiver wants nothing any more.
    const waitMs = status === 410 ? undefined : WAITS_MS[tries.length - 1];
    if (waitMs === undefined) return store({ ...doc, tries, state: "given-up" });
    await store({ ...doc, tries, nextAt: iso(clock.now() + waitMs) });
  };
  const sendDue = async () => {
    const now = iso(clock.now());
    const due = [...waiting.values()].filter(({ nextAt }) => nextAt <= now);
    let tried = 0;
    const work = async () => {
      for (let doc = due.shift(); doc; doc = due.shift()) {
        tried++;
        await tryOne(doc).catch((error: unknown) => {
          // Another process was quicker, or the store is away: looked at again later.
          if (isFault(error, "conflict")) waiting.delete(doc?._id ?? "");
          else {
            isStuck = true;
            log.warn({ error }, "a webhook could not be tried");
          }
        });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return tried;
  };
  const sweep = async () => {
    const border = `delivery:${String(clock.now() - KEPT_MS).padStart(13, "0")}`;
    for (const { _id, _rev } of await database.list({ from: "delivery:", to: border }))
      if (_rev !== undefined && !waiting.has(_id)) await database.remove(_id, _rev);
  };
  return {
    async tell({ organizationId, communityId, kind, data }) {
      const image = await hub.registry.organization(organizationId);
      const endpoints = [...(await image.freshOf<WebhookDoc>("webhook")).values()].filter(
        (one) =>
          one.isActive &&
          wants(one, kind) &&
          (one.communityId === null || one.communityId === communityId),
      );
      const at = iso(clock.now());
      const body = JSON.stringify({
        type: kind,
        timestamp: at,
        data: { ...data, organization_id: organizationId, community_id: communityId },
      });
      for (const { webhookId } of endpoints)
        await store({
          _id: key(clock.now()),
          type: "delivery",
          v: 1,
          organizationId,
          webhookId,
          kind,
          at,
          state: "waiting",
          body,
          nextAt: at,
          tries: [],
        });
      if (endpoints.length > 0) wake.abort();
      return endpoints.length;
    },
    test(webhook) {
      const at = iso(clock.now());
      const body = JSON.stringify({ type: "webhook.test", timestamp: at, data: {} });
      return send(webhook, `test-${Buffer.from(random(8)).toString("hex")}`, body);
    },
    async list(_scope, { webhookId }, limit, offset) {
      const rows: DeliveryDoc[] = [];
      for await (const doc of all(database)) if (doc.webhookId === webhookId) rows.push(doc);
      rows.reverse();
      return { rows: rows.slice(offset, offset + limit), total: rows.length };
    },
    async again(_scope, { webhookId }, deliveryId) {
      const doc = await database.get<DeliveryDoc>(`delivery:${deliveryId}`);
      if (!doc || doc.webhookId !== webhookId)
        throw new Fault("not_found", "There is no such delivery here.");
      if (doc.body === undefined)
        throw new Fault("conflict", "It was delivered: what it said is not kept.");
      await store({ ...doc, state: "waiting", nextAt: iso(clock.now()) });
      wake.abort();
    },
    sendDue,
    async run(signal) {
      signal.addEventListener("abort", () => wake.abort(), { once: true });
      while (!signal.aborted) {
        isStuck = false;
        await sendDue();
        await sweep().catch((error: unknown) =>
          log.warn({ error }, "old webhook deliveries could not be removed"),
        );
        const next = Math.min(
          ...[...waiting.values()].map(({ nextAt }) => Date.parse(nextAt) - clock.now()),
          LOOK_MS,
        );
        if (isStuck) await clock.sleep(STUCK_MS, signal);
        else if (next > 0) await clock.sleep(next, wake.signal);
        if (wake.signal.aborted) wake = new AbortController();
      }
    },
  };
}

async function* all(database: Database): AsyncGenerator<DeliveryDoc> {
  const PAGE = 500;
  for (let from = "delivery:"; ;) {
    const page = await database.list<DeliveryDoc>({ from, to: "delivery:\uffff", limit: PAGE });
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    from = `${last._id}\u0000`;
  }
}
