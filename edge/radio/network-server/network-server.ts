/**
 * `network-server`: the site's own LoRaWAN network server: 1.0.x devices that join or have a session
 * for life, class A, EU868.
 *
 * Antennas hand it frames; it joins devices, checks and deciphers, and hands uplinks to the ear.
 * It is the one writer of `session:` documents in `local`. Besides joins it commands one thing
 * only: data rate and power of devices that ask for it (ADR).
 */
import { LorawanError, parse, type Phy } from "lorawan-packet-decoder";
import type { Ear } from "#shared/keep/ear.ts";
import type { Database } from "#shared/couch/database.ts";
import type { Clock } from "#shared/model/clock.ts";
import { DevEui, DeviceId, type TenantName } from "#shared/model/ids.ts";
import type { FixedSession } from "#shared/model/site.ts";
import type { LeftBehind } from "#shared/model/left-behind.ts";
import type { Tally } from "#shared/model/refusals.ts";
import type { HeardFrame } from "../antenna-link.ts";
import type { Log } from "../log.ts";
import type { ExportedSession } from "../session-exports.ts";
import type { Context } from "./context.ts";
import { DeviceTable } from "./device-table.ts";
import { fixedRecord } from "./fixed-session.ts";
import { exported, exportMark, jumped, takenOver } from "./handed-over.ts";
import { heardData } from "./heard-data.ts";
import { heardJoin } from "./heard-join.ts";
import { rootKeyMark, type RootKeys } from "./join.ts";
import { leftBehinds } from "./left-behind.ts";
import { sessionId, type SessionRecord } from "./session.ts";
import { sessionStore } from "./session-store.ts";

export interface NetworkServerOptions {
  /** The gateway's own database, `local`. */
  readonly local: Database;
  /** Keys of the devices whose home is this gateway, by DevEUI. Asked anew each time. */
  readonly keysOf: (deviceId: DeviceId) => RootKeys | FixedSession | undefined;
  /** Those of them that never join. Asked at the start and when the keys changed. */
  readonly fixedSessions?: () => Iterable<readonly [DeviceId, FixedSession]>;
  readonly ear: Ear;
  readonly tally: Tally;
  readonly clock: Clock;
  /** Whether `clock` was ever set right; before, no device is told the time. */
  readonly isClockSynced: () => boolean;
  /** Cryptographically strong random bytes. */
  readonly random: (bytes: number) => Uint8Array;
  readonly log: Log;
  /** Whose a device is, for the ledger. */
  readonly tenantOf?: (deviceId: DeviceId) => TenantName | undefined;
  /** 6 hex digits of type 0; default 000000, for private networks. */
  readonly netId?: string;
  /** Told once for every further copy of a frame that another antenna heard. */
  readonly heardElsewhere?: () => void;
}

/** A session without its keys. */
export interface SessionView {
  readonly session: string;
  readonly devAddr: string;
  /** Pending: offered, and the device did not speak in it yet. */
  readonly isPending: boolean;
  readonly startedAt: string;
  readonly fCntUp: number | null;
}

export interface NetworkServer {
  /**
   * Takes a frame. Resolves when it is durable, or refused with a count: the antenna may be told
   * "received". Answers to the device go their own way.
   * @throws Fault "unavailable" when it could not be kept: the antenna must not be told "received"
   */
  heardFrame(heard: HeardFrame): Promise<void>;
  sessionsOf(devEui: string): SessionView[];
  /** All sessions, for the machine that takes this one's place; with their keys: to be sealed at once. */
  exports(): ExportedSession[];
  /**
   * Goes on with sessions of the machine whose place this one takes, where it has none of its own.
   * Resolves with how many; one that cannot go on is counted, and holds up none of the others.
   */
  takeOver(sessions: ReadonlyMap<DeviceId, unknown>): Promise<number>;
  /** Those that could not, of devices with keys here that have not joined since. */
  leftBehind(): LeftBehind[];
  /** This disk is an older one: counters go past all that may have been used since. */
  jump(): Promise<void>;
  /** To be called when `keysOf` may answer differently: sessions offered with a key that is gone are withdrawn. */
  keysChanged(): Promise<void>;
  /** Resolves when every answer begun so far was handed to its antenna, or given up. */
  answered(): Promise<void>;
  /** Waits for the answers under way and writes the counters. */
  stop(): Promise<void>;
}

