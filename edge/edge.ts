/**
 * `edge`: a whole gateway as a function: every part made and tied together, started and stopped.
 *
 * Hearing begins as soon as the store is open; pages, rollup and hub come after it and may fail
 * without it.
 */
import { mkdir } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import type { Hono } from "hono";
import { attempts } from "#shared/auth/attempts.ts";
import type { Doc } from "#shared/couch/database.ts";
import { eventLog, type EventLog } from "#shared/couch/event-log.ts";
import { openLevelDatabases } from "#shared/couch/leveldb.ts";
import { syncedWrites } from "#shared/couch/synced-leveldown.ts";
import type { Clock } from "#shared/model/clock.ts";
import { databaseName, dayOf, monthOf, parseDatabaseName } from "#shared/model/database-names.ts";
import { Fault } from "#shared/model/fault.ts";
import type { Epoch, TenantName, WriterId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import { pending } from "#shared/series/pending.ts";
import { readingStore } from "#shared/series/reading-store.ts";
import { correctionsIn } from "#shared/series/rollup-basis.ts";
import { rollupWorker, type RollupWorker } from "#shared/series/rollup-worker.ts";
import { homes } from "./access/homes.ts";
import { keptNews } from "./access/kept-news.ts";
import { signIns } from "./access/sign-ins.ts";
import { edgeApp } from "./app.ts";
import type { EdgeConfig } from "./config.ts";
import { healthReport } from "./health/health-report.ts";
import { metrics, type Metrics } from "./health/metrics.ts";
import { sandboxOnDemand } from "#shared/devices/sandbox/sandbox-on-demand.ts";
import { intake } from "#shared/keep/intake.ts";
import { sightings } from "./intake/sightings.ts";
import { sourceSessions } from "#shared/keep/source-sessions.ts";
import { brokerUsers } from "./mqtt/broker-users.ts";
import { embeddedBroker, type Broker } from "./mqtt/broker.ts";
import { hearMessage } from "./mqtt/hear-message.ts";
import { subscription } from "./mqtt/subscription.ts";
import { networkServer } from "./radio/network-server/network-server.ts";
import { packetForwarder } from "./radio/packet-forwarder.ts";
import { reachOf } from "./site/reach.ts";
import { sites } from "./site/sites.ts";
import { siteDecoders, siteRedecoder } from "./site/site-decoders.ts";
import { inbox, inboxEntries } from "#shared/keep/inbox.ts";
import { chainEnds, type ChainEnd } from "#shared/keep/chain.ts";
import { inboxMark } from "#shared/keep/inbox-mark.ts";
import { sealer } from "#shared/keep/sealer.ts";
import { strangers } from "#shared/keep/strangers.ts";
import { accessToken } from "./sync/access-token.ts";
import { hubLink, type HubState } from "./sync/hub-link.ts";
import { identityIn } from "./sync/identity.ts";
import { siteKeeper } from "./sync/site-keeper.ts";

export interface Log {
  info(about: object, message: string): void;
  warn(about: object, message: string): void;
  error(about: object, message: string): void;
}

export interface EdgeParts {
  readonly clock: Clock;
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
  readonly gatewayId: string;
  readonly metrics: Metrics;
  /** What happens at this site, community by community. */
  readonly events: EventLog;
  /** What the hub has not confirmed yet, over all communities. */
  waiting(): number;
  hub(): HubState;
  /** Seals what waits and brings the rollup up to it. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

const STRANGERS_QUOTA = 100_000;
/** How often what is unknown is told, old inbox days are looked at, and so on. */
const UPKEEP_MS = 30_000;
/** An inbox day lives this long after its own end. */
const INBOX_DAYS_MS = 2 * 86_400_000;
/** The hub's clock and ours may differ by this much before ours is called wrong. */
const CLOCK_TOLERANCE_MS = 300_000;

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
  { clock, random, log, pages, version }: EdgeParts,
  onFailure: (close: () => unknown) => void,
): Promise<Edge> {
  const startedMs = clock.now();
  const stopping = new AbortController();
  await mkdir(config.dataFolder, { recursive: true, mode: 0o700 });
  const identity = await identityIn(config.dataFolder);
  const { gatewayId } = identity;
  const writer = gatewayId as string as WriterId;
  const databases = await openLevelDatabases({ folder: join(config.dataFolder, "db"), clock });
  onFailure(() => databases.close());
  const local = await databases.open(databaseName.local);
  const roll = await databases.open(databaseName.roll);
  const own = await databases.open(databaseName.gateway(gatewayId));

  const counts = metrics({
    waiting: () => waiting(),
    unsealed: () => seal.waiting(),
    strangers: () => unknown.size,
    isHubReached: () => hub?.state().isReached ?? false,
    syncedWrites,
  });
  const known = sites();
  const sandbox = sandboxOnDemand({ clock });
  onFailure(() => sandbox.close());
  const findersOf = siteDecoders(known, sandbox);
  const again = siteRedecoder(known, findersOf);
  const news = keptNews();
  const fresh = pending();
  const readings = readingStore({ store: roll, reach: reachOf(known), pending: fresh });

  const mark = await inboxMark(local);
  // Also of communities whose site is not here just now: a place used twice would not be sealed.
  const ends = await chainEnds(databases, writer);
  let lastN = Math.max(mark.start?.n ?? 0, ...ends.map(({ sealedN }) => sealedN));
  const seal = sealer({
    databases,
    clock,
    writer,
    epoch: await nextEpoch(ends),
    patienceMs: () => (hub?.state().isReached ? config.sealOnlineMs : config.sealOfflineMs),
    onSealed: (_tenant, { count }) => {
      counts.sealed(count);
      hub?.nudge();
      mark
        .sealedUpTo(seal.sealedUpTo(lastN))
        .catch((error: unknown) => log.warn({ error }, "the inbox mark could not be written"));
    },
    log,
  });

  const events = eventLog({
    databases,
    writer,
    // Like segments: a clock that stepped back must not open a month that is over.
    month: (tenant) =>
      [seal.ends().get(tenant)?.month ?? "", monthOf(clock.now())].toSorted().at(-1) as string,
    onWritten: () => hub?.nudge(),
    onDamaged: (id) => log.warn({ id }, "an event cannot be read"),
  });

  const workers = new Map<TenantName, RollupWorker>();
  onFailure(async () => {
    stopping.abort();
    await Promise.all([...workers.values()].map(({ done }) => done));
  });
  const prepare = async (tenant: TenantName) => {
    const end = await seal.resume(tenant);
    lastN = Math.max(lastN, end?.sealedN ?? 0);
    if (workers.has(tenant)) return;
    const teleDatabases = async () => {
      const names = (await databases.names()).filter((name) => {
        const parsed = parseDatabaseName(name);
        return parsed?.kind === "tele" && parsed.tenant === tenant;
      });
      return Promise.all(names.map((name) => databases.open(name)));
    };
    workers.set(
      tenant,
      rollupWorker({
        tenant,
        teleDatabases,
        roll,
        redecoder: again,
        corrections: () => correctionsIn(events.read(tenant, "clock")),
        clock,
        tally: counts,
        signal: stopping.signal,
        log,
        onRolledUp: (uplinks) => fresh.drop(tenant, uplinks),
      }),
    );
  };

  const keeper = siteKeeper({ databases, local, sites: known, identity, prepare, log });
  await keeper.load();
  for await (const page of inboxEntries(databases, mark.start))
    for (const entry of page) {
      await prepare(entry.tenant);
      lastN = Math.max(lastN, entry.n);
      if (entry.n <= (seal.ends().get(entry.tenant)?.sealedN ?? 0)) continue;
      fresh.add(entry.tenant, entry.uplink, writer);
      seal.add(entry);
    }
  const kept = inbox({
    databases,
    clock,
    windowMs: config.commitWindowMs,
    lastN,
    onKept: (entry) => {
      lastN = entry.n;
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
    quota: STRANGERS_QUOTA,
    windowMs: config.commitWindowMs,
  });
  const seen = sightings({ database: own, gatewayId, clock });
  const ear = intake({
    sites: known,
    decodersOf: findersOf,
    clock,
    inbox: kept,
    strangers: unknown,
    sightings: seen,
    sessions: sourceSessions(local, async (deviceId) => {
      const holder = known.holder(deviceId, clock.now());
      const latest =
        holder && (await readings.latest(systemScope("intake"), holder.site.tenant, deviceId));
      return latest?.heard ?? undefined;
    }),
    tally: counts,
    onOutcome: counts.heard,
  });

  let isClockSynced = clock.now() > Date.UTC(2026, 0);
  const network = await networkServer({
    local,
    keysOf: (deviceId) => known.keysOf(deviceId),
    ear,
    tally: counts,
    clock,
    isClockSynced: () => isClockSynced,
    random,
    log,
    heardElsewhere: counts.heardElsewhere,
  });
  onFailure(() => network.stop());
  known.onChange(() => {
    network
      .keysChanged()
      .catch((error: unknown) =>
        log.warn({ error }, "sessions could not be brought in step with the keys"),
      );
    void replayStrangers();
  });
  const forwarder =
    config.udp &&
    packetForwarder({ ...config.udp, tally: counts, clock, networkServer: network, log });
  onFailure(() => forwarder?.stop());
  await forwarder?.start();
  const heard = (topic: string, bytes: Uint8Array) =>
    hearMessage({ ear, tally: counts, clock }, topic, bytes);
  const broker: Broker | undefined =
    config.broker &&
    (await embeddedBroker({
      ...config.broker,
      users: await brokerUsers(config.broker.usersFile),
      heard,
      tally: counts,
      log,
    }));
  onFailure(() => broker?.stop());
  const subscriptions = config.brokers.map((url) =>
    subscription({
      url,
      topics: config.topics,
      clientId: `riser-${gatewayId}`,
      heard,
      tally: counts,
      log,
    }),
  );
  onFailure(() => Promise.all(subscriptions.map((one) => one.stop())));

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
  const hub =
    config.hubUrl === undefined
      ? undefined
      : hubLink({
          hubUrl: config.hubUrl,
          gatewayId,
          token: accessToken({ hubUrl: config.hubUrl, identity, clock, signal: stopping.signal }),
          databases,
          local,
          siteKeeper: keeper,
          chainEnds: seal.ends,
          beforePush: async () => {
            await seen.flush();
            await report.write();
          },
          clock,
          chance: Math.random,
          pollMs: config.syncPollMs,
          tally: counts,
          onChange: news.freshnessChanged,
          onHubTime: (hubMs) => {
            isClockSynced = Math.abs(hubMs - clock.now()) < CLOCK_TOLERANCE_MS;
            if (!isClockSynced)
              log.warn(
                { aheadMs: clock.now() - hubMs },
                "this gateway's clock and the hub's differ",
              );
          },
          log,
        });
  const waitingOf = (tenant: TenantName) =>
    (seal.ends().get(tenant)?.uplinks ?? 0) +
    seal.waiting(tenant) -
    (hub?.confirmed(tenant)?.uplinks ?? 0);
  const waiting = () => [...seal.ends().keys()].reduce((sum, tenant) => sum + waitingOf(tenant), 0);

  const atHome = homes({
    readings,
    clock,
    freshness: (tenant) => {
      const { isReached = false, awaySinceMs = null } = hub?.state() ?? {};
      return {
        isHubReached: isReached,
        hubAwaySince: awaySinceMs === null ? null : new Date(awaySinceMs).toISOString(),
        waiting: waitingOf(tenant),
      };
    },
  });
  const app = edgeApp({
    signIns: signIns({ local, sites: known, clock, attempts: attempts(clock), random }),
    homes: atHome,
    news,
    clock,
    pages: await pages(),
    names: config.names,
    metrics: counts,
    metricsToken: config.metricsToken,
    health: () => ({
      status: "ok",
      version,
      gatewayId,
      upMs: clock.now() - startedMs,
      sites: Object.fromEntries(known.all().map(({ tenant, generation }) => [tenant, generation])),
      hub: hub?.state() ?? null,
      kept: counts.kept,
      waiting: waiting(),
      udpPort: forwarder?.port ?? null,
      mqttPort: broker?.port ?? null,
    }),
    log,
  });
  const server = await listen(app, config);
  const { port } = server.address() as AddressInfo;

  const background = [seal.run(stopping.signal), hub?.run(stopping.signal), upkeep()];
  void replayStrangers();
  log.info(
    { gatewayId, port, udpPort: forwarder?.port, mqttPort: broker?.port },
    "the gateway is up",
  );

  return {
    url: `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${port}`,
    port,
    udpPort: forwarder?.port,
    mqttPort: broker?.port,
    gatewayId,
    metrics: counts,
    events,
    waiting,
    hub: () =>
      hub?.state() ?? {
        isReached: false,
        awaySinceMs: startedMs,
        lastSuccessMs: null,
        lastError: "no hub is set",
      },
    async settle() {
      await kept.flush();
      await seal.sealAll();
      await Promise.all([...workers.values()].map((worker) => worker.caughtUp()));
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([
        forwarder?.stop(),
        broker?.stop(),
        ...subscriptions.map((one) => one.stop()),
      ]);
      await network.stop();
      await kept.flush();
      stopping.abort();
      await sandbox.close();
      await Promise.all([...background, closed, ...[...workers.values()].map(({ done }) => done)]);
      await databases.close();
    },
  };

  /**
   * A start counter, durable before it is used, and 64 random bits. Never below what the chains
   * have seen: epochs sort, and `local` may have been lost.
   */
  async function nextEpoch(chains: readonly ChainEnd[]): Promise<Epoch> {
    const old = await local.get<Doc & { readonly starts: number }>("epoch");
    const starts = Math.max(old?.starts ?? 0, ...chains.map((end) => end.starts)) + 1;
    await local.put({ ...old, _id: "epoch", v: 1, starts });
    return `${starts.toString(16).padStart(8, "0")}-${Buffer.from(random(8)).toString("hex")}` as Epoch;
  }

  /** Devices that were strangers and are known by now. */
  async function replayStrangers() {
    for (const deviceId of unknown.devices()) {
      if (!known.holder(deviceId, clock.now())) continue;
      try {
        const taken = await unknown.replay(deviceId, async (uplink) => {
          const holder = known.holder(deviceId, uplink.time);
          if (!holder) throw new Fault("unavailable", "the device is not known any more");
          counts.heard(await ear.keepKnown(holder, uplink), "strangers");
        });
        log.info(
          { deviceId, taken },
          "what was heard of a device before it was registered is kept now",
        );
      } catch (error) {
        log.warn(
          { deviceId, error },
          "what was heard of a device could not all be taken up; the rest waits",
        );
      }
    }
  }

  async function upkeep() {
    while (!stopping.signal.aborted) {
      await clock.sleep(UPKEEP_MS, stopping.signal);
      try {
        await seen.flush();
        const day = dayOf(clock.now() - INBOX_DAYS_MS);
        const sealedDay = mark.day();
        // Sealed is enough: the rollup is made from segments and never from the inbox.
        if (sealedDay !== undefined && sealedDay >= day) await kept.dropDaysBefore(day);
      } catch (error) {
        log.warn({ error }, "upkeep failed; it is tried again");
      }
    }
  }
}

async function listen(app: Hono, { host, port }: EdgeConfig): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, () =>
      resolve(server),
    ) as Server;
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        new Fault(
          "unavailable",
          error.code === "EADDRINUSE" ? `port ${port} is taken (EDGE_PORT)` : error.message,
          {},
          error,
        ),
      ),
    );
  });
}
