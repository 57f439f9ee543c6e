/**
 * `hub-link`: keeps this gateway and the hub in step for as long as the process lives.
 *
 * One round: a token; `site` down before anything else; then segments and what the gateway says
 * of itself up. A failure ends the round, waits longer each time, and is told in words; hearing,
 * keeping and showing never wait for any of it.
 */
import type { Database } from "#shared/couch/database.ts";
import type { LocalDatabases } from "#shared/couch/leveldb.ts";
import { replicateOnce } from "#shared/couch/replicate.ts";
import type { Clock } from "#shared/model/clock.ts";
import { databaseName, parseDatabaseName } from "#shared/model/database-names.ts";
import { isFault, type FaultCode } from "#shared/model/fault.ts";
import type { GatewayId, TenantName } from "#shared/model/ids.ts";
import type { Tally } from "#shared/model/refusals.ts";
import type { ChainEnd } from "#shared/keep/chain.ts";
import type { AccessToken, TokenAnswer } from "./access-token.ts";
import { waitAfter, type Backoff } from "./backoff.ts";
import { confirm, confirmedOf, deniedOf, deny, type Confirmed } from "./confirmed.ts";
import { liveLane } from "./live-lane.ts";
import type { SiteKeeper } from "./site-keeper.ts";

export interface HubLinkOptions {
  readonly hubUrl: string;
  readonly gatewayId: GatewayId;
  readonly token: AccessToken;
  readonly databases: LocalDatabases;
  readonly local: Database;
  readonly siteKeeper: SiteKeeper;
  /** Where the chain of each community stands. */
  readonly chainEnds: () => ReadonlyMap<TenantName, ChainEnd | undefined>;
  /** Written just before `g-{gateway}` goes up. */
  readonly beforePush: () => Promise<void>;
  readonly clock: Clock;
  readonly chance: () => number;
  readonly pollMs: number;
  readonly tally: Tally;
  /** The hub has all of a community's chain up to `end`. */
  readonly onConfirmed?: (tenant: TenantName, end: ChainEnd) => void;
  /** Told whenever it is reached or lost. */
  readonly onChange: () => void;
  /** The hub's time, when it said it. */
  readonly onHubTime: (hubMs: number) => void;
  readonly log: {
    info(about: object, message: string): void;
    warn(about: object, message: string): void;
  };
}

export interface HubState {
  readonly isReached: boolean;
  /** Since when it is not, epoch ms; null while it is. */
  readonly awaySinceMs: number | null;
  readonly lastSuccessMs: number | null;
  /** In words; null after a success. */
  readonly lastError: string | null;
}

export interface HubLink {
  state(): HubState;
  confirmed(tenant: TenantName): Confirmed | undefined;
  /** There is something to send. */
  nudge(): void;
  run(signal: AbortSignal): Promise<void>;
}

const BACKOFF: Backoff = { firstMs: 1_000, maxMs: 30_000, jitter: 0.5 };
/** Segments per request: about 1 MB. */
const BATCH_SEGMENTS = 100;
/** More than this waiting, and the newest goes ahead on a lane of its own. */
const BACKLOG_UPLINKS = 2_000;
/** After these nothing else of a round is tried. */
const HOPELESS: ReadonlySet<FaultCode> = new Set(["unavailable", "unauthorized", "too_many"]);

