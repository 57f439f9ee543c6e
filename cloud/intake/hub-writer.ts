/**
 * `hub-writer`: the hub as a writer of telemetry of its own, for sites without a gateway: what a
 * webhook or an import brings is kept by the same code as in a building (inbox with group commit,
 * then acknowledged, then sealed into segments) and lies in the same databases.
 *
 * Must never give one organization's device to another: whose an uplink is, is looked up among the
 * devices of the organization that sent it, and nowhere else.
 */
import type { DeviceDoc, Hub } from "#cloud/hub/hub.ts";
import type { Database, Databases } from "#shared/couch/database.ts";
import { namedApart } from "#shared/couch/named-apart.ts";
import type { FindDecoder } from "#shared/devices/decode-uplink.ts";
import { chainEnds } from "#shared/keep/chain.ts";
import type { Ear } from "#shared/keep/ear.ts";
import { nextEpoch } from "#shared/keep/epoch.ts";
import { inboxMark } from "#shared/keep/inbox-mark.ts";
import { inbox, inboxEntries } from "#shared/keep/inbox.ts";
import { intake, type Holder, type Intake } from "#shared/keep/intake.ts";
import { sealer } from "#shared/keep/sealer.ts";
import { sightings, type Sightings } from "#shared/keep/sightings.ts";
import { sourceSessions } from "#shared/keep/source-sessions.ts";
import { strangers, type Strangers } from "#shared/keep/strangers.ts";
import { databaseName, dayOf } from "#shared/model/database-names.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type {
  DeviceId,
  GatewayId,
  OrganizationId,
  TenantName,
  WriterId,
} from "#shared/model/ids.ts";
import type { KeptUplink } from "#shared/model/kept-uplink.ts";
import type { Tally } from "#shared/model/refusals.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { ReadingStore } from "#shared/series/reading-store.ts";

export interface HubWriterParts {
  readonly hub: Hub;
  readonly readings: ReadingStore;
  readonly findersOf: (tenant: TenantName) => FindDecoder;
  readonly tally: Tally;
  readonly onHeard: (outcome: "kept" | "repeat" | "stranger", via: string) => void;
  readonly log: { warn(about: object, message: string): void };
  /** Group commit, ms. */
  readonly windowMs: number;
  /** How long an uplink waits for company before it is sealed, ms. */
  readonly sealMs: number;
}

export interface HubWriter {
  readonly writer: WriterId;
  /** For what an organization sends. @throws Fault "too_many" while too much waits to be sealed */
  ear(organizationId: OrganizationId): Promise<Ear>;
  /** Keeps what is known to be a community's, decoded already: an import. */
  keep(tenant: TenantName, uplink: KeptUplink): Promise<"kept" | "repeat">;
  /** Devices that an organization's senders told of and nobody has registered, by day. */
  sightings(organizationId: OrganizationId): Promise<Database>;
  /** Takes in what was kept of devices that are registered by now. */
  replay(organizationId: OrganizationId): Promise<number>;
  /** Seals all that waits. */
  settle(): Promise<void>;
  /** Uplinks kept and not sealed yet. */
  waiting(): number;
  /** Old inbox days go, sightings are written down. Called now and then. */
  upkeep(): Promise<void>;
  stop(): Promise<void>;
}

const STRANGERS_QUOTA = 20_000;
/** More than this waiting to be sealed: senders are asked to come back. */
const MOST_WAITING = 50_000;
const BACK_IN_MS = 5_000;
const INBOX_DAYS_MS = 2 * 86_400_000;

const scope = systemScope("hub-writer");

/** What an organization's senders are heard with. */
interface Desk {
  readonly ear: Intake;
  readonly unknown: Strangers;
  readonly seen: Sightings;
  readonly sightings: Database;
}

