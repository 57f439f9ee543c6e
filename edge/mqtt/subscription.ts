/**
 * `subscription`: listens to a broker somebody else runs (ChirpStack's, Mosquitto).
 *
 * A persistent session with QoS 1: what comes while this gateway is down waits at the broker, and
 * each message is acknowledged only when it is durable here.
 */
import mqtt, { type IPublishPacket, type MqttClient } from "mqtt";
import { isDiscovery } from "#shared/formats/home-assistant.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { Tally } from "#shared/model/refusals.ts";
import type { BrokerPlace } from "./broker-list.ts";
import type { Origin } from "./hear-message.ts";

export interface SubscriptionOptions {
  /** Its client id names the persistent session at the broker: the same after a restart. */
  readonly broker: Omit<BrokerPlace, "name">;
  /** Settles when durable. */
  readonly heard: (topic: string, bytes: Uint8Array, origin: Origin) => Promise<void>;
  readonly tally: Tally;
  readonly log: {
    info(about: object, message: string): void;
    warn(about: object, message: string): void;
  };
}

export interface Subscription {
  /** Resolves once the broker has granted the topics for the first time. */
  readonly ready: Promise<void>;
  isConnected(): boolean;
  stop(): Promise<void>;
}

/** The part of the client that sends, which is not in its types. */
interface Sender {
  _sendPacket(
    packet: { cmd: string; messageId?: number },
    done?: (error?: Error) => void,
    ...rest: unknown[]
  ): void;
}

export function subscription({
  broker: { url, topics, ...access },
  heard,
  tally,
  log,
}: SubscriptionOptions): Subscription {
  const client: MqttClient = mqtt.connect(url, {
    ...access,
    clean: false,
    reconnectPeriod: 2_000,
    connectTimeout: 10_000,
  });
  const place = new URL(url).host;
  const durable = new Map<number, Promise<void>>();
  const origin: Origin = {
    place,
    async publish(topic, bytes) {
      // Not kept for a broker that is away: an order to send is of no use later.
      if (!client.connected) throw new Fault("unavailable", "The broker is away.");
      await client.publishAsync(topic, Buffer.from(bytes));
    },
  };

  client.on("message", (topic: string, bytes: Buffer, packet: IPublishPacket) => {
    // What a broker kept is old and says nothing of now; but what a topic means it still says.
    if (packet.retain && !isDiscovery(topic)) {
      tally.refused("message_retained");
      return;
    }
    const settled = heard(topic, bytes, origin);
    if (packet.qos > 0 && packet.messageId !== undefined) {
      durable.set(packet.messageId, settled);
      // Whoever acknowledges it learns how it ended; one that is never acknowledged must not be nobody's.
      settled.catch(() => undefined);
    } else
      settled.catch((error: unknown) => log.warn({ place, error }, "a message could not be kept"));
  });
  holdAcknowledgements(client, durable, (error) => {
    log.warn(
      { place, reason: isFault(error) ? error.message : String(error) },
      "a message could not be kept; the broker will send it again",
    );
    // Without its PUBACK the broker sends it again when the session goes on: after the usual pause,
    // since what failed (a full disk) would fail again at once, a thousand times a second.
    client.stream.destroy();
  });
  client.on("error", (error) =>
    log.warn({ place, reason: error.message }, "the broker cannot be reached"),
  );

  const ready = new Promise<void>((resolve) => {
    client.on("connect", ({ sessionPresent }) => {
      client.subscribe([...topics], { qos: 1 }, (error, granted) => {
        const refused = granted?.filter(({ qos }) => qos > 2) ?? [];
        if (error || refused.length > 0)
          return log.warn(
            { place, topics: refused.map(({ topic }) => topic), reason: error?.message },
            "the broker refuses topics",
          );
        log.info({ place, sessionPresent }, "listening to the broker");
        resolve();
      });
    });
  });
  return {
    ready,
    isConnected: () => client.connected,
    stop: () => client.endAsync(),
  };
}

/**
 * Sends a PUBACK or PUBREC only when the message it speaks of is durable. The client handles one
 * message after the other and waits for each acknowledgement to be sent; here it goes on at once
 * and the acknowledgement follows, so that a hundred messages share one fsync.
 */
function holdAcknowledgements(
  client: MqttClient,
  durable: Map<number, Promise<void>>,
  failed: (error: unknown) => void,
) {
  const sender = client as unknown as Sender;
  const send = sender._sendPacket.bind(client);
  sender._sendPacket = (packet, done, ...rest) => {
    const settled = packet.messageId === undefined ? undefined : durable.get(packet.messageId);
    if (!settled || (packet.cmd !== "puback" && packet.cmd !== "pubrec"))
      return send(packet, done, ...rest);
    durable.delete(packet.messageId as number);
    settled.then(() => {
      if (client.connected) send(packet, undefined, ...rest);
    }, failed);
    done?.();
  };
}
