/**
 * `edge`: a whole gateway as a function: every part made and tied together, started and stopped.
 *
 * Hearing begins as soon as the store is open; pages, rollup and hub come after it and may fail
 * without it.
 */
import type { AddressInfo } from "node:net";
import type { Hono } from "hono";
import { attempts } from "#shared/auth/attempts.ts";
import { eventLog, type EventLog } from "#shared/couch/event-log.ts";
import { everyId } from "#shared/couch/every-id.ts";
import { syncedWrites } from "#shared/couch/synced-leveldown.ts";
import type { Statement } from "#shared/auth/hub-statement.ts";
import type { Clock } from "#shared/model/clock.ts";
import {
  databaseName,
  dayOf,
  monthBounds,
  parseDatabaseName,
} from "#shared/model/database-names.ts";
import { AnswerDoc } from "#shared/model/events/answer.ts";
import type { DeviceId, TenantName, WriterId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import { pending } from "#shared/series/pending.ts";
import { historyStore } from "#shared/series/history-store.ts";
import { newest } from "#shared/series/newest.ts";
import { readingStore } from "#shared/series/reading-store.ts";
import { forgetDays } from "#shared/series/rollup.ts";
import type { HubFace } from "#shared/api/gateway-talk.ts";
import { setupCodeIn, type SetupCode } from "./setup/setup-code.ts";
import { setupSignIns } from "./setup/setup-sign-ins.ts";
import { setupState } from "./setup/setup-state.ts";
import { homes } from "#shared/access/homes.ts";
import { keptNews } from "./access/kept-news.ts";
import { ownSettings } from "./access/own-settings.ts";
import { signInJournal } from "./access/sign-in-journal.ts";
import { signIns } from "./access/sign-ins.ts";
import { edgeApp } from "./app.ts";
import type { EdgeConfig } from "./config.ts";
import { hearing } from "./hearing.ts";
import { listen } from "./listen.ts";
import { conditionsNow } from "./health/conditions.ts";
import { healthReport } from "./health/health-report.ts";
import { metrics, type Metrics } from "./health/metrics.ts";
import { isKeeping, tellConditions } from "./health/tell-conditions.ts";
import { upkeep } from "./health/upkeep.ts";
import { sessionExports } from "./radio/session-exports.ts";
import { sandboxOnDemand } from "#shared/devices/sandbox/sandbox-on-demand.ts";
import { intake } from "#shared/keep/intake.ts";
import { sightings } from "#shared/keep/sightings.ts";
import { sourceSessions } from "#shared/keep/source-sessions.ts";
import { networkServer } from "./radio/network-server/network-server.ts";
import { requestBook } from "./requests/request-book.ts";
import { dailyCounts } from "./store/daily-counts.ts";
import { clockLives } from "./store/clock-lives.ts";
import { erasedLately, forgetCommunity } from "./store/forget-community.ts";
import { openStore } from "./store/open-store.ts";
import { seqsOf } from "./store/recovery.ts";
import { room } from "./store/room.ts";
import { scrubber } from "./store/scrubber.ts";
import { siteRollups } from "./store/site-rollups.ts";
import { takeUpInbox } from "./store/take-up.ts";
import { unkept } from "./store/unkept.ts";
import { witness } from "./store/witness.ts";
import { reachOf } from "./site/reach.ts";
import { replayStrangers } from "./site/replay-strangers.ts";
import { sites } from "./site/sites.ts";
import { siteDecoders, siteRedecoder } from "./site/site-decoders.ts";
import type { Uplink } from "#shared/model/uplink.ts";
import { inbox, inboxEntries } from "#shared/keep/inbox.ts";
import { inboxMark, type InboxPlace } from "#shared/keep/inbox-mark.ts";
import { chainEnds } from "#shared/keep/chain.ts";
import { nextEpoch } from "#shared/keep/epoch.ts";
import { sealer } from "#shared/keep/sealer.ts";
import { strangers } from "#shared/keep/strangers.ts";
import { isDecoded } from "#shared/keep/told-beside.ts";
import { hubLine } from "./sync/hub-line.ts";
import { hubLink, type HubState } from "./sync/hub-link.ts";
import { hubPlace } from "./sync/hub-place.ts";
import { forgetPlace } from "./sync/inflow.ts";
import { identityIn } from "./sync/identity.ts";
import { siteKeeper } from "./sync/site-keeper.ts";

export interface Log {
  info(about: object, message: string): void;
  warn(about: object, message: string): void;
  error(about: object, message: string): void;
}

export interface EdgeParts {
  readonly clock: Clock;
  /** Ms since any moment by a clock that nobody moves; the process's own unless told otherwise. */
  readonly elapsedMs?: () => number;
  /**
   * A database that is open turns out to be damaged. Nobody may go on with it: the gateway is to be
   * stopped and started again, which sets it aside.
   */
  readonly onBroken?: (name: string, reason: string) => void;
  /** The hub lets this gateway in no more: it is to be stopped, wiped, and to say so. */
  readonly onWithdrawn?: (statement: Statement) => void;
  readonly random: (size: number) => Uint8Array;
  readonly log: Log;
  /** The residents' pages, or nothing where only the API is wanted. */
  readonly pages: () => Promise<Hono>;
  readonly version: string;
}

export interface Edge {
  readonly url: string;
  readonly port: number;
  /** Ports as given by the system; undefined where nothing listens. */
  readonly udpPort: number | undefined;
  readonly mqttPort: number | undefined;
  readonly stationPort: number | undefined;
  readonly gatewayId: string;
  /** Opens the setup page. A secret: for the console, never for a log. */
  readonly setupCode: SetupCode;
  /** The hub as this gateway remembers it. */
  hubFace(): HubFace | undefined;
  readonly metrics: Metrics;
  /** What happens at this site, community by community. */
  readonly events: EventLog;
  /** What the hub has not confirmed yet, over all communities. */
  waiting(): number;
  hub(): HubState;
  /** Ids of all segments of a community that are here, its siblings' too. */
  segments(tenant: TenantName): Promise<Set<string>>;
  /** Seals what waits and brings the rollup up to it. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

const STRANGERS_QUOTA = 100_000;
/** An inbox day lives this long after its own end. */
const INBOX_DAYS_MS = 2 * 86_400_000;

/**
 * @throws Fault when a setting cannot be met (a port that is taken, a damaged identity); nothing is
 * left running then, since a gateway that hears and does not seal would look alive
 */
export async function startEdge(config: EdgeConfig, parts: EdgeParts): Promise<Edge> {
  const opened: (() => unknown)[] = [];
  try {
    return await start(config, parts, (close) => opened.push(close));
  } catch (error) {
    for (const close of opened.reverse())
      await Promise.resolve(close()).catch((reason: unknown) =>
        parts.log.warn({ error: reason }, "a part could not be stopped"),
      );
    throw error;
  }
}

async function start(
  config: EdgeConfig,
  { clock: machineClock, random, log, pages, version, ...parts }: EdgeParts,
  onFailure: (close: () => unknown) => void,
): Promise<Edge> {
  const stopping = new AbortController();
  const identity = await identityIn(config.dataFolder);
  const { gatewayId } = identity;
  const writer = gatewayId as string as WriterId;
  const elapsedMs = parts.elapsedMs ?? (() => performance.now());
  const store = await openStore({
    folder: config.dataFolder,
    clock: machineClock,
    elapsedMs,
    random,
    onSetAside: ({ name, reason, folder }) =>
      log.error({ name, reason, folder }, "a database is damaged: set aside and begun anew"),
    onBroken(name, reason) {
      log.error({ name, reason }, "an open database is damaged");
      parts.onBroken?.(name, reason);
    },
  });
  onFailure(() => store.close());
  const { databases, local, certain, time: clock } = store;
  const startedMs = clock.now();
  const roll = await databases.openShelf(databaseName.roll);
  const own = await databases.open(databaseName.gateway(gatewayId));

  const state = conditionsNow(elapsedMs, clock.now);
  const counts = metrics(
    {
      waiting: () => waiting(),
      unsealed: () => seal.waiting(),
      strangers: () => unknown.size,
      hub: () => hub.state(),
      sandbox: () => sandbox.stats,
      syncedWrites,
      conditions: () => state.shown(),
      freeBytes: () => space.freeBytes(),
    },
    store.ledger,
  );
  const known = sites((site, keys) => requests.over(site, keys));
  const sandbox = sandboxOnDemand({ clock });
  onFailure(() => sandbox.close());
  const findersOf = siteDecoders(known, sandbox);
  const again = siteRedecoder(known, findersOf);
  const news = keptNews();
  const fresh = pending();
  const memory = newest(roll);
  const past = historyStore({
    databases,
    clock,
    onDamaged: (id) => log.warn({ id }, "a frozen month cannot be read"),
  });
  const readings = readingStore({
    store: roll,
    history: past,
    newest: memory,
    reach: reachOf(known),
    pending: fresh,
  });

  const erased = new Set(await erasedLately(databases, local));
  const mark = await inboxMark(local);
  // Also of communities whose site is not here just now: a place used twice would not be sealed.
  const ends = await chainEnds(databases, writer);
  const { remembered } = store;
  const knownEnds = Object.values(remembered.confirmed);
  let lastN = Math.max(
    mark.start?.n ?? 0,
    remembered.lastN,
    ...[...ends, ...knownEnds].map(({ sealedN }) => sealedN),
  );
  const leftover = store.setAside.length > 0 ? undefined : await heardUnvouched(mark.start);
  const { epoch, previous } = await nextEpoch(local, [...ends, ...knownEnds], random);
  const seal = sealer({
    databases,
    clock: certain,
    writer,
    epoch,
    before: leftover === undefined || !previous ? undefined : { n: leftover, epoch: previous },
    knownEnd: (tenant) => remembered.confirmed[tenant],
    patienceMs: () => (hub.state().isReached ? config.sealOnlineMs : config.sealOfflineMs),
    onSealed: (_tenant, { count }) => {
      counts.sealed(count);
      hub.nudge();
      const sealedN = seal.sealedUpTo(lastN);
      Promise.all([mark.sealedUpTo(sealedN), seenHere.sealedUpTo(sealedN)]).catch(
        (error: unknown) => log.warn({ error }, "the inbox mark could not be written"),
      );
    },
    log,
  });

  const events = eventLog({
    databases,
    writer,
    // Like segments: a clock that stepped back must not open a month that is over.
    month: (tenant) =>
      [seal.ends().get(tenant)?.month ?? "", store.time.month()].toSorted().at(-1) as string,
    isGone: (tenant) => erased.has(tenant),
    onWritten: () => hub.nudge(),
    onDamaged: (id) => log.warn({ id }, "an event cannot be read"),
  });

  const place = await hubPlace(config.dataFolder, config.hubUrl);
  const requests = requestBook({
    gatewayId,
    events,
    local,
    clock: certain,
    hubKey: () => place.face()?.sealing,
    ownKey: identity.public.encryption,
    openKeys: (jwe) => identity.openKeys(jwe),
    onChange: (tenant) => known.refresh(tenant),
    onUnsaid: (requestId, error) =>
      log.warn({ requestId, error }, "a request cannot be written down for the hub just now"),
  });

  const rollups = siteRollups({
    databases,
    events,
    roll,
    redecoder: again,
    clock,
    tally: counts,
    onRolledUp: async (tenant, uplinks) => {
      // First what is newest, then what waited: nothing falls between the two.
      await memory.touch(tenant, new Set(uplinks.map(({ deviceId }) => deviceId)));
      fresh.drop(tenant, uplinks);
    },
    onDerivedAnew: (tenant, deviceIds) => memory.touch(tenant, deviceIds),
    log,
  });
  onFailure(async () => {
    stopping.abort();
    await rollups.stop();
  });
  const lives = clockLives(store, epoch, log);
  const prepare = async (tenant: TenantName) => {
    const end = await seal.resume(tenant);
    lastN = Math.max(lastN, end?.sealedN ?? 0);
    rollups.add(tenant);
    // What waits can wait longer: a book that cannot be read must not keep a community from being heard.
    await requests
      .open(tenant)
      .catch((error: unknown) => log.error({ tenant, error }, "requests made here cannot be read"));
  };

  /** Sessions that came before the network server was there. */
  const handedOver = new Map<DeviceId, unknown>();
  let takeSessions = () => {};
  /** Communities whose devices' keys cannot be opened here. */
  const unopened = new Set<TenantName>();
  const keeper = siteKeeper({
    databases,
    local,
    sites: known,
    identity,
    prepare,
    onSessions(sessions) {
      for (const [deviceId, text] of sessions) handedOver.set(deviceId, text);
      takeSessions();
    },
    onKeys(tenant, isOpen) {
      if (isOpen) unopened.delete(tenant);
      else if (!unopened.has(tenant)) {
        unopened.add(tenant);
        counts.refused("keys_unopened", 1, { tenant, fromMs: clock.now() });
      }
    },
    log,
  });
  const placeSites = () => {
    for (const { community } of known.all()) clock.atLeast(Date.parse(community.projectedAt));
  };
  known.onChange(placeSites);
  await keeper.load();
  // Also where only its siblings' segments or its events are here, and no site just now.
  const held = new Set(Object.keys(remembered.ends) as TenantName[]);
  for (const name of await databases.names()) {
    const parsed = parseDatabaseName(name);
    if (parsed && "tenant" in parsed) held.add(parsed.tenant);
  }
  for (const tenant of held) if (!erased.has(tenant)) await prepare(tenant);
  const taken = await takeUpInbox({
    store,
    mark,
    tally: counts,
    ends: seal.ends,
    sites: known,
    isErased: (tenant) => erased.has(tenant),
    prepare,
    onFound(entry) {
      fresh.add(entry.tenant, entry.uplink, writer);
      seal.add(entry);
    },
    log,
  });
  lastN = Math.max(lastN, taken.lastN);
  // What the hub has of them is fetched from the beginning.
  for (const { name } of store.setAside) await forgetPlace(local, name);
  const seenHere = await witness(store.witnessFolder, {
    lastN,
    onFailure: (error) => log.warn({ error }, "the witness could not be written"),
  });
  const space = room({
    databases,
    databaseFolder: store.databaseFolder,
    space: store.space,
    budgetBytes: config.diskBudgetBytes,
    reserveBytes: config.diskReserveBytes,
    confirmedMonth: (tenant) => hub.confirmed(tenant)?.month,
    tally: counts,
    conditions: state,
    log,
  });
  const kept = inbox({
    databases,
    clock: certain,
    windowMs: config.commitWindowMs,
    lastN,
    onKept: (entry) => {
      lastN = entry.n;
      seenHere.saw(entry);
      fresh.add(entry.tenant, entry.uplink, writer);
      seal.add(entry);
      news.tell(entry.tenant, entry.uplink);
    },
    onReached: (place) => mark.reached(place),
  });
  const unknown = await strangers({
    databases,
    clock,
    tally: counts,
    epoch,
    quota: STRANGERS_QUOTA,
    windowMs: config.commitWindowMs,
  });
  const seen = sightings({ database: own, gatewayId, clock });
  const ear = intake({
    sites: known,
    decodersOf: findersOf,
    clock,
    inbox: {
      async keep(tenant, uplink) {
        try {
          await space.check();
          return await kept.keep(tenant, uplink);
        } catch (error) {
          const { deviceId, heardAt: fromMs } = uplink;
          counts.refused(unkept(error), 1, { tenant, deviceId, fromMs });
          throw error;
        }
      },
    },
    strangers: unknown,
    sightings: seen,
    sessions: sourceSessions(local, async (deviceId) => {
      const holder = known.holder(deviceId, clock.now());
      const latest =
        holder && (await readings.latest(systemScope("intake"), holder.site.tenant, deviceId));
      return latest?.heard ?? undefined;
    }),
    tally: counts,
    vouched,
    onOutcome: counts.heard,
  });

  const network = await networkServer({
    local,
    keysOf: (deviceId) => known.keysOf(deviceId),
    fixedSessions: () => known.fixedSessions(),
    ear,
    tally: counts,
    clock,
    isClockSynced: clock.isSynced,
    random,
    log,
    heardElsewhere: counts.heardElsewhere,
    tenantOf: (deviceId) => known.holder(deviceId, clock.now())?.site.tenant,
  });
  onFailure(() => network.stop());
  takeSessions = () => {
    const sessions = new Map(handedOver);
    handedOver.clear();
    network
      .takeOver(sessions)
      .then((taken) => {
        if (taken > 0) log.info({ taken }, "sessions of the machine before this one go on here");
      })
      .catch((error: unknown) => log.warn({ error }, "sessions could not be taken over"));
  };
  takeSessions();
  const exports = sessionExports({
    database: own,
    gatewayId,
    sessions: () => network.exports(),
    hubKey: () => place.face()?.sealing,
    clock,
  });
  const replay = replayStrangers({
    unknown,
    sites: known,
    ear,
    clock,
    epoch,
    rightBy: lives.rightBy,
    onTaken: (outcome) => counts.heard(outcome, "strangers"),
    log,
  });
  known.onChange(() => {
    network
      .keysChanged()
      .catch((error: unknown) =>
        log.warn({ error }, "sessions could not be brought in step with the keys"),
      );
    void replay();
  });
  const ways = await hearing({
    config,
    gatewayId,
    ear,
    network,
    local,
    sites: known,
    isRead: (holder) => isDecoded(holder.device.model, findersOf(holder.site.tenant)),
    tally: counts,
    clock,
    onFailure,
    log,
  });
  const report = healthReport({
    database: own,
    gatewayId,
    clock,
    version,
    startedMs,
    metrics: counts,
    waiting: () => waiting(),
    sites: known,
  });
  const confirmedEnds = { ...remembered.confirmed };
  const line = hubLine({ proxyUrl: config.hubProxy });
  onFailure(() => line.close());
  const hub = hubLink({
    onFetched(name, docs) {
      const parsed = parseDatabaseName(name);
      if (parsed?.kind !== "events") return;
      const answers = docs.flatMap((doc) => {
        const answer = AnswerDoc.safeParse(doc).data;
        return answer?.writer.startsWith("hub-") ? [answer] : [];
      });
      if (answers.length > 0)
        requests
          .answered(parsed.tenant, answers)
          .catch((error: unknown) => log.warn({ error }, "answers of the hub could not be kept"));
    },
    onHistory: async (tenant, gone) => {
      past.changed();
      const devices = [...(await memory.all(tenant)).keys()];
      for (const { fromMs, toMs } of gone.map(monthBounds))
        await forgetDays(roll, tenant, devices, fromMs, toMs - 1);
    },
    place,
    fetch: line.fetch,
    identity,
    databases,
    local,
    siteKeeper: keeper,
    chainEnds: seal.ends,
    beforePush: async () => {
      await seen.flush();
      await exports.flush();
      await report.write();
    },
    clock,
    chance: Math.random,
    pollMs: config.syncPollMs,
    tally: counts,
    waiting: () => waiting(),
    about: () => ({
      version,
      epoch,
      startedAt: new Date(startedMs).toISOString(),
      sites: Object.fromEntries(
        known.all().map(({ tenant, community }) => [tenant, community.projectedAt]),
      ),
      generations: Object.fromEntries(
        known.all().map(({ tenant, generation }) => [tenant, generation]),
      ),
      asked: known
        .all()
        .reduce(
          (sum, { tenant }) => sum + requests.of(tenant).filter((one) => !one.answer).length,
          0,
        ),
      leftBehind: network.leftBehind().length,
      holds: [...seal.ends().keys()].filter((tenant) => !erased.has(tenant)),
    }),
    onConfirmed: (tenant, end) => {
      confirmedEnds[tenant] = end;
      store.note({ confirmed: { ...confirmedEnds } });
    },
    onErased: async (tenant) => {
      if (erased.has(tenant)) return;
      const unsent = waitingOf(tenant);
      const fromMs = hub.confirmed(tenant)?.untilMs ?? undefined;
      if (unsent > 0)
        counts.refused("community_erased", unsent, {
          ...(fromMs !== undefined && { fromMs }),
          toMs: clock.now(),
        });
      erased.add(tenant);
      seal.forget(tenant);
      requests.forget(tenant);
      await rollups.end(tenant);
      delete confirmedEnds[tenant];
      store.note({ confirmed: { ...confirmedEnds }, ends: knownOf(seal.ends()) });
      await forgetCommunity(databases, local, tenant);
      log.warn({ tenant }, "a community was erased: all of it is gone here too");
    },
    beforeReturned: async (place) => {
      kept.beyond(place);
      await kept.flush();
      await seal.sealAll();
    },
    onRolledBack: (tenant, documents) => {
      state.set("rolled_back", true, `${documents} documents of ${tenant} came back from the hub`);
      network.jump().catch((error: unknown) => log.warn({ error }, "counters could not be jumped"));
    },
    onWithdrawn: (statement) => parts.onWithdrawn?.(statement),
    ...(remembered.hubAway && { before: remembered.hubAway }),
    onChange: (hubAway) => {
      store.note({ hubAway });
      news.freshnessChanged();
    },
    onHubTime: (hubMs) => clock.vouch(hubMs, "hub"),
    log,
  });
  const waitingOf = (tenant: TenantName) => {
    const sealed = seal.ends().get(tenant)?.uplinks ?? 0;
    // Where two lives of this machine met, more may be there than this one counts: that hides nobody else's.
    return seal.waiting(tenant) + Math.max(0, sealed - (hub.confirmed(tenant)?.uplinks ?? 0));
  };
  const waiting = () => [...seal.ends().keys()].reduce((sum, tenant) => sum + waitingOf(tenant), 0);

  const atHome = homes({
    readings,
    clock,
    freshness: (tenant) => {
      const { isReached, awaySinceMs } = hub.state();
      return {
        is_hub_reached: isReached,
        hub_away_since: awaySinceMs === null ? null : new Date(awaySinceMs).toISOString(),
        waiting: waitingOf(tenant),
        is_keeping: isKeeping(state),
      };
    },
  });
  const tell = tellConditions({
    state,
    clock,
    hub: () => hub.state(),
    isSealingStuck: () => seal.isStuck(),
    leftBehind: () => network.leftBehind().length,
    keysUnopened: () => [...unopened].filter((tenant) => known.get(tenant)),
    setAside: () => [...remembered.setAside, ...store.setAside],
    onKeeping: () => news.freshnessChanged(),
  });
  const journal = signInJournal({ events, sites: known, clock: certain, random, log });
  const setupCode = await setupCodeIn(config.dataFolder, random);
  const app = edgeApp({
    programs: { sites: known, readings, clock: certain },
    setup: {
      signIns: setupSignIns({
        code: setupCode,
        clock: certain,
        attempts: attempts(certain),
        random,
        onHappened: (result) =>
          journal.happened({
            by: result === "in" ? "installer" : "unknown",
            way: "setup-code",
            result,
          }),
      }),
      place,
      site: {
        sites: known,
        requests,
        lastHeard: async (tenant, deviceId) =>
          (await readings.latest(systemScope("setup"), tenant, deviceId)).heard?.heardAt ?? null,
        clock: certain,
        random,
      },
      state: () =>
        setupState({
          gatewayId,
          version,
          hub: hub.state(),
          waiting: waiting(),
          sites: known,
          antennas: ways.antennas(),
          knocking: ways.knocking(),
          udpPort: ways.udpPort ?? null,
          leftBehind: network.leftBehind(),
          keysUnopened: [...unopened].flatMap((tenant) => known.get(tenant)?.community.name ?? []),
        }),
    },
    signIns: signIns({
      local,
      sites: known,
      clock: certain,
      attempts: attempts(certain),
      random,
      journal,
    }),
    homes: atHome,
    settings: ownSettings({ sites: known, requests, random }),
    news,
    clock,
    pages: await pages(),
    names: config.names,
    metrics: counts,
    metricsToken: config.metricsToken,
    health: () => ({
      status: state.shown().some(({ severity }) => severity === "error") ? "degraded" : "ok",
      conditions: state.shown(),
      version,
      gatewayId,
      upMs: clock.now() - startedMs,
      sites: Object.fromEntries(known.all().map(({ tenant, generation }) => [tenant, generation])),
      hub: hub.state(),
      kept: counts.kept,
      waiting: waiting(),
      udpPort: ways.udpPort ?? null,
      mqttPort: ways.mqttPort ?? null,
      stationPort: ways.stationPort ?? null,
    }),
    log,
  });
  tell();
  const server = await listen(app, config);
  const { port } = server.address() as AddressInfo;
  rollups.begin(seal.ends().keys());

  const scrub = scrubber({
    databases,
    elapsedMs,
    onBroken: (name, reason) => {
      log.error({ name, reason }, "a database went bad on the disk");
      parts.onBroken?.(name, reason);
    },
  });
  const days = await dailyCounts({ databases, local, events, writer });
  const chores = {
    "the room that is left": () => space.look(),
    "a look at the disk": () => scrub.next(),
    "what is unknown": () => seen.flush(),
    conditions: async () => tell(),
    "counts of the days": () =>
      days.count(
        // A day of which something waits is not read again and again until it does not.
        [clock.day(), seal.oldestDay() ?? clock.day()].toSorted()[0] as string,
        seal.sealedUpTo(lastN),
      ),
    "old inbox days": async () => {
      const day = dayOf(clock.certain() - INBOX_DAYS_MS);
      const [sealed, counted] = [mark.day(), days.counted()];
      // Sealed and counted is enough: the rollup is made from segments and never from the inbox.
      const last = [day, sealed ?? "", counted].toSorted()[0] as string;
      await kept.dropDaysBefore(last);
    },
    "what is remembered": async () => {
      store.note({
        lastN,
        strangers: unknown.counts(),
        ends: knownOf(seal.ends()),
        seqs: await seqsOf(databases),
      });
      lives.note();
      await store.flush();
    },
    "corrections of the clock": () => lives.tell(seal.sealAll, () => seal.ends().keys(), events),
    "the ledger": () => store.ledger.tell(events),
    // One that was kept while its site arrived, or whose replay was cut off: nobody else looks again.
    "strangers that are known by now": () => replay(),
    "what was asked for here": () => requests.sendRest(),
    "who signed in": () => journal.flush({ all: stopping.signal.aborted }),
  };
  const { signal } = stopping;
  const background = [
    seal.run(signal),
    hub.run(signal),
    upkeep(chores, { clock: machineClock, signal, log }),
  ];
  void replay();
  const { udpPort, mqttPort, stationPort } = ways;
  log.info({ gatewayId, port, udpPort, mqttPort, stationPort }, "the gateway is up");

  return {
    url: `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${port}`,
    port,
    udpPort,
    mqttPort,
    stationPort,
    gatewayId,
    setupCode,
    hubFace: () => place.face(),
    metrics: counts,
    events,
    waiting,
    hub: () => hub.state(),
    async segments(tenant) {
      const ids = new Set<string>();
      for (const name of await databases.names()) {
        const parsed = parseDatabaseName(name);
        if (parsed?.kind !== "tele" || parsed.tenant !== tenant) continue;
        const database = await databases.open(name);
        for (const id of await everyId(database, "s:")) ids.add(id);
      }
      return ids;
    },
    async settle() {
      await kept.flush();
      await seal.sealAll();
      await rollups.caughtUp();
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await ways.stop();
      await network.stop();
      await kept.flush();
      stopping.abort();
      const ended = rollups.stop();
      await sandbox.close();
      await Promise.all([...background, closed, ended]);
      line.close();
      await seenHere.flush();
      await store
        .flush({ all: true })
        .catch((error: unknown) => log.warn({ error }, "not all is written"));
      await store.close();
    },
  };

  /** The last place in the inbox with a time that nobody had vouched for. */
  async function heardUnvouched(from: InboxPlace | undefined): Promise<number | undefined> {
    let last: number | undefined;
    for await (const page of inboxEntries(databases, from))
      last = page.findLast(({ uplink }) => uplink.timeSource === "unset")?.n ?? last;
    return last;
  }

  /** A time of this gateway's own clock says whether anybody vouched for it. */
  function vouched(uplink: Uplink): Uplink {
    const isOwn = uplink.timeSource === "gateway" && !clock.isSynced();
    return isOwn ? { ...uplink, timeSource: "unset" } : uplink;
  }
}

function knownOf<T>(map: ReadonlyMap<TenantName, T | undefined>): Record<TenantName, T> {
  const known = [...map].filter((entry): entry is [TenantName, T] => entry[1] !== undefined);
  return Object.fromEntries(known) as Record<TenantName, T>;
}