export async function hubWriter(parts: HubWriterParts): Promise<HubWriter> {
  const { hub, readings, findersOf, tally, onHeard, log, windowMs, sealMs } = parts;
  const { clock, databases, random } = hub;
  const writer = `hub-${hub.secrets.hubId}` as WriterId;
  const own = namedApart(databases, `w-${writer}-`);
  const local = await own.open(databaseName.local);
  const mark = await inboxMark(local);
  const ends = await chainEnds(databases, writer);
  let lastN = Math.max(mark.start?.n ?? 0, ...ends.map(({ sealedN }) => sealedN));
  const { epoch } = await nextEpoch(local, ends, random);
  const seal = sealer({
    databases: telemetryOf(databases, hub),
    clock,
    writer,
    epoch,
    patienceMs: () => sealMs,
    onSealed: () => {
      mark
        .sealedUpTo(seal.sealedUpTo(lastN))
        .catch((error: unknown) => log.warn({ error }, "the inbox mark could not be written"));
    },
    log,
  });
  for await (const page of inboxEntries(own, mark.start))
    for (const entry of page) {
      await seal.resume(entry.tenant);
      lastN = Math.max(lastN, entry.n);
      seal.add(entry);
    }
  const kept = inbox({
    databases: own,
    clock,
    windowMs,
    lastN,
    onKept: (entry) => {
      lastN = entry.n;
      seal.add(entry);
    },
    onReached: (place) => mark.reached(place),
  });
  const stopping = new AbortController();
  const running = seal.run(stopping.signal);
  running.catch((error: unknown) => log.warn({ error }, "the last segments were not sealed"));

  const keep = async (tenant: TenantName, uplink: KeptUplink) => {
    if (seal.waiting() > MOST_WAITING)
      throw new Fault("too_many", "More is waiting here than can be written down. Send it again.", {
        retryAfterMs: BACK_IN_MS,
      });
    await seal.resume(tenant);
    return kept.keep(tenant, uplink);
  };

  const holderIn =
    (organizationId: OrganizationId) =>
    async (deviceId: DeviceId, timeMs: number): Promise<Holder | undefined> => {
      const device = await deviceOf(hub, organizationId, deviceId);
      const community = device && (await holderOf(hub, device, timeMs));
      return community && { site: { tenant: community.tenant }, device };
    };

  const desks = new Map<OrganizationId, Promise<Desk>>();
  const openDesk = async (organizationId: OrganizationId): Promise<Desk> => {
    const holder = holderIn(organizationId);
    const theirs = namedApart(own, `${organizationId}-`);
    const unknown = await strangers({
      databases: theirs,
      clock,
      tally,
      epoch,
      quota: STRANGERS_QUOTA,
      windowMs,
    });
    const database = await theirs.open("sightings");
    const gatewayId = `gw-${hub.secrets.hubId}` as GatewayId;
    const seen = sightings({ database, gatewayId, clock });
    const ear = intake({
      sites: { holder },
      decodersOf: findersOf,
      clock,
      inbox: { keep },
      strangers: unknown,
      sightings: seen,
      sessions: sourceSessions(local, async (deviceId) => {
        const found = await holder(deviceId, clock.now());
        const latest = found && (await readings.latest(scope, found.site.tenant, deviceId));
        return latest?.heard ?? undefined;
      }),
      tally,
      onOutcome: onHeard,
    });
    return { ear, unknown, seen, sightings: database };
  };
  const deskOf = (organizationId: OrganizationId) => {
    let desk = desks.get(organizationId);
    if (!desk) {
      desk = openDesk(organizationId);
      desks.set(organizationId, desk);
      desk.catch(() => desks.delete(organizationId));
    }
    return desk;
  };
  /** One at a time: two would take in the same twice, and count it twice. */
  let replaying: Promise<unknown> = Promise.resolve();
  const replay = (organizationId: OrganizationId): Promise<number> => {
    const mine = replaying.then(() => replayOne(organizationId));
    replaying = mine.catch(() => {});
    return mine;
  };
  const replayOne = async (organizationId: OrganizationId) => {
    const { ear, unknown } = await deskOf(organizationId);
    const holder = holderIn(organizationId);
    let taken = 0;
    for (const deviceId of unknown.devices()) {
      if (!(await holder(deviceId, clock.now()))) continue;
      taken += await unknown
        .replay(deviceId, async (uplink) => {
          // What was heard while it was a community's that is gone is the one's that has it now.
          const found =
            (await holder(deviceId, uplink.time)) ?? (await holder(deviceId, clock.now()));
          if (!found) throw new Fault("unavailable", "the device is not known any more");
          await ear.keepKnown(found, uplink);
          return true;
        })
        .catch((error: unknown) => {
          log.warn({ error }, "what was kept of a device could not be taken in; it is tried again");
          return 0;
        });
    }
    return taken;
  };
  // Those of before the start: their devices may have been registered on another process.
  for (const { organizationId } of await hub.registry.organizations()) {
    const names = await own.names();
    if (names.some((name) => name.startsWith(`${organizationId}-`))) await replay(organizationId);
  }
  return {
    writer,
    ear: async (organizationId) => (await deskOf(organizationId)).ear,
    keep,
    async sightings(organizationId) {
      const { seen, sightings: database } = await deskOf(organizationId);
      // What was heard a moment ago is on the list already.
      await seen.flush();
      return database;
    },
    replay,
    settle: async () => {
      await replaying;
      await kept.flush();
      await seal.sealAll();
      for (const desk of desks.values()) await (await desk).seen.flush();
    },
    waiting: () => seal.waiting(),
    async upkeep() {
      // One that was kept while its device was registered: nobody else looks again.
      for (const [organizationId, desk] of desks) {
        const holder = holderIn(organizationId);
        for (const deviceId of (await desk).unknown.devices())
          if (await holder(deviceId, clock.now())) {
            await replay(organizationId);
            break;
          }
      }
      for (const desk of desks.values()) await (await desk).seen.flush();
      const day = mark.day();
      if (day === undefined) return;
      const before = [day, dayOf(clock.now() - INBOX_DAYS_MS)].toSorted()[0] as string;
      await kept.dropDaysBefore(before);
    },
    async stop() {
      await replaying;
      await kept.flush();
      stopping.abort();
      await running.catch(() => {});
      for (const desk of desks.values())
        await (await desk).seen.flush().catch((error: unknown) => {
          if (!isFault(error)) throw error;
        });
    },
  };
}

