/**
 * `cloud`: a whole hub as a function: opens its folder, serves, rolls up, and stops cleanly.
 *
 * Everything outside of it comes in as an argument. Reads no environment and owns no process.
 */
import { setMaxListeners } from "node:events";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import type { OrganizationId, TenantName } from "#shared/model/ids.ts";
import { Fault } from "#shared/model/fault.ts";
import { databaseName, parseDatabaseName } from "#shared/model/database-names.ts";
import { systemScope } from "#shared/model/scope.ts";
import { newest as newestOf } from "#shared/series/newest.ts";
import { historyStore } from "#shared/series/history-store.ts";
import { readingStore } from "#shared/series/reading-store.ts";
import { hubApp } from "./app.ts";
import { sweepRemembered } from "./api/idempotency.ts";
import { cookies } from "./auth/cookies.ts";
import type { CommunityDoc } from "./areas/communities/community-store.ts";
import type { Config } from "./config.ts";
import { checkNobodyListens, listen, socketPath } from "./hub/control/control-socket.ts";
import { auditRetention } from "./hub/audit-retention.ts";
import { bringAlong } from "./hub/bring-along.ts";
import { communityIndex } from "./hub/community-index.ts";
import { sandboxOnDemand } from "#shared/devices/sandbox/sandbox-on-demand.ts";
import { hubFinders, hubRedecoder } from "./hub/decoding.ts";
import { directory } from "./hub/directory.ts";
import { endDeleted } from "./hub/end-deleted.ts";
import { fleet } from "./hub/fleet.ts";
import { freezing } from "./hub/freezing.ts";
import { siteNews, type SiteNews } from "./hub/from-sites/site-news.ts";
import { gatewaysSaid } from "./hub/gateways-said.ts";
import { conservations } from "./hub/conservation.ts";
import { gatewayReports } from "./hub/gateway-reports.ts";
import type { Hub } from "./hub/hub.ts";
import { inventory } from "./hub/inventory.ts";
import { metrics } from "./hub/metrics.ts";
import { inTurn } from "./hub/in-turn.ts";
import { frozenRuns, missingParts } from "./hub/month-parts.ts";
import { news } from "./hub/news.ts";
import { settingsOf } from "./hub/organization-settings.ts";
import { reachOf } from "./hub/reach.ts";
import { residentViews } from "./hub/resident-views.ts";
import { rollups } from "./hub/rollup.ts";
import { hasOperator, makeSetupLink } from "./hub/setup.ts";
import { deliveries } from "./webhooks/deliveries.ts";
import { eventOf } from "./webhooks/event-of.ts";
import { hubWriter, type HubWriter } from "./intake/hub-writer.ts";
import { unitIndex } from "./hub/unit-index.ts";
import { mailer, serverOf } from "./mail/mailer.ts";
import { openFolder, type World } from "./open-hub.ts";

export interface Log {
  info(about: object, message: string): void;
  warn(about: object, message: string): void;
  error(about: object, message: string): void;
}

export interface HubWorld extends World {
  readonly log: Log;
  /** The operator's pages. */
  readonly pages: () => Promise<Hono>;
}

