/**
 * `broker`: the embedded MQTT broker, for sites whose network server or devices have none.
 *
 * Who may publish what, and who may listen to what (antennas to their commands), is in the users
 * file; without a word there nobody listens. A publisher gets its PUBACK only when what it said is
 * durable. It keeps nothing for those who are away: it is no store.
 */
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { Aedes, type AuthenticateError } from "aedes";
import { isFault } from "#shared/model/fault.ts";
import type { Tally } from "#shared/model/refusals.ts";
import type { BrokerUsers } from "./broker-users.ts";
import type { Origin } from "./hear-message.ts";
import { packetLimit } from "./packet-limit.ts";

export interface BrokerOptions {
  readonly host: string;
  readonly port: number;
  readonly users: BrokerUsers;
  /** Settles when durable. */
  readonly heard: (topic: string, bytes: Uint8Array, origin: Origin) => Promise<void>;
  readonly tally: Tally;
  readonly log: { warn(about: object, message: string): void };
}

export interface Broker {
  readonly port: number;
  stop(): Promise<void>;
}

/** CONNACK return codes (MQTT 3.1.1, table 3.1). */
const SERVER_UNAVAILABLE = 3;
const BAD_CREDENTIALS = 4;

function refusal(message: string, returnCode: number): AuthenticateError {
  return Object.assign(new Error(message), { returnCode });
}

export async function embeddedBroker({
  host,
  port,
  users,
  heard,
  tally,
  log,
}: BrokerOptions): Promise<Broker> {
  const names = new WeakMap<object, string>();
  const origin: Origin = {
    place: "embedded",
    publish: (topic, bytes) =>
      new Promise((resolve, reject) => {
        const packet = { cmd: "publish", qos: 0, dup: false, retain: false } as const;
        aedes.publish({ ...packet, topic, payload: Buffer.from(bytes) }, (error) =>
          error ? reject(error) : resolve(),
        );
      }),
  };
  const aedes = await Aedes.createBroker({
    authenticate(client, name, password, done) {
      users.isRight(name ?? "", password?.toString("utf8") ?? "").then(
        (isRight) => {
          if (!isRight) return done(refusal("not allowed", BAD_CREDENTIALS), false);
          names.set(client, name ?? "");
          done(null, true);
        },
        (error: unknown) => done(refusal(String(error), SERVER_UNAVAILABLE), false),
      );
    },
    authorizeSubscribe(client, subscription, done) {
      const mayListen = users.maySubscribe(names.get(client) ?? "", subscription.topic);
      // Never more than once and never for later: what is not heard now is not kept in memory.
      done(null, mayListen ? { ...subscription, qos: 0 } : null);
    },
    authorizePublish(client, packet, done) {
      if (!client) return done(null);
      const { topic } = packet;
      if (topic.startsWith("$") || !users.mayPublish(names.get(client) ?? "", topic)) {
        tally.refused("topic_not_allowed");
        return done(new Error("not a topic to publish to"));
      }
      // Who listens wants what is said now: nothing is worth keeping in memory for them.
      packet.retain = false;
      heard(
        topic,
        typeof packet.payload === "string" ? Buffer.from(packet.payload) : packet.payload,
        origin,
      ).then(
        () => done(null),
        (error: unknown) => {
          if (!isFault(error)) log.warn({ error }, "a published message could not be heard");
          done(error as Error);
        },
      );
    },
  });
  for (const event of ["clientError", "connectionError"] as const)
    aedes.on(event, (_client, error) => {
      tally.refused("message_invalid");
      log.warn({ reason: error.message }, "a client of the embedded broker was cut off");
    });
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    aedes.handle(socket);
    // Beside the broker's own reading, which is what makes the bytes come by.
    const isWithin = packetLimit();
    socket.on("data", (bytes: Buffer) => {
      if (isWithin(bytes)) return;
      tally.refused("message_too_large");
      socket.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => aedes.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