/** A month's database is made, with its rules, before the first segment goes into it. */
function telemetryOf(databases: Databases, hub: Hub): Databases {
  return {
    ...databases,
    async open(name) {
      const tenant = /^t-(.+)-tele-[0-9]{6}$/.exec(name)?.[1] as TenantName | undefined;
      if (tenant !== undefined) await hub.months.ensure([tenant]);
      return databases.open(name);
    },
    openExisting: (name) => databases.openExisting(name),
    names: () => databases.names(),
    destroy: (name) => databases.destroy(name),
    close: async () => {},
  };
}

async function deviceOf(
  hub: Hub,
  organizationId: OrganizationId,
  deviceId: DeviceId,
): Promise<DeviceDoc | undefined> {
  const image = await hub.registry.organization(organizationId);
  return (await image.freshOf<DeviceDoc>("device")).get(`device:${deviceId}`);
}

/**
 * The community that holds a device at a time; where none did just then, the one that held it next, as on a
 * gateway: what is dated before its registration need not wait for somebody to look again. Undefined for one
 * that was given back.
 */
async function holderOf(hub: Hub, device: DeviceDoc, timeMs: number) {
  const spans = device.held.toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from));
  const held =
    spans.find(
      ({ from, to }) => Date.parse(from) <= timeMs && (to === undefined || timeMs < Date.parse(to)),
    ) ?? spans.find(({ from }) => Date.parse(from) > timeMs);
  if (!held) return undefined;
  const all = await hub.communities.list(scope);
  return all.find(({ communityId, isActive }) => isActive && communityId === held.communityId);
}
