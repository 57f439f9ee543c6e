/**
 * `request-book`: what was asked for at this gateway, by community: made here, sent up to the hub as
 * events, ended by its answers.
 *
 * `requests:{tenant}` in `local` is written first and the event after it; what keeps the event from being
 * written (a cut, a full disk, a hub whose key is not known yet) is made good by `sendRest`, also at the
 * next start. A device's keys stand sealed for the hub in the event, and sealed for this gateway in
 * `local`, so that it goes on joining after a restart; in clear they are in memory only.
 *
 * History: 1 = first release.
 */
import { CompactEncrypt, importJWK, type JWK } from "jose";
import type { Database, Doc } from "#shared/couch/database.ts";
import type { EventLog, Said } from "#shared/couch/event-log.ts";
import type { Site } from "#shared/access/site.ts";
import type { AnswerDoc } from "#shared/model/events/answer.ts";
import type { RequestDoc, RequestId } from "#shared/model/events/request.ts";
import { Fault } from "#shared/model/fault.ts";
import type { Clock } from "#shared/model/clock.ts";
import type { DeviceId, GatewayId, TenantName } from "#shared/model/ids.ts";
import { asked as shapes, type Asked, type RequestKind } from "#shared/model/requests.ts";
import type { KeyBundle } from "#shared/model/site.ts";
import type { DeviceKeys } from "#edge/site/sites.ts";
import { overlaid } from "./overlay.ts";
import { acts, siteRequestOf, type Answer, type SiteRequest } from "./site-request.ts";

export interface Asking<K extends RequestKind> {
  readonly requestId: RequestId;
  readonly kind: K;
  readonly by: RequestDoc["by"];
  readonly asked: Asked<K>;
  /** Of a device that is registered. */
  readonly keys?: DeviceKeys;
}

export interface RequestBook {
  /** Reads a community's requests and answers; once. */
  open(tenant: TenantName): Promise<void>;
  /**
   * Durable and in force when resolved; the hub hears of it as soon as it can. The same request again is
   * the one that is there.
   * @throws Fault "invalid", "conflict" when another was made under that id
   */
  make<K extends RequestKind>(site: Site, asking: Asking<K>): Promise<SiteRequest>;
  /** Writes down for the hub what could not be until now. Rejects when it still cannot. */
  sendRest(): Promise<void>;
  /** In the order they were made. */
  of(tenant: TenantName): readonly SiteRequest[];
  /** Of a community that is gone: nothing of it is written any more. */
  forget(tenant: TenantName): void;
  /** What came from the hub. */
  answered(tenant: TenantName, answers: readonly AnswerDoc[]): Promise<void>;
  /** A site and its keys with what was asked for here. */
  over(
    site: Site,
    keys: ReadonlyMap<DeviceId, DeviceKeys>,
  ): { readonly site: Site; readonly keys: ReadonlyMap<DeviceId, DeviceKeys> };
}

/** One request as it is kept: what the event says, and the answer. */
interface Entry {
  readonly said: Said<"request">;
  readonly answer?: Answer;
  /** A compact JWE for this gateway: a `KeyBundle`. */
  readonly ownKeys?: string;
}

/** `requests:{tenant}` in `local`, in the order they were made. */
interface BookDoc extends Doc {
  readonly v: 1;
  readonly entries: readonly Entry[];
}

/** Answered ones that are kept for people to look at. */
const MOST_ANSWERED = 200;
const bookId = (tenant: TenantName) => `requests:${tenant}`;

/** What is asked for in `local` and was not answered, by community. */
export async function unanswered(local: Database): Promise<Map<TenantName, RequestId[]>> {
  const prefix = bookId("" as TenantName);
  const books = await local.list<BookDoc>({ from: prefix, to: `${prefix}\uffff` });
  return new Map(
    books.map(({ _id, entries }) => [
      _id.slice(prefix.length) as TenantName,
      entries.flatMap(({ said, answer }) => (answer ? [] : said.requestId)),
    ]),
  );
}

