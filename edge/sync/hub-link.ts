/**
 * `hub-link`: keeps this gateway and the hub in step for as long as the process lives.
 *
 * Supervises: brings a waiting claim, gets a token, asks for news and waits for it, has `site`
 * fetched before anything else, then events and segments taken up and others' fetched. A failure ends the
 * round, waits longer each time and at random, and is told in words; only a whole round without
 * one resets the wait. Hearing, keeping and showing never wait for any of it.
 */
import type { Fetch } from "#shared/couch/answer.ts";
import type { Database, Doc } from "#shared/couch/database.ts";
import type { LocalDatabases } from "#shared/couch/leveldb.ts";
import type { GatewayReport } from "#shared/api/gateway-talk.ts";
import type { Statement } from "#shared/auth/hub-statement.ts";
import type { ChainEnd } from "#shared/keep/chain.ts";
import type { Clock } from "#shared/model/clock.ts";
import { isFault } from "#shared/model/fault.ts";
import type { HubTroubleCode } from "#shared/model/hub-troubles.ts";
import type { TenantName } from "#shared/model/ids.ts";
import type { Tally } from "#shared/model/refusals.ts";
import { Withdrawn } from "./access-token.ts";
import { waitAfter, type Backoff } from "./backoff.ts";
import { confirmedOf, type Confirmed } from "./confirmed.ts";
import { deadLetters, type DeadLetters } from "./dead-letters.ts";
import type { HubPlace } from "./hub-place.ts";
import { hubSession, HOPELESS, type HubSession } from "./hub-session.ts";
import { toldTrouble, troubleOf, type Trouble } from "./hub-trouble.ts";
import type { Identity } from "./identity.ts";
import { progress } from "./progress.ts";
import type { SiteKeeper } from "./site-keeper.ts";

export interface HubLinkOptions {
  readonly place: HubPlace;
  readonly fetch: Fetch;
  readonly identity: Identity;
  readonly databases: LocalDatabases;
  readonly local: Database;
  readonly siteKeeper: SiteKeeper;
  /** Where the chain of each community stands. */
  readonly chainEnds: () => ReadonlyMap<TenantName, ChainEnd | undefined>;
  /** Written just before `g-{gateway}` goes up. */
  readonly beforePush: () => Promise<void>;
  readonly clock: Clock;
  readonly chance: () => number;
  /** How long a question for news stays open at most, ms. */
  readonly pollMs: number;
  readonly tally: Tally;
  /** Uplinks that the hub has not confirmed. */
  readonly waiting: () => number;
  /** What the report says beyond what the link knows itself. */
  readonly about: () => Pick<
    GatewayReport,
    "version" | "epoch" | "startedAt" | "asked" | "leftBehind" | "sites" | "generations" | "holds"
  >;
  /** The hub has all of a community's chain up to `end`. */
  readonly onConfirmed: (tenant: TenantName, end: ChainEnd) => void;
  /** Others' documents arrived. */
  /** History came down; of these months the segments are gone here too. */
  readonly onHistory?: (tenant: TenantName, gone: readonly string[]) => Promise<void>;
  readonly onFetched?: (name: string, docs: readonly Doc[]) => void;
  /** A community was erased while we were away: all of it has to go. */
  readonly onErased: (tenant: TenantName) => Promise<void>;
  /**
   * Segments of this gateway that are not here are about to be written here: another life of this machine
   * filled its inbox up to `place` with other uplinks. What is in this one's inbox must not be taken for sealed by them.
   */
  readonly beforeReturned: (place: number) => Promise<void>;
  /** The hub has documents of this gateway that are not here: this is an old disk image, or a copy. */
  readonly onRolledBack: (tenant: TenantName, documents: number) => void;
  readonly onWithdrawn: (statement: Statement) => void;
  /** What is remembered of the hub from before this start. */
  readonly before?: HubAway;
  /** Told whenever the hub is reached or lost, with what is to be remembered. */
  readonly onChange: (away: HubAway) => void;
  /** The hub's time, when it said it. */
  readonly onHubTime: (hubMs: number) => void;
  readonly log: {
    info(about: object, message: string): void;
    warn(about: object, message: string): void;
  };
}

/** Since when the hub is away, epoch ms, and why; and the last time it was. */
export type HubAway = Pick<HubState, "awaySinceMs" | "trouble" | "lastAway">;