/** A network server with the sessions that `local` holds. */
export async function networkServer(options: NetworkServerOptions): Promise<NetworkServer> {
  const { local, clock, log, tally, netId = "000000", heardElsewhere = () => undefined } = options;
  const stopping = new AbortController();
  const store = sessionStore({ local, clock, log, signal: stopping.signal });
  const table = new DeviceTable();
  const answers = new Set<Promise<void>>();
  const context: Context = {
    ...options,
    netId,
    heardElsewhere,
    store,
    table,
    track(work) {
      const tracked = work.finally(() => answers.delete(tracked));
      answers.add(tracked);
    },
  };
  const answered = async (): Promise<void> => {
    while (answers.size > 0) await Promise.all(answers);
  };
  const behind = leftBehinds(local, ({ deviceId, why }) => {
    const tenant = options.tenantOf?.(deviceId);
    tally.refused(why, 1, {
      ...(tenant === undefined ? {} : { tenant }),
      deviceId,
      fromMs: clock.now(),
      about: "it is heard again after its next join",
    });
  });
  for (const record of await store.load()) table.set(table.device(record.devEui), record);
  await takeFixedSessions();

  /** Gives devices that never join the session they have for life. */
  async function takeFixedSessions(): Promise<void> {
    for (const [deviceId, fixed] of options.fixedSessions?.() ?? []) {
      const device = table.device(deviceId);
      await device.queue(async () => {
        const record = fixedRecord(device.record, DevEui.parse(deviceId), fixed, clock.now());
        if (record === undefined) return;
        await store.save(record);
        table.set(device, record);
      });
    }
  }

  return {
    async heardFrame(heard) {
      const phy = read(heard.phy);
      switch (phy?.type) {
        case undefined:
          return tally.refused("frame_malformed");
        case "joinRequest":
          return heardJoin(context, heard, phy);
        case "dataUp":
          return heardData(context, heard, phy);
        case "proprietary":
          return tally.refused("frame_proprietary");
        default:
          // Downlinks of other networks, and rejoin requests, which a 1.0.x network does not know.
          return tally.refused("frame_unexpected");
      }
    },
    sessionsOf(devEui) {
      const record = table.find(devEui)?.record;
      return (["active", "pending"] as const).flatMap((slot) => {
        const session = record?.[slot];
        if (!session) return [];
        const { devAddr, startedAt, fCntUp } = session;
        return [
          {
            session: sessionId(session),
            devAddr,
            isPending: slot === "pending",
            startedAt,
            fCntUp,
          },
        ];
      });
    },
    exports: () =>
      [...table.all()].flatMap(({ record }) => {
        if (!record?.active && !record?.pending) return [];
        const deviceId = DeviceId.parse(record.devEui);
        return [{ deviceId, mark: exportMark(record), text: () => exported(record) }];
      }),
    async takeOver(sessions) {
      let taken = 0;
      const left: LeftBehind[] = [];
      for (const [deviceId, told] of sessions) {
        const keys = options.keysOf(deviceId);
        if (!keys) continue;
        const device = table.device(deviceId);
        await device.queue(async () => {
          const record = takenOver(deviceId, told);
          if (typeof record === "string") {
            if (!device.record || isBegunAnew(device.record)) left.push({ deviceId, why: record });
            return;
          }
          if (device.record && !isUnheard(device.record, record)) return;
          // With another root key than now it would be a session that nobody should speak in.
          if ("appKey" in keys && rootKeyMark(keys.appKey) !== record.rootKeyMark) {
            left.push({ deviceId, why: "session_other_key" });
            return;
          }
          await store.save(record);
          table.set(device, record);
          taken++;
        });
      }
      await behind.note(left);
      return taken;
    },
    leftBehind: () =>
      behind
        .noted()
        .filter(
          ({ deviceId }) => options.keysOf(deviceId) && !table.find(deviceId)?.record?.active,
        ),
    async jump() {
      for (const device of table.all())
        await device.queue(async () => {
          if (!device.record) return;
          const record = jumped(device.record);
          await store.save(record);
          table.set(device, record);
          device.fCntDown = undefined;
        });
    },
    async keysChanged() {
      await takeFixedSessions();
      for (const device of table.all()) {
        await device.queue(() => {
          const keys = context.keysOf(DeviceId.parse(device.devEui));
          if (
            !device.record?.pending ||
            (keys && "appKey" in keys && rootKeyMark(keys.appKey) === device.record.rootKeyMark)
          )
            return;
          table.set(device, { ...device.record, pending: null });
          store.saveLater(device.record);
        });
      }
    },
    answered,
    async stop() {
      await answered();
      stopping.abort();
      await store.flush();
    },
  };
}

/** Whether what is here is the very session handed over, begun anew: its counters are behind. */
function isUnheard(record: SessionRecord, given: SessionRecord) {
  return isBegunAnew(record) && record.rootKeyMark === given.rootKeyMark;
}

/** A session for life (ABP) that nothing was heard in here. */
function isBegunAnew({ active, pending }: SessionRecord) {
  return pending === null && active?.fCntUp === null;
}

/** Undefined for bytes that are no LoRaWAN frame. */
function read(bytes: Uint8Array): Phy | undefined {
  try {
    return parse(bytes);
  } catch (error) {
    if (error instanceof LorawanError) return undefined;
    throw error;
  }
}