export function requestBook(options: {
  readonly gatewayId: GatewayId;
  readonly events: EventLog;
  readonly local: Database;
  readonly clock: Clock;
  /** For sealing: the hub's public key, as far as it was met, and this gateway's own. */
  readonly hubKey: () => JWK | undefined;
  readonly ownKey: JWK;
  readonly openKeys: (jwe: string) => Promise<ReadonlyMap<DeviceId, DeviceKeys>>;
  /** After what acts has changed. */
  readonly onChange: (tenant: TenantName) => void;
  /** An event could not be written: it will be tried again. */
  readonly onUnsaid: (requestId: RequestId, error: unknown) => void;
}): RequestBook {
  const { gatewayId, events, local, clock, hubKey, ownKey, openKeys, onChange, onUnsaid } = options;
  const books = new Map<TenantName, Map<RequestId, Entry>>();
  const keysBy = new Map<RequestId, ReadonlyMap<DeviceId, DeviceKeys>>();
  const bookOf = (tenant: TenantName) => {
    const book = books.get(tenant) ?? new Map<RequestId, Entry>();
    books.set(tenant, book);
    return book;
  };
  const listOf = (tenant: TenantName) =>
    [...bookOf(tenant).values()].flatMap(({ said, answer }) => siteRequestOf(said, answer) ?? []);
  const opening = new Map<TenantName, Promise<void>>();

  let last: Promise<unknown> = Promise.resolve();
  /** One after the other: they write the same document. */
  const keep = (tenant: TenantName): Promise<void> => {
    const next = last.then(() => write(tenant));
    last = next.catch(() => undefined);
    return next;
  };
  const write = async (tenant: TenantName) => {
    const book = bookOf(tenant);
    const answered = [...book].filter(([, { answer }]) => answer);
    for (const [id] of answered.slice(0, -MOST_ANSWERED)) book.delete(id);
    const old = await local.get<BookDoc>(bookId(tenant));
    await local.put({ ...old, _id: bookId(tenant), v: 1, entries: [...book.values()] });
  };
  /** What no event says yet. */
  const unsaid = new Map<RequestId, TenantName>();
  const send = async (tenant: TenantName, requestId: RequestId): Promise<void> => {
    const entry = bookOf(tenant).get(requestId);
    if (!entry) return;
    unsaid.set(requestId, tenant);
    const { said } = entry;
    if (entry.ownKeys !== undefined && said.sealed === undefined) {
      const [forHub, keys] = [hubKey(), keysBy.get(requestId)];
      // Without a hub's key it acts here and waits for the hub to be met.
      if (!forHub || !keys) return;
      const sealed = await seal({ devices: Object.fromEntries(keys) }, forHub);
      bookOf(tenant).set(requestId, { ...entry, said: { ...said, sealed } });
      // First: sealed again it would be another event under the same name.
      await keep(tenant);
      return send(tenant, requestId);
    }
    await events.append(tenant, "request", requestId, said);
    unsaid.delete(requestId);
  };
  const sendLater = (tenant: TenantName, requestId: RequestId) =>
    send(tenant, requestId).catch((error: unknown) => onUnsaid(requestId, error));

  const read = async (tenant: TenantName) => {
    const doc = await local.get<BookDoc>(bookId(tenant));
    const book = bookOf(tenant);
    for (const entry of doc?.entries ?? []) {
      book.set(entry.said.requestId, entry);
      if (entry.ownKeys !== undefined)
        keysBy.set(entry.said.requestId, await openKeys(entry.ownKeys));
    }
    const waiting = [...book.values()].filter(({ answer }) => !answer);
    const [oldest] = waiting.map(({ said }) => said.at).sort();
    if (oldest === undefined) return;
    // Written or come in just before a cut: said again, or heard now.
    for (const { said } of waiting) await sendLater(tenant, said.requestId);
    const fromMonth = oldest.slice(0, 7).replace("-", "");
    const answers: AnswerDoc[] = [];
    for await (const one of events.read(tenant, "answer", { fromMonth })) answers.push(one);
    await take(tenant, answers);
  };

  /** True when one of them is news. Of a hub that came back from a backup and answered again the later word counts. */
  const take = async (tenant: TenantName, answers: readonly AnswerDoc[]): Promise<boolean> => {
    const book = bookOf(tenant);
    let isNews = false;
    for (const { requestId, outcome, reason, at } of answers) {
      const entry = book.get(requestId);
      if (!entry || (entry.answer && entry.answer.at >= at)) continue;
      isNews = true;
      book.set(requestId, { ...entry, answer: { outcome, at, ...(reason && { reason }) } });
    }
    if (isNews) await keep(tenant);
    return isNews;
  };

  return {
    open(tenant) {
      const under = opening.get(tenant) ?? read(tenant);
      opening.set(tenant, under);
      // One that could not be read is tried again by the next who asks.
      under.catch(() => opening.delete(tenant));
      return under;
    },
    of: listOf,
    async make(site, { requestId, kind, by, asked, keys }) {
      const { tenant, community } = site;
      const parsed = shapes[kind].safeParse(asked);
      if (!parsed.success) throw new Fault("invalid", parsed.error.issues[0]?.message ?? kind);
      const known = bookOf(tenant).get(requestId);
      if (known) {
        if (!isSame(known.said, kind, by, parsed.data))
          throw new Fault("conflict", "Something else was asked for under this id.");
        if (!known.answer) await sendLater(tenant, requestId);
        return siteRequestOf(known.said, known.answer) as SiteRequest;
      }
      const { deviceId } = asked as { deviceId?: DeviceId };
      const ownKeys =
        keys && deviceId !== undefined && (await seal({ devices: { [deviceId]: keys } }, ownKey));
      const entry: Entry = {
        said: {
          at: new Date(clock.now()).toISOString(),
          requestId,
          kind,
          by,
          asked: parsed.data,
          seenAt: community.projectedAt,
        },
        ...(ownKeys && { ownKeys }),
      };
      bookOf(tenant).set(requestId, entry);
      if (keys && deviceId !== undefined) keysBy.set(requestId, new Map([[deviceId, keys]]));
      try {
        await keep(tenant);
      } catch (error) {
        bookOf(tenant).delete(requestId);
        keysBy.delete(requestId);
        throw error;
      }
      onChange(tenant);
      await sendLater(tenant, requestId);
      return siteRequestOf(entry.said) as SiteRequest;
    },
    async sendRest() {
      let failure: { readonly error: unknown } | undefined;
      // One that cannot be written must not hold up those behind it, of other communities least of all.
      for (const [requestId, tenant] of unsaid)
        await send(tenant, requestId).catch((error: unknown) => (failure ??= { error }));
      if (failure) throw failure.error;
    },
    forget(tenant) {
      for (const [requestId, of] of unsaid) if (of === tenant) unsaid.delete(requestId);
      for (const requestId of bookOf(tenant).keys()) keysBy.delete(requestId);
      books.delete(tenant);
      opening.delete(tenant);
    },
    async answered(tenant, answers) {
      if (await take(tenant, answers)) onChange(tenant);
    },
    over(site, keys) {
      const requests = listOf(site.tenant);
      if (requests.length === 0) return { site, keys };
      const all = new Map(keys);
      for (const request of requests)
        if (acts(request, site.community.projectedAt))
          for (const [deviceId, one] of keysBy.get(request.requestId) ?? [])
            if (!all.has(deviceId)) all.set(deviceId, one);
      return { site: overlaid(site, requests, gatewayId), keys: all };
    },
  };
}

/** A mount's installation was drawn here: the same words again draw another. */
function isSame(
  known: Pick<RequestDoc, "kind" | "by" | "asked">,
  kind: string,
  by: string,
  asked: object,
): boolean {
  const told = (words: object) => JSON.stringify({ ...words, installationId: undefined });
  return known.kind === kind && known.by === by && told(known.asked) === told(asked);
}

async function seal(bundle: KeyBundle, jwk: JWK): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(bundle)))
    .setProtectedHeader({ alg: "ECDH-ES+A256KW", enc: "A256GCM" })
    .encrypt(await importJWK(jwk, "ECDH-ES+A256KW"));
}