export interface HubState {
  readonly hubUrl: string | null;
  readonly isReached: boolean;
  /** Since when it is, and since when it is not, epoch ms. */
  readonly connectedSinceMs: number | null;
  readonly awaySinceMs: number | null;
  readonly lastSuccessMs: number | null;
  /** What is wrong; null after a success. */
  readonly trouble: Trouble | null;
  /** The last time it was away, and why: by the time the hub can be told it is over. Null before the first. */
  readonly lastAway: {
    readonly fromMs: number;
    readonly toMs: number;
    readonly trouble: Trouble;
  } | null;
  readonly waitingBytes: number;
  readonly etaMs: number | null;
  /** All heard until then is on the hub, epoch ms. */
  readonly completeUntilMs: number | null;
  readonly denied: number;
  /** Another machine speaks with this gateway's identity. */
  readonly hasTwin: boolean;
  readonly claim: "none" | "waiting" | "refused";
  readonly claimRefused: string | null;
  readonly name: string | null;
}

export interface HubLink {
  state(): HubState;
  confirmed(tenant: TenantName): Confirmed | undefined;
  /** There is something to send. */
  nudge(): void;
  run(signal: AbortSignal): Promise<void>;
}

const BACKOFF: Backoff = { firstMs: 1_000, maxMs: 60_000, jitter: 0.7 };
/** How often the file that says which hub it is is looked at. */
const LOOK_MS = 2_000;

/** Troubles of this machine's own. */
const OWN: ReadonlySet<HubTroubleCode> = new Set(["disk_full", "disk_failing"]);

interface Changing {
  isReached: boolean;
  connectedSinceMs: number | null;
  awaySinceMs: number | null;
  lastSuccessMs: number | null;
  trouble: Trouble | null;
  lastAway: HubState["lastAway"];
}

