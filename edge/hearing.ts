/**
 * `hearing`: every way in which this gateway hears, opened: antennas over UDP, Basics Stations, the embedded
 * broker, subscriptions to others. All lead to one ear; radio frames by way of the network server.
 */
import type { Database } from "#shared/couch/database.ts";
import type { Intake } from "#shared/keep/intake.ts";
import type { Clock } from "#shared/model/clock.ts";
import type { DeviceId } from "#shared/model/ids.ts";
import type { EdgeConfig } from "./config.ts";
import type { Log } from "./edge.ts";
import type { Metrics } from "./health/metrics.ts";
import { brokerList } from "./mqtt/broker-list.ts";
import { brokerUsers } from "./mqtt/broker-users.ts";
import { embeddedBroker } from "./mqtt/broker.ts";
import { durableMemory } from "./mqtt/durable-memory.ts";
import { hearMessage, type Origin } from "./mqtt/hear-message.ts";
import { subscription } from "./mqtt/subscription.ts";
import type { Antenna, Knocking } from "./radio/antenna-roster.ts";
import { basicsStation } from "./radio/basics-station/basics-station.ts";
import { stationTokens } from "./radio/basics-station/station-tokens.ts";
import { gatewayBridge } from "./radio/gateway-bridge.ts";
import type { NetworkServer } from "./radio/network-server/network-server.ts";
import { packetForwarder } from "./radio/packet-forwarder.ts";
import { siteMappings } from "./site/site-mappings.ts";
import type { Holder, Sites } from "./site/sites.ts";

export interface HearingParts {
  readonly config: Pick<
    EdgeConfig,
    "udp" | "station" | "broker" | "brokers" | "brokersFile" | "topics"
  >;
  readonly gatewayId: string;
  readonly ear: Intake;
  readonly network: NetworkServer;
  readonly local: Database;
  readonly sites: Sites;
  /** Whether somebody here reads the bytes of this device: then what a network server told beside them is not needed. */
  readonly isRead: (holder: Holder) => boolean;
  readonly tally: Metrics;
  readonly clock: Clock;
  /** Called with what closes each way as soon as it is open. */
  readonly onFailure: (close: () => unknown) => void;
  readonly log: Log;
}

export interface Hearing {
  /** Ports as given by the system; undefined where nothing listens. */
  readonly udpPort: number | undefined;
  readonly mqttPort: number | undefined;
  readonly stationPort: number | undefined;
  /** Those that are heard, over all ways. */
  antennas(): Antenna[];
  /** Those who send from where nobody is allowed to. */
  knocking(): Knocking[];
  /** Waits for what is under way, then hears nothing any more. */
  stop(): Promise<void>;
}

/** @throws Fault when a way cannot be opened: a port that is taken, a file that cannot be read */
export async function hearing(parts: HearingParts): Promise<Hearing> {
  const { config, gatewayId, ear, network, local, sites, isRead, tally, clock, log } = parts;
  const { onFailure } = parts;
  const radio = { tally, clock, networkServer: network, log };

  const forwarder = config.udp && packetForwarder({ ...config.udp, ...radio });
  onFailure(() => forwarder?.stop());
  await forwarder?.start();

  const tokensFile = config.station?.tokensFile;
  const stations =
    config.station &&
    basicsStation({
      ...config.station,
      ...(tokensFile === undefined ? {} : { tokens: await stationTokens(tokensFile) }),
      ...radio,
    });
  onFailure(() => stations?.stop());
  await stations?.start();

  const memory = await durableMemory(local, log);
  const bridge = gatewayBridge(radio);
  const mappedBy = siteMappings(sites, clock);
  const areBytesRead = (deviceId: DeviceId) => {
    const holder = sites.holder(deviceId, clock.now());
    return holder !== undefined && isRead(holder);
  };
  const heard = (topic: string, bytes: Uint8Array, origin: Origin) =>
    hearMessage(
      { ear, tally, clock, bridge, memory, mappedBy, areBytesRead, log },
      topic,
      bytes,
      origin,
    );
  const broker =
    config.broker &&
    (await embeddedBroker({
      ...config.broker,
      users: await brokerUsers(config.broker.usersFile),
      heard,
      tally,
      log,
    }));
  onFailure(() => broker?.stop());
  const places = await brokerList({
    urls: config.brokers,
    file: config.brokersFile,
    topics: config.topics,
    gatewayId,
  });
  const subscriptions = places.map((place) => subscription({ broker: place, heard, tally, log }));
  onFailure(() => Promise.all(subscriptions.map((one) => one.stop())));

  return {
    udpPort: forwarder?.port,
    mqttPort: broker?.port,
    stationPort: stations?.port,
    antennas: () => [forwarder, stations, bridge].flatMap((way) => way?.antennas() ?? []),
    knocking: () => [forwarder, stations].flatMap((way) => way?.knocking() ?? []),
    async stop() {
      await Promise.all([
        forwarder?.stop(),
        stations?.stop(),
        broker?.stop(),
        ...subscriptions.map((one) => one.stop()),
      ]);
    },
  };
}
