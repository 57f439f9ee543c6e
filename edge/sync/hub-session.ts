/**
 * `hub-session`: one gateway's talk with one hub: what a round of it does, in which order, and how
 * it waits for news in between.
 *
 * `site` comes before anything else, then what this gateway wrote goes up, then what others wrote
 * comes down. One community's trouble does not hold up the others.
 */
import { replicateOnce } from "#shared/couch/replicate.ts";
import {
  Claimed,
  HeldMonth,
  MadeMonth,
  Talk,
  type CommunityTalk,
  type GatewayReport,
} from "#shared/api/gateway-talk.ts";
import { signAssertion } from "#shared/auth/gateway-token.ts";
import type { Doc } from "#shared/couch/database.ts";
import { databaseName, parseDatabaseName } from "#shared/model/database-names.ts";
import { isFault, type FaultCode } from "#shared/model/fault.ts";
import type { TenantName } from "#shared/model/ids.ts";
import type { SegmentDoc } from "#shared/model/segment.ts";
import { z } from "zod";
import { accessToken } from "./access-token.ts";
import { bringSegments } from "./bring-segments.ts";
import { confirmedOf, type Confirmed } from "./confirmed.ts";
import type { DeadLetters } from "./dead-letters.ts";
import { heldCheck } from "./held-check.ts";
import { historyKeeper } from "./history-keeper.ts";
import { askHub } from "./hub-calls.ts";
import type { HubLinkOptions } from "./hub-link.ts";
import { inflow } from "./inflow.ts";
import { inheritedCheck } from "./inherited-check.ts";
import { outbox } from "./outbox.ts";
import type { Progress } from "./progress.ts";
import { syncCalls } from "./sync-calls.ts";

export interface HubSessionOptions extends HubLinkOptions {
  readonly hubUrl: string;
  readonly signal: AbortSignal;
  readonly confirmed: Map<TenantName, Confirmed>;
  readonly letters: DeadLetters;
  readonly pace: Progress;
  readonly report: () => GatewayReport;
  /** It speaks with us: a backlog may take minutes from here, and pages would call it away. */
  readonly reached: () => void;
}

export interface HubSession {
  /** Brings both sides in step once. @throws Fault, Withdrawn */
  round(): Promise<void>;
  /** Resolves when there is news on the hub, or at once when `wake` aborts. Never throws: the next round says. */
  news(wake: AbortSignal): Promise<void>;
  talk(): Talk | undefined;
  /** The hub takes the token no more. */
  forgetToken(): void;
  /** Resolves when nothing is under way. */
  end(): Promise<void>;
}

/** After these nothing else of a round is tried. */
export const HOPELESS: ReadonlySet<FaultCode> = new Set([
  "unavailable",
  "unauthorized",
  "too_many",
]);
const DAY_MS = 86_400_000;
const REPLAY_MS = 6 * 3_600_000;
/** Between two questions for news, ms. */
const LEAST_MS = 1_000;
/** A watch is given up this long after the hub should have answered, ms. */
const GRACE_MS = 15_000;

