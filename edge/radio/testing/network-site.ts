/**
 * `network-site`: for tests: a network server on a database in memory, with frames handed in
 * directly and orders handed out, no sockets. `restart` is a crash: nothing is flushed.
 */
import { createHash } from "node:crypto";
import type {
  DeviceIdentity,
  SimulatedDevice,
  Transmission,
} from "#shared/testing/radio/simulated-device.ts";
import { simulatedDevice } from "#shared/testing/radio/simulated-device.ts";
import type { Database } from "#shared/couch/database.ts";
import { openMemoryDatabases } from "#shared/testing/memory-databases.ts";
import { steerableClock } from "#shared/testing/steerable-clock.ts";
import type { DownlinkOrder, DownlinkOutcome, HeardFrame } from "../antenna-link.ts";
import {
  networkServer,
  type NetworkServer,
  type NetworkServerOptions,
} from "../network-server/network-server.ts";
import type { RootKeys } from "../network-server/join.ts";
import { countingTally } from "./counting-tally.ts";
import { quietLog } from "./quiet-log.ts";
import { rememberingEar } from "./remembering-ear.ts";

/** A device's identity made from a small number. */
export function identity(number: number): DeviceIdentity {
  return {
    devEui: number.toString(16).padStart(16, "0"),
    joinEui: "70b3d57ed0000000",
    appKey: createHash("sha256").update(`root key ${number}`).digest("hex").slice(0, 32),
  };
}

/** Bytes that only depend on how many were asked for before. */
export function countedRandom(): (bytes: number) => Uint8Array {
  let drawn = 0;
  return (bytes) =>
    new Uint8Array(createHash("sha256").update(`draw ${drawn++}`).digest().subarray(0, bytes));
}

export interface NetworkSite {
  readonly clock: ReturnType<typeof steerableClock>;
  readonly ear: ReturnType<typeof rememberingEar>;
  readonly tally: ReturnType<typeof countingTally>;
  readonly log: ReturnType<typeof quietLog>;
  readonly local: Database;
  readonly keys: Map<string, RootKeys>;
  readonly orders: DownlinkOrder[];
  /** What the antenna says to an order. */
  antenna: (order: DownlinkOrder) => DownlinkOutcome;
  elsewhere: number;
  server: NetworkServer;
  /** A frame as an antenna hears it now. */
  heard(transmission: Transmission, facts?: Partial<HeardFrame>): HeardFrame;
  /** Hands it over and gives the orders that came of it, once all are sent. */
  hear(transmission: Transmission, facts?: Partial<HeardFrame>): Promise<DownlinkOrder[]>;
  /** Joins a new device with keys that the site has. */
  joined(number?: number): Promise<SimulatedDevice>;
  /** Another process on the same database: what was not yet written is gone. */
  restart(): Promise<void>;
}

export async function networkSite(
  options: Partial<NetworkServerOptions> = {},
): Promise<NetworkSite> {
  const clock = steerableClock();
  const local = options.local ?? (await openMemoryDatabases().open("local"));
  const keys = new Map<string, RootKeys>();
  const random = countedRandom();
  const open = (): Promise<NetworkServer> =>
    networkServer({
      local,
      keysOf: (deviceId) => keys.get(deviceId),
      ear: site.ear,
      tally: site.tally,
      clock,
      isClockSynced: () => true,
      random,
      log: site.log,
      heardElsewhere: () => void (site.elsewhere += 1),
      ...options,
    });
  const site: NetworkSite = {
    clock,
    ear: rememberingEar(),
    tally: countingTally(),
    log: quietLog(),
    local,
    keys,
    orders: [],
    antenna: () => ({ outcome: "sent" }),
    elsewhere: 0,
    server: undefined as never,
    heard: (transmission, facts = {}) => ({
      phy: transmission.phy,
      radio: {
        antenna: "a1",
        rssi: -90,
        snr: 5,
        sf: transmission.sf,
        frequencyHz: transmission.frequencyHz,
      },
      tmst: (clock.now() * 1000) % 2 ** 32,
      bandwidthHz: 125_000,
      antenna: "a1",
      heardAt: clock.now(),
      reply: async (order) => {
        site.orders.push(order);
        return site.antenna(order);
      },
      ...facts,
    }),
    async hear(transmission, facts) {
      const before = site.orders.length;
      await site.server.heardFrame(site.heard(transmission, facts));
      await site.server.answered();
      return site.orders.slice(before);
    },
    async joined(number = 1) {
      const born = identity(number);
      keys.set(born.devEui, { ...born, macVersion: "1.0" });
      const device = simulatedDevice(born);
      for (const { phy } of await site.hear(device.join())) device.receive(phy);
      if (!device.isJoined()) throw new Error("the simulated device did not join");
      return device;
    },
    async restart() {
      site.server = await open();
    },
  };
  site.server = await open();
  return site;
}