export interface RunningHub {
  readonly port: number;
  /** Where people and gateways reach it. */
  readonly url: string;
  /** Path of a one-time set-up link while nobody can sign in. A secret: for the operator's eyes, never for a log. */
  readonly setupLink: string | undefined;
  readonly hub: Hub;
  readonly app: Hono;
  /** Resolves when all that is here at this moment is rolled up. */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

/** What is looked after now and then: months to come, last talks, sign-ins that are over. */
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const LOOK_MS = 10_000;

const scope = systemScope("hub");

/** @throws Fault "conflict" for a folder or a port that is taken, and what the engine throws */
export async function startHub(config: Config, world: HubWorld): Promise<RunningHub> {
  const opened: (() => Promise<unknown>)[] = [];
  try {
    return await start(config, world, opened);
  } catch (error) {
    // What is open would keep the process alive, and the folder locked.
    for (const close of opened.toReversed()) await close().catch(() => {});
    throw error;
  }
}

async function start(
  config: Config,
  world: HubWorld,
  opened: (() => Promise<unknown>)[],
): Promise<RunningHub> {
  const { clock, log } = world;
  await checkNobodyListens(socketPath(config.dataFolder));
  const stopping = new AbortController();
  // Every chore and worker listens to it.
  setMaxListeners(0, stopping.signal);
  const heard = news();
  /** Whose a gateway or community is, for telling the right pages. */
  const owners = new Map<string, OrganizationId>();
  const tell = (owner: string, topic: Parameters<typeof heard.tell>[1]) => {
    const organizationId = owners.get(owner);
    if (organizationId !== undefined) heard.tell(organizationId, topic);
  };
  let fromSites: SiteNews | undefined;
  const counted = metrics({
    communities: async () => (await hub.communities.list(scope)).length,
    devices: async () => (await hub.devices.list(scope)).length,
    gateways: async () => (await hub.gateways.list(scope)).length,
    unregistered: async () => (await reports.sightings(scope)).length,
    gatewaysSaid: () => gatewaysSaid(hub, scope),
    sandbox: () => sandbox.stats,
  });
  const { engine, hub } = await openFolder(config, world, {
    tally: counted,
    onGateway: (gatewayId) => tell(gatewayId, "gateways"),
    onWritten: (name) => {
      const parsed = parseDatabaseName(name);
      if (parsed?.kind === "gateway") tell(parsed.gatewayId, "unregistered");
      fromSites?.written(name);
    },
  });
  opened.push(() => engine.close());
  let writer: HubWriter | undefined;
  const reports = gatewayReports(
    hub.databases,
    hub.gateways,
    hub.devices,
    hub.rejections,
    async (id) => writer?.sightings(id),
  );
  const roll = await hub.databases.openShelf(databaseName.roll);
  const memory = newestOf(roll);
  const past = historyStore({
    databases: hub.databases,
    clock,
    onDamaged: (id) => log.warn({ id }, "a frozen month cannot be read"),
  });
  const residents = residentViews(hub);
  const staff = reachOf(hub.communities, hub.devices);
  const readings = readingStore({
    store: roll,
    history: past,
    newest: memory,
    reach: (scope, tenant, deviceId) =>
      scope.kind === "resident"
        ? residents.reach(scope, tenant, deviceId)
        : staff(scope, tenant, deviceId),
  });
  const newest = fleet(memory);
  const control = await listen(hub, socketPath(config.dataFolder), log);
  opened.push(() => control.close());
  const sandbox = sandboxOnDemand({ clock });
  opened.push(() => sandbox.close());
  /** What is rolled up and not told yet. */
  const telling = new Set<Promise<void>>();
  const daysInTurn = inTurn();
  const findersOf = await hubFinders(hub, sandbox);
  const along = bringAlong({
    hub,
    history: past,
    readings,
    findersOf,
    keep: (tenant, uplink) => (writer as HubWriter).keep(tenant, uplink),
    settle: () => (writer as HubWriter).settle(),
    signal: stopping.signal,
    log,
  });
  opened.push(() => along.settled());
  const work = rollups({
    alongWith: along,
    teleDatabases: (tenant) => hub.months.tele(tenant),
    roll,
    events: hub.events,
    redecoder: hubRedecoder(hub, sandbox),
    moved: hub.moved,
    inTurn: daysInTurn,
    clock,
    tally: counted,
    log,
    onNews(tenant, deviceIds, counts) {
      counted.rolledUp(counts);
      const told = newest
        .touch(tenant, deviceIds)
        .then(() => tell(tenant, "devices"))
        .catch((error: unknown) =>
          log.error({ error, tenant }, "the newest readings could not be read"),
        )
        .finally(() => telling.delete(told));
      telling.add(told);
    },
  });
  opened.push(() => work.stop());
  const freezer = freezing({
    databases: hub.databases,
    roll,
    months: hub.months,
    history: past,
    clock,
    retentionOf: async ({ organizationId }) =>
      settingsOf(await hub.registry.organizationDoc(organizationId)).retention ?? config,
    devicesOf: ({ organizationId, communityId }) =>
      hub.devices.everHeldBy(scope, organizationId, communityId),
    whoIsMissing: async ({ communityId, tenant }, month) =>
      missingParts(
        await hub.months.tele(tenant),
        month,
        (await hub.gateways.list(scope))
          .filter((one) => one.communities.includes(communityId))
          .filter(({ gatewayId }) => !hub.gateways.isRevoked(gatewayId))
          .map(({ gatewayId, name }) => {
            const said = hub.gateways.report(gatewayId);
            return {
              gatewayId,
              name,
              completeUntil: said?.completeUntil ?? null,
              denied: said?.denied ?? 0,
            };
          }),
        await frozenRuns(hub.databases, tenant),
      ),
    inTurn: daysInTurn,
    caughtUp: () => work.caughtUp(),
    log,
  });
  const freezeAll = async () => {
    let waiting = 0;
    for (const community of await hub.communities.list(scope)) {
      if (stopping.signal.aborted) return;
      for (const outcome of await freezer.run(community))
        if (outcome.is === "waiting") {
          waiting++;
          const { month, why } = outcome;
          log.warn(
            { tenant: community.tenant, month, why },
            "a month is not whole yet: its segments stay",
          );
        }
    }
    counted.monthsWaiting(waiting);
  };
  const forgetAudit = auditRetention(hub, {
    entryMonths: config.auditMonths,
    signInDays: config.signInDays,
  });
  writer = await hubWriter({
    hub,
    readings,
    findersOf,
    tally: counted,
    onHeard: counted.heard,
    log,
    windowMs: config.commitWindowMs,
    sealMs: config.sealMs,
  });
  const own = writer;
  const out = await deliveries({
    hub,
    log,
  });
  const told = (error: unknown) => log.error({ error }, "an event could not be put in the queue");
  hub.audit.onAdded((entry) => void out.tell(eventOf(entry)).catch(told));
  const sending = out.run(stopping.signal);
  opened.push(() => own.stop());
  const take = (community: CommunityDoc) => {
    owners.set(community.tenant, community.organizationId);
    work.start(community.tenant);
    tell(community.tenant, "devices");
  };
  const knowGateways = async () => {
    for (const { gatewayId, organizationId } of await hub.gateways.list(scope))
      owners.set(gatewayId, organizationId);
  };
  const communities = await hub.communities.list(scope);
  await hub.months.ensure(communities.map(({ tenant }) => tenant));
  for (const community of communities) {
    await newest.load(community.tenant);
    take(community);
  }
  hub.onAdopted((community) => {
    take(community);
    void along.look(community.organizationId);
    writer
      .replay(community.organizationId)
      .catch((error: unknown) => log.error({ error }, "what waited could not be taken in"));
    knowGateways().catch((error: unknown) => log.error({ error }, "gateways could not be read"));
  });
  hub.onDestroyed((tenant) => work.end(tenant));
  const sites = siteNews({ hub, signal: stopping.signal, log });
  opened.push(() => sites.settled());
  fromSites = sites;
  for (const { tenant } of communities) sites.look(tenant);
  await knowGateways();
  // A stop may have come before all was looked through.
  for (const id of new Set(communities.map(({ organizationId }) => organizationId)))
    void along.look(id);

  const url = config.url === undefined ? undefined : new URL(config.url);
  const names = [url?.hostname, ...config.names].filter((name) => name !== undefined);
  let address = url?.origin ?? "";
  const pending = new Set<Promise<void>>();
  const later = (chore: () => Promise<void>, what: string) => {
    const mine = chore()
      .catch((error: unknown) => log.error({ error }, `${what} could not be done`))
      .finally(() => pending.delete(mine));
    pending.add(mine);
  };
  const app = hubApp({
    hub,
    fleet: newest,
    inventory: inventory(hub),
    communities: communityIndex(hub, newest),
    units: unitIndex(hub),
    directory: directory(hub),
    residents,
    intake: own,
    deliveries: out,
    findersOf,
    tally: counted,
    cookies: cookies(url?.protocol === "https:"),
    url: () => address,
    readings,
    reports,
    conservations: conservations({
      tele: hub.months.tele,
      history: (tenant) => frozenRuns(hub.databases, tenant),
      events: hub.events,
      clock,
      log,
    }),
    news: heard,
    sandbox,
    roll,
    later,
    stopping: stopping.signal,
    sync: engine.sync,
    pages: await world.pages(),
    names,
    isHttps: url?.protocol === "https:",
    metrics: counted,
    metricsToken: config.metricsToken,
    onClaimed: () => {
      knowGateways().catch((error: unknown) => log.error({ error }, "gateways could not be read"));
    },
    onToken: (gatewayId) => {
      hub.gateways.seen(gatewayId);
      tell(gatewayId, "gateways");
    },
    onReport(gatewayId) {
      tell(gatewayId, "gateways");
      if ((hub.gateways.report(gatewayId)?.asked ?? 0) > 0) sites.waits(gatewayId);
    },
    log,
  });
  const { smtp } = config;
  const send = mailer(hub, smtp && serverOf(smtp.address, smtp.from));
  hub.outbox.onAdded(() =>
    later(async () => void (await hub.outbox.deliver(send)), "sending mail"),
  );
  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new Fault("conflict", `Somebody listens on port ${config.port} already (HUB_PORT).`)
          : error,
      ),
    );
    server.listen(config.port, config.host, resolve);
  });
  opened.push(async () => {
    stopping.abort();
    server.close();
  });
  server.on("error", (error) => log.error({ error }, "the server stumbled"));
  const { port } = server.address() as AddressInfo;
  const host = config.host.includes(":") ? `[${config.host}]` : config.host;
  address = url?.origin ?? `http://${host}:${port}`;

  // Only to mend what a cut left behind: nobody has to wait for it.
  const mended = (async () => {
    for (const community of communities) if (!stopping.signal.aborted) await hub.adopt(community);
  })().catch((error: unknown) => log.error({ error }, "a site could not be brought in step"));
  const chores = every(clock, stopping.signal, log, [
    [MINUTE_MS, () => hub.gateways.flush()],
    [MINUTE_MS, () => hub.tendTokenKeys()],
    [MINUTE_MS, () => hub.life.tick()],
    // What another process of this hub shut out.
    [LOOK_MS, () => hub.journal.refresh()],
    [MINUTE_MS, () => own.upkeep()],
    [MINUTE_MS / 6, async () => void (await hub.outbox.deliver(send))],
    [HOUR_MS, freezeAll],
    [
      HOUR_MS,
      async () =>
        hub.months.ensure(
          (await hub.communities.list(scope)).map(({ tenant }): TenantName => tenant),
        ),
    ],
    [
      HOUR_MS,
      async () => {
        for (const tenant of await endDeleted(hub))
          log.warn(
            { tenant },
            "a deleted community was destroyed: its time to be restored is over",
          );
      },
    ],
    [HOUR_MS, () => forgetAudit.run()],
    [
      HOUR_MS,
      async () => {
        await hub.signIns.sweep();
        await sweepRemembered(hub);
        await hub.links.sweep();
        await hub.outbox.sweep();
      },
    ],
  ]);
  const isFirst = !(await hasOperator(hub));
  const organizations = await hub.registry.organizations();
  const setupLink = isFirst && organizations.length < 2 ? await makeSetupLink(hub) : undefined;
  log.info({ engine: engine.kind, address }, "the hub is open");

  let stopped: Promise<void> | undefined;
  const stop = async () => {
    stopping.abort();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    await control.close();
    // A script that hangs would hold the rollup up: both are ended together.
    await own.stop();
    // A script that hangs would hold the rollup up: both are ended together.
    await Promise.all([work.stop(), sandbox.close(), sites.settled(), along.settled()]);
    await Promise.all([chores, mended, sending, ...pending]);
    await hub.gateways.flush();
    await engine.close();
    if ("closeAllConnections" in server) server.closeAllConnections();
    await closed;
  };
  return {
    port,
    url: address,
    setupLink,
    hub,
    app,
    async caughtUp() {
      await own.settle();
      await sites.settled();
      await work.caughtUp();
      await Promise.all(telling);
    },
    stop: () => (stopped ??= stop()),
  };
}

type Chore = readonly [everyMs: number, work: () => Promise<void>];

/** Does each chore again and again until the signal; one that fails is logged and tried the next time. */
async function every(
  clock: World["clock"],
  signal: AbortSignal,
  log: Log,
  chores: readonly Chore[],
): Promise<void> {
  await Promise.all(
    chores.map(async ([everyMs, work]) => {
      for (;;) {
        await clock.sleep(everyMs, signal);
        if (signal.aborted) return;
        await work().catch((error: unknown) =>
          log.error({ error }, "a chore failed; it is tried again"),
        );
      }
    }),
  );
}