export function hubSession(options: HubSessionOptions): HubSession {
  const { hubUrl, signal, place, fetch, identity, databases, local, letters, pace } = options;
  const { siteKeeper, clock, tally, log, confirmed } = options;
  const { gatewayId } = identity;
  const hub = { hubUrl, signal, fetch };
  const token = accessToken({
    ...hub,
    identity,
    clock,
    face: place.face,
    onHubTime: options.onHubTime,
  });
  const calls = syncCalls({ ...hub, token: token.get });
  const ask = async <T>(path: string, body: unknown, schema: z.ZodType<T>, timeoutMs?: number) =>
    askHub(hub, {
      path,
      body,
      schema,
      token: await token.get(),
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
  let talk: Talk | undefined;
  let watching: Promise<void> | undefined;
  let life = "";
  /** Whether the last round went through. */
  let isRoundWhole = true;
  /** The `site` in use as the hub named it, by community. */
  const sites = new Map<TenantName, string>();
  const checkedMs = new Map<TenantName, number>();
  const replayedMs = new Map<TenantName, number>();
  let ownSeq: string | number | undefined;

  const returnedIds = new Set<string>();
  const returned = (tenant: TenantName, documents: number) => {
    log.warn({ tenant, documents }, "the hub had documents of this gateway that were not here");
    options.onRolledBack(tenant, documents);
  };
  const incoming = inflow({
    databases,
    local,
    calls,
    life: () => life,
    async beforeWritten(name, docs) {
      const places = docs.flatMap((doc) => {
        const isOwn = doc.writer === gatewayId && parseDatabaseName(name)?.kind === "tele";
        return isOwn ? [(doc as Doc & SegmentDoc).inbox.to] : [];
      });
      if (places.length > 0) await options.beforeReturned(Math.max(...places));
    },
    onArrived(name, docs) {
      options.onFetched?.(name, docs);
      // Under our own name, and not here: this disk is an older one, or lost a database.
      const own = docs.filter(({ writer }) => writer === gatewayId);
      for (const { _id } of own) returnedIds.add(_id);
      const parsed = parseDatabaseName(name);
      if (own.length > 0 && parsed && "tenant" in parsed) returned(parsed.tenant, own.length);
    },
  });
  const past = historyKeeper({
    databases,
    gatewayId,
    pull: async (name) => {
      await replicateOnce({
        local: databases,
        url: `${hubUrl}/sync`,
        token: token.get,
        fetch,
        name,
        direction: "pull",
        signal,
      });
    },
    onChanged: (tenant, months) => options.onHistory?.(tenant, months) ?? Promise.resolve(),
    log,
  });
  const outgoing = outbox({
    databases,
    local,
    gatewayId,
    calls,
    letters,
    confirmed,
    chainEnds: options.chainEnds,
    makeMonth: (tenant, month) => ask("months", { tenant, month }, MadeMonth),
    async bringLate(tenant, month, docs) {
      const byId = new Map(docs.map((doc) => [doc._id, doc]));
      const docsOf = async (ids: readonly string[]) => ids.flatMap((id) => byId.get(id) ?? []);
      const ids = [...byId.keys()];
      const of = { tenant, month, writer: gatewayId };
      const late = await bringSegments(ask, of, ids, docsOf, signal);
      if (late > 0) log.info({ tenant, month, segments: late }, "they came late, and count");
    },
    tally,
    onConfirmed: options.onConfirmed,
    isReturned: (id) => returnedIds.has(id),
    onSent: pace.sent,
    onArrived: (uplinks) => pace.arrived(uplinks, clock.now()),
    log,
  });

  const heard = (said: Talk) => {
    options.onHubTime(Date.parse(said.hub_time));
    if (life !== "" && life !== said.life) {
      log.warn({ hubUrl }, "the hub's data came back from a backup: what it lost is brought again");
      checkedMs.clear();
      replayedMs.clear();
    }
    life = said.life;
    talk = said;
  };
  const connect = async (isTalkGood: boolean): Promise<Talk> => {
    const code = place.code();
    if (code !== undefined) await bringClaim(code);
    if (talk && isTalkGood) return talk;
    // Nobody asks for news while one community's trouble lasts: what is new elsewhere would not be heard.
    if (talk) return look(0);
    const said = await token.renew();
    if (!(await place.meet(said.hub)))
      log.warn(
        { hubUrl },
        "another hub than the one remembered answers: its word ends nothing here",
      );
    heard(said);
    return said;
  };
  const bringClaim = async (code: string) => {
    const claim = async (nowMs: number) =>
      askHub(hub, {
        path: "claim",
        body: {
          code,
          gateway: identity.public,
          assertion: await signAssertion({
            key: identity.signingKey,
            gatewayId,
            audience: hubUrl,
            nowMs,
          }),
        },
        schema: Claimed,
      });
    try {
      const answer = await claim(clock.now()).catch((error: unknown) => {
        const hubTimeAt = isFault(error, "unauthorized") ? error.details.hubTimeAt : undefined;
        if (typeof hubTimeAt !== "string") throw error;
        options.onHubTime(Date.parse(hubTimeAt));
        return claim(Date.parse(hubTimeAt));
      });
      await place.claimed(answer);
      log.info({ hubUrl, name: answer.name }, "this gateway is claimed");
    } catch (error) {
      const isFinal = ["not_found", "conflict", "invalid", "forbidden"].some((one) =>
        isFault(error, one as FaultCode),
      );
      if (!isFinal || !isFault(error) || error.details.isOfHub !== true) throw error;
      await place.claimRefused(error.message);
      log.warn({ hubUrl, reason: error.message }, "the hub does not take the claim code");
    }
  };

  /** One community's trouble must not hold up the others: the first is thrown when all had their turn. */
  const each = async (said: Talk, work: (community: CommunityTalk) => Promise<void>) => {
    let failure: { readonly error: unknown } | undefined;
    for (const community of said.communities)
      try {
        if (!signal.aborted) await work(community);
      } catch (error) {
        // With the hub away or the token refused the others would fare no better.
        if (!isFault(error) || HOPELESS.has(error.code)) throw error;
        failure ??= { error };
      }
    return failure;
  };
  const fetchSite = async ({ tenant, site, siteVersion }: CommunityTalk) => {
    const parsed = parseDatabaseName(site);
    if (parsed?.kind !== "site" || parsed.tenant !== tenant) return;
    const wanted = `${site} ${siteVersion}`;
    if (sites.get(tenant) === wanted) return;
    await databases.open(site);
    const pull = (isFromTheStart: boolean) =>
      replicateOnce({
        local: databases,
        url: `${hubUrl}/sync`,
        token: token.get,
        fetch,
        name: site,
        direction: "pull",
        isFromTheStart,
        signal,
      });
    await pull(false);
    let isTaken = await siteKeeper.take(site);
    if (!isTaken) {
      // Written while it came, or a thread lost on a bad line: what is missing is looked for from the start.
      await pull(true);
      isTaken = await siteKeeper.take(site);
    }
    // Not whole even so: the hub is writing; its next state is asked for in the next round.
    if (isTaken) sites.set(tenant, wanted);
  };
  const send = async ({ tenant }: CommunityTalk) => {
    if (!confirmed.has(tenant)) {
      const before = await confirmedOf(local, tenant);
      if (before) confirmed.set(tenant, before);
    }
    const nowMs = clock.now();
    if (
      letters.of(tenant).length > 0 &&
      Math.abs(nowMs - (replayedMs.get(tenant) ?? 0)) > REPLAY_MS
    ) {
      replayedMs.set(tenant, nowMs);
      await outgoing.replay(tenant, signal);
    }
    await outgoing.send(tenant, signal);
  };
  const check = async ({ tenant }: CommunityTalk) => {
    const nowMs = clock.now();
    const last = checkedMs.get(tenant);
    if (last !== undefined && Math.abs(nowMs - last) < DAY_MS) return;
    const found = await heldCheck(
      {
        databases,
        gatewayId,
        calls,
        askHeld: (asked) => ask("held", { tenant: asked }, z.array(HeldMonth), 120_000),
        resend: outgoing.resend,
        fetchIds: incoming.fetchIds,
        sentUpTo: outgoing.sentUpTo,
      },
      tenant,
      signal,
    );
    const inherited = await inheritedCheck({ databases, gatewayId, ask }, tenant, signal);
    if (signal.aborted) return;
    checkedMs.set(tenant, nowMs);
    if (inherited > 0)
      log.warn(
        { tenant, documents: inherited },
        "the hub had lost documents of a machine that was withdrawn: they were brought from here",
      );
    if (found.resent > 0)
      log.warn(
        { tenant, documents: found.resent },
        "the hub had lost documents: they were brought again",
      );
  };
  const sendOwn = async () => {
    await options.beforePush();
    const name = databaseName.gateway(gatewayId);
    const { seq } = await (await databases.open(name)).info();
    if (seq === ownSeq) return;
    const { denied } = await replicateOnce({
      local: databases,
      url: `${hubUrl}/sync`,
      token: token.get,
      fetch,
      name,
      direction: "push",
      signal,
    });
    if (denied.length > 0) tally.refused("replication_denied", denied.length);
    ownSeq = seq;
  };

  /** What the hub has to say, at once or when it is something new; it is told of this gateway. */
  const look = async (waitMs: number): Promise<Talk> => {
    const body = { version: talk?.version ?? null, waitMs, report: options.report() };
    const said = await ask("watch", body, Talk, waitMs + GRACE_MS);
    heard(said);
    return said;
  };
  const work = async (isTalkGood: boolean) => {
    const said = await connect(isTalkGood);
    const unfetched = await each(said, fetchSite);
    options.reached();
    const tenants = said.communities.map(({ tenant }) => tenant);
    for (const tenant of sites.keys()) if (!tenants.includes(tenant)) sites.delete(tenant);
    await siteKeeper.keepOnly(tenants);
    for (const tenant of said.erased) {
      await options.onErased(tenant);
      letters.forget(tenant);
    }
    const unsent = await each(said, send);
    await sendOwn();
    const unseen = await each(said, (community) => incoming.fetch(community, signal));
    const unkept = await each(said, (community) => past.fetch(community, signal));
    const unchecked = await each(said, check);
    const failure = unfetched ?? unsent ?? unseen ?? unkept ?? unchecked;
    if (failure) throw failure.error;
  };

  return {
    talk: () => talk,
    forgetToken() {
      token.drop();
      talk = undefined;
    },
    async round() {
      const isTalkGood = isRoundWhole;
      isRoundWhole = false;
      await work(isTalkGood);
      isRoundWhole = true;
    },
    async news(wake) {
      // A question that is open already stays open: it is the one line that news comes over.
      watching ??= look(Math.min(options.pollMs, 120_000))
        .catch(() => {
          // The next round meets the same trouble and says what it is.
          talk = undefined;
        })
        // Whatever answers at once again and again is not asked at once again.
        .then(() => clock.sleep(LEAST_MS, signal))
        .finally(() => (watching = undefined));
      if (wake.aborted) return;
      await new Promise<void>((resolve) => {
        const leave = () => {
          wake.removeEventListener("abort", leave);
          resolve();
        };
        wake.addEventListener("abort", leave);
        void watching?.then(leave);
      });
    },
    async end() {
      await watching;
    },
  };
}