export function hubLink(options: HubLinkOptions): HubLink {
  const { hubUrl, gatewayId, token, databases, local, siteKeeper, clock, tally, log } = options;
  const sync = { local: databases, url: `${hubUrl}/sync`, token: () => token.get() };
  const lanes = { hubUrl, token: sync.token, databases, gatewayId, clock, log };
  const confirmed = new Map<TenantName, Confirmed>();
  /** The generation in use, by community, since this process spoke with the hub. */
  const inUse = new Map<TenantName, string>();
  let state: HubState = {
    isReached: false,
    awaySinceMs: clock.now(),
    lastSuccessMs: null,
    lastError: null,
  };
  let failures = 0;
  let wake = new AbortController();
  let hello: { readonly answer: TokenAnswer; readonly untilMs: number } | undefined;

  const renewed = async (): Promise<TokenAnswer> => {
    if (hello && clock.now() < hello.untilMs) return hello.answer;
    const answer = await token.renew();
    options.onHubTime(Date.parse(answer.hub_time));
    // Also tells which communities and generations there are: asked as often as the hub is polled.
    hello = { answer, untilMs: clock.now() + Math.min(options.pollMs, 60_000) };
    return answer;
  };

  /** One community's trouble must not hold up the others: the first is thrown when all had their turn. */
  const each = async (
    { communities }: TokenAnswer,
    work: (community: TokenAnswer["communities"][number]) => Promise<void>,
  ) => {
    let failure: { readonly error: unknown } | undefined;
    for (const community of communities)
      try {
        await work(community);
      } catch (error) {
        // With the hub away or the token refused the others would fare no better.
        if (!isFault(error) || HOPELESS.has(error.code)) throw error;
        failure ??= { error };
      }
    return failure;
  };

  const pullSite = async (tenant: TenantName, site: string, signal: AbortSignal) => {
    const parsed = parseDatabaseName(site);
    if (parsed?.kind !== "site" || parsed.tenant !== tenant) return;
    await databases.open(site);
    const { docsWritten } = await replicateOnce({ ...sync, name: site, direction: "pull", signal });
    const isNews = docsWritten > 0 || inUse.get(tenant) !== site;
    if (isNews && (await siteKeeper.take(site))) inUse.set(tenant, site);
  };

  const pushSegments = async (tenant: TenantName, signal: AbortSignal) => {
    const end = options.chainEnds().get(tenant);
    const before = confirmed.get(tenant) ?? (await confirmedOf(local, tenant));
    if (before) confirmed.set(tenant, before);
    if (!end || before?.segmentId === end.id) return;
    const months = (await databases.names()).flatMap((name) => {
      const parsed = parseDatabaseName(name);
      const isOpen =
        parsed?.kind === "tele" &&
        parsed.tenant === tenant &&
        parsed.month >= (before?.month ?? "");
      return isOpen ? [name] : [];
    });
    const isBacklog = end.uplinks - (before?.uplinks ?? 0) > BACKLOG_UPLINKS;
    const drained = new AbortController();
    const stop = () => drained.abort();
    signal.addEventListener("abort", stop, { once: true });
    const lane = isBacklog ? liveLane(lanes, tenant, drained.signal) : undefined;
    try {
      for (const name of months.sort()) {
        const refused = await push(name, signal);
        if (refused.length > 0) await deny(local, tenant, refused);
      }
    } finally {
      signal.removeEventListener("abort", stop);
      stop();
      await lane;
    }
    // What the hub refused once is not offered again: the next push, without refusals, proves nothing.
    if ((await deniedOf(local, tenant)).length > 0) return;
    confirmed.set(tenant, await confirm(local, tenant, end));
    options.onConfirmed?.(tenant, end);
  };

  const pushEvents = async (tenant: TenantName, signal: AbortSignal) => {
    for (const name of await databases.names()) {
      const parsed = parseDatabaseName(name);
      if (parsed?.kind === "events" && parsed.tenant === tenant) await push(name, signal);
    }
  };

  /** The documents the hub refused. */
  const push = async (name: string, signal: AbortSignal): Promise<readonly string[]> => {
    for (let batchSize = BATCH_SEGMENTS; ; batchSize = Math.ceil(batchSize / 4))
      try {
        const { denied } = await replicateOnce({
          ...sync,
          name,
          direction: "push",
          batchSize,
          signal,
        });
        if (denied.length === 0) return [];
        tally.refused("replication_denied", denied.length);
        log.warn(
          { name, documents: denied.slice(0, 20) },
          "the hub refuses documents of this gateway",
        );
        return denied;
      } catch (error) {
        if (!isFault(error, "too_large") || batchSize === 1) throw error;
      }
  };

  const round = async (signal: AbortSignal) => {
    const answer = await renewed();
    const unpulled = await each(answer, ({ tenant, site }) => pullSite(tenant, site, signal));
    // It speaks with us: a backlog may take minutes from here, and pages would call it away.
    if (!state.isReached) {
      log.info({ hubUrl }, "the hub is reached");
      state = { ...state, isReached: true, awaySinceMs: null };
      options.onChange();
    }
    const tenants = answer.communities.map(({ tenant }) => tenant);
    for (const tenant of inUse.keys()) if (!tenants.includes(tenant)) inUse.delete(tenant);
    await siteKeeper.keepOnly(tenants);
    const unpushed = await each(answer, async ({ tenant }) => {
      await pushEvents(tenant, signal);
      await pushSegments(tenant, signal);
    });
    await options.beforePush();
    await push(databaseName.gateway(gatewayId), signal);
    const failure = unpulled ?? unpushed;
    if (failure) throw failure.error;
  };

  const succeeded = () => {
    failures = 0;
    state = { isReached: true, awaySinceMs: null, lastSuccessMs: clock.now(), lastError: null };
  };
  const failed = (error: unknown) => {
    failures++;
    hello = undefined;
    const reason = isFault(error)
      ? error.message
      : `unexpected: ${error instanceof Error ? error.message : String(error)}`;
    // One community's trouble is told, and does not make the hub away for the others.
    const isAway = !isFault(error) || HOPELESS.has(error.code);
    const isNews = state.lastError !== reason || (isAway && state.isReached);
    if (isNews && isAway)
      log.warn({ hubUrl, reason }, "the hub is away; nothing is lost, readings wait here");
    else if (isNews) log.warn({ hubUrl, reason }, "the hub has trouble with a community");
    state = isAway
      ? {
          ...state,
          isReached: false,
          awaySinceMs: state.awaySinceMs ?? clock.now(),
          lastError: reason,
        }
      : { ...state, lastError: reason };
  };

  return {
    state: () => state,
    confirmed: (tenant) => confirmed.get(tenant),
    nudge: () => wake.abort(),
    async run(signal) {
      // One signal to sleep on: joining a new one with the process's own at each turn is never freed.
      signal.addEventListener("abort", () => wake.abort(), { once: true });
      // So that what waits is told rightly also while the hub is away.
      for (const tenant of options.chainEnds().keys()) {
        const before = await confirmedOf(local, tenant).catch(() => undefined);
        if (before) confirmed.set(tenant, before);
      }
      while (!signal.aborted) {
        const wasReached = state.isReached;
        let waitMs = options.pollMs;
        try {
          await round(signal);
          succeeded();
        } catch (error) {
          if (signal.aborted) return;
          failed(error);
          waitMs = waitAfter(failures, BACKOFF, options.chance());
        }
        if (wasReached && !state.isReached) options.onChange();
        // While the hub is away a nudge changes nothing: the wait is there to spare it.
        await clock.sleep(waitMs, state.isReached ? wake.signal : signal);
        if (wake.signal.aborted) wake = new AbortController();
      }
    },
  };
}