export function hubLink(options: HubLinkOptions): HubLink {
  const { place, local, clock, log, chance } = options;
  const confirmed = new Map<TenantName, Confirmed>();
  const pace = progress();
  let letters: DeadLetters | undefined;
  let session: HubSession | undefined;
  let wake = new AbortController();
  let failures = 0;
  const state: Changing = {
    isReached: false,
    connectedSinceMs: null,
    awaySinceMs: Math.min(options.before?.awaySinceMs ?? Infinity, clock.now()),
    lastSuccessMs: null,
    trouble: options.before?.trouble ?? null,
    lastAway: options.before?.lastAway ?? null,
  };
  const changed = () => {
    const { awaySinceMs, trouble, lastAway } = state;
    // Why it was is of no use once it is reached.
    options.onChange({ awaySinceMs, trouble: state.isReached ? null : trouble, lastAway });
  };

  const reached = () => {
    if (state.isReached) return;
    const { awaySinceMs: fromMs, trouble } = state;
    if (fromMs !== null && trouble) state.lastAway = { fromMs, toMs: clock.now(), trouble };
    Object.assign(state, { isReached: true, awaySinceMs: null, connectedSinceMs: clock.now() });
    log.info({ hubUrl: place.url() }, "the hub is reached");
    changed();
  };
  const succeeded = () => {
    failures = 0;
    reached();
    Object.assign(state, { lastSuccessMs: clock.now(), trouble: null });
  };
  const failed = (error: unknown) => {
    failures++;
    const trouble = troubleOf(error);
    const { code, sentence } = trouble;
    // One community's trouble, or this machine's, is told, and does not make the hub away.
    const isAway = !OWN.has(code) && (!isFault(error) || HOPELESS.has(error.code));
    if (state.trouble?.sentence !== sentence || (isAway && state.isReached))
      log.warn(
        { hubUrl: place.url(), trouble: code, reason: sentence },
        isAway
          ? "the hub is away; nothing is lost, readings wait here"
          : "this gateway and the hub are not in step",
      );
    state.trouble = trouble;
    if (!isAway) return;
    const isNews = state.isReached || failures === 1;
    state.isReached = false;
    state.connectedSinceMs = null;
    state.awaySinceMs ??= clock.now();
    if (isNews) changed();
  };
  const told = (): HubState => {
    const waiting = options.waiting();
    // Also where nothing is heard any more, or never was: others' months must not wait for it.
    const isAllThere =
      state.isReached &&
      waiting <= 0 &&
      (letters?.all().length ?? 0) === 0 &&
      // Community by community: where two lives of a machine met, one may have more there than it counts here.
      [...options.chainEnds()].every(
        ([tenant, end]) => !end || confirmed.get(tenant)?.segmentId === end.id,
      );
    // Of a community of which nothing was ever sealed nothing is missing there.
    const untils = [...options.chainEnds()].flatMap(([tenant, end]) =>
      end ? [confirmed.get(tenant)?.untilMs ?? null] : [],
    );
    return {
      hubUrl: place.url() ?? null,
      ...state,
      waitingBytes: pace.bytesOf(waiting),
      etaMs: pace.etaMs(waiting, clock.now()),
      completeUntilMs: isAllThere
        ? clock.now()
        : untils.includes(null) || untils.length === 0
          ? null
          : Math.min(...(untils as number[])),
      denied: letters?.all().length ?? 0,
      hasTwin: session?.talk()?.hasTwin ?? false,
      claim:
        place.refused() !== undefined ? "refused" : place.code() === undefined ? "none" : "waiting",
      claimRefused: place.refused() ?? null,
      name: place.name() ?? null,
    };
  };
  const report = (): GatewayReport => {
    const now = told();
    const at = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
    return {
      ...options.about(),
      connectedSince: at(now.connectedSinceMs),
      lastSuccessAt: at(now.lastSuccessMs),
      lastError: now.trouble?.sentence.slice(0, 300) ?? null,
      trouble: toldTrouble(now.trouble),
      lastAway: now.lastAway && {
        from: new Date(now.lastAway.fromMs).toISOString(),
        to: new Date(now.lastAway.toMs).toISOString(),
        sentence: now.lastAway.trouble.sentence.slice(0, 300),
        trouble: toldTrouble(now.lastAway.trouble),
      },
      waiting: Math.max(0, options.waiting()),
      waitingBytes: Math.max(0, now.waitingBytes),
      completeUntil: at(now.completeUntilMs),
      etaMs: now.etaMs,
      denied: now.denied,
    };
  };

  /** Works with one hub until the signal aborts, or the hub withdraws this gateway. */
  const withHub = async (hubUrl: string, signal: AbortSignal): Promise<void> => {
    letters ??= await deadLetters(local);
    session = hubSession({ ...options, hubUrl, signal, confirmed, letters, pace, report, reached });
    while (!signal.aborted) {
      let waitMs: number | undefined;
      try {
        await session.round();
        succeeded();
      } catch (error) {
        if (signal.aborted) return;
        const end = withdrawalIn(error);
        if (end) throw end;
        if (isFault(error, "unauthorized")) session.forgetToken();
        failed(error);
        const asked = isFault(error) ? Number(error.details.retryAfterMs ?? 0) : 0;
        waitMs = Math.max(
          waitAfter(failures, BACKOFF, chance()),
          Number.isFinite(asked) ? asked : 0,
        );
      }
      if (waitMs !== undefined && !state.isReached) {
        // While the hub is away a nudge changes nothing: the wait is there to spare it.
        await clock.sleep(waitMs, signal);
        continue;
      }
      if (wake.signal.aborted) wake = new AbortController();
      else
        await (waitMs === undefined ? session.news(wake.signal) : clock.sleep(waitMs, wake.signal));
      if (wake.signal.aborted) wake = new AbortController();
    }
  };

  return {
    state: told,
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
        const hubUrl = place.url();
        const moved = new AbortController();
        const stop = () => moved.abort();
        signal.addEventListener("abort", stop, { once: true });
        const looking = lookOut(moved);
        try {
          if (hubUrl === undefined) await clock.sleep(86_400_000, moved.signal);
          else await withHub(hubUrl, moved.signal);
        } catch (error) {
          if (error instanceof Withdrawn) {
            log.warn(error.statement, "the hub has withdrawn this gateway");
            options.onWithdrawn(error.statement);
            return;
          }
          failed(error);
          await clock.sleep(BACKOFF.maxMs, moved.signal);
        } finally {
          stop();
          signal.removeEventListener("abort", stop);
          await looking;
          await session?.end();
        }
      }
    },
  };

  /** Ends what is under way when somebody says another hub, or brings a code. */
  async function lookOut(moved: AbortController): Promise<void> {
    const { signal } = moved;
    const [url, code] = [place.url(), place.code()];
    while (!signal.aborted) {
      await clock.sleep(LOOK_MS, signal);
      if (signal.aborted) return;
      await place.refresh().catch(() => false);
      const now = place.code();
      // A code that was brought and is gone ends nothing.
      if (place.url() !== url || (now !== undefined && now !== code)) moved.abort();
    }
  }
}

/** The hub's word may come while something else is asked: then it is the reason behind its failure. */
function withdrawalIn(error: unknown): Withdrawn | undefined {
  for (let one: unknown = error, depth = 0; one && depth < 8; depth++) {
    if (one instanceof Withdrawn) return one;
    one = (one as { cause?: unknown }).cause;
  }
  return undefined;
}
