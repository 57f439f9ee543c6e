/**
 * `simulated-antenna`: a packet forwarder over real UDP, with a concentrator's counter and
 * transmitter, and the air between it and simulated devices.
 *
 * What it sends it sends again until it is acknowledged, as an antenna does that keeps what it
 * hears. A device is handed a downlink only when it leaves in one of its receive windows: at the
 * right microsecond, frequency, spreading factor and polarity. Time comes from the clock given.
 *
 * @see Lora-net/packet_forwarder, PROTOCOL.TXT
 */
import { createSocket, type Socket } from "node:dgram";
import { isIP } from "node:net";
import { fromGps } from "#shared/formats/instants.ts";
import { buildPullData, buildPushData, buildTxAck } from "#shared/formats/semtech-udp.ts";
import { systemClock, type Clock } from "#shared/model/clock.ts";
import { airtimeMs } from "./airtime.ts";
import { orderOf, readDatagram, rxpkOf, type Carried } from "./forwarder-words.ts";
import type { Received, SimulatedDevice, Transmission } from "./simulated-device.ts";
import {
  counterDifference,
  transmitQueue,
  type Order,
  type TransmitRefusal,
} from "./transmit-queue.ts";

export interface AntennaOptions {
  /** 16 hex digits. */
  readonly eui: string;
  /** The gateway's address. Default 127.0.0.1. */
  readonly host?: string;
  readonly port: number;
  readonly clock?: Clock;
  /** The counter at `start`, µs. Default 0; near 2^32 to see it wrap. */
  readonly firstTmst?: number;
  /** How often it says that it is there, ms. */
  readonly pullMs?: number;
  /** How long it waits for PUSH_ACK before it sends the same datagram again, ms. */
  readonly resendMs?: number;
  /** Of the protocol: 2, or 1, which knows no TX_ACK. */
  readonly protocolVersion?: 1 | 2;
  /** Whether its packets carry GPS time. Default false. */
  readonly hasGps?: boolean;
  /** Refuses a downlink in its own words, for tests. */
  readonly refuse?: (order: Order) => TransmitRefusal | undefined;
}

/** What comes of frames that were carried. */
export interface Carriage {
  /** True when the gateway said "received", false when the antenna was stopped before. Never rejects. */
  readonly acknowledged: Promise<boolean>;
  /** For each frame, what its device heard in its windows; undefined when they closed without. Never rejects. */
  readonly answers: readonly Promise<Received | undefined>[];
}

export interface SimulatedAntenna {
  readonly eui: string;
  /** Binds and begins to say that it is there. */
  start(): Promise<void>;
  /** Resolves when the gateway has answered its first PULL_DATA: from now on downlinks have a way. */
  linked(): Promise<void>;
  /** Frames that ended on air now, in one datagram. */
  carry(...frames: readonly Carried[]): Carriage;
  /** Sends bytes as they are: what is no datagram, for example. */
  shout(datagram: Uint8Array): Promise<void>;
  /** Orders taken and refused so far. */
  readonly counts: Readonly<Record<"sent" | "refused" | "resent" | "heardByDevice", number>>;
  stop(): Promise<void>;
}

interface Listener {
  readonly device: SimulatedDevice;
  readonly opensAt: number;
  readonly frequencyHz: number;
  readonly sf: number;
  hears(received: Received): void;
}

/** How far from a window's opening a downlink may begin, µs. */
const WINDOW_TOLERANCE_US = 1000;
/** After the last window opened, until the longest frame in it has ended, ms. */
const LAST_WINDOW_MS = 3000;
const WRAP = 2 ** 32;

export function simulatedAntenna(options: AntennaOptions): SimulatedAntenna {
  const {
    eui,
    host = "127.0.0.1",
    port,
    clock = systemClock,
    firstTmst = 0,
    pullMs = 5000,
    resendMs = 2000,
    protocolVersion = 2,
    hasGps = false,
  } = options;
  const counts = { sent: 0, refused: 0, resent: 0, heardByDevice: 0 };
  /** Every wait under way, so that a stop ends them all. */
  const waits = new Set<AbortController>();
  let isStopped = false;
  const queue = transmitQueue();
  const listeners = new Set<Listener>();
  const pushes = new Map<number, () => void>();
  let link = (): void => undefined;
  const linked = new Promise<void>((resolve) => (link = resolve));
  let socket: Socket | undefined;
  let startedAt = 0;
  let nextToken = 0;

  const tmst = (): number => Math.round((clock.now() - startedAt) * 1000 + firstTmst) % WRAP;
  /** Waits until `wait` is ended, the time is over or the antenna is stopped. */
  async function pause(ms: number, wait: AbortController): Promise<void> {
    if (isStopped) return;
    waits.add(wait);
    await clock.sleep(ms, wait.signal);
    waits.delete(wait);
  }

  /** A token that no datagram under way has. */
  function token(): number {
    do nextToken = (nextToken + 1) & 0xffff;
    while (pushes.has(nextToken));
    return nextToken;
  }

  function shout(datagram: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      if (!socket) return resolve();
      // A datagram that does not leave is like one that is lost on the way.
      socket.send(datagram, port, host, () => resolve());
    });
  }

  function inVersion(datagram: Uint8Array): Uint8Array {
    datagram[0] = protocolVersion;
    return datagram;
  }

  async function keepAlive(): Promise<void> {
    while (!isStopped) {
      await shout(inVersion(buildPullData(token(), eui)));
      await pause(pullMs, new AbortController());
    }
  }

  function received(bytes: Uint8Array): void {
    const datagram = readDatagram(bytes);
    if (datagram?.type === "PUSH_ACK") pushes.get(datagram.token)?.();
    else if (datagram?.type === "PULL_ACK") link();
    else if (datagram?.type === "PULL_RESP") void transmit(datagram.token, orderOf(datagram.txpk));
  }

  async function transmit(orderToken: number, order: Order | undefined): Promise<void> {
    if (!order) return;
    const airtimeUs = Math.round(airtimeMs(order.phy.length, { ...order, hasCrc: false }) * 1000);
    const placed = options.refuse?.(order) ?? queue.place(order, tmst(), airtimeUs);
    const refusal = typeof placed === "string" ? placed : null;
    counts[refusal === null ? "sent" : "refused"] += 1;
    if (protocolVersion === 2) await shout(buildTxAck(orderToken, eui, refusal));
    if (typeof placed === "string") return;
    const sentAt = (tmst() + placed) % WRAP;
    await pause(placed / 1000, new AbortController());
    if (!isStopped) deliver(order, order.tmst ?? sentAt);
  }

  function deliver(order: Order, sentAt: number): void {
    if (!order.isInverted) return;
    for (const listener of listeners) {
      const isOpen = Math.abs(counterDifference(sentAt, listener.opensAt)) <= WINDOW_TOLERANCE_US;
      if (!isOpen || order.frequencyHz !== listener.frequencyHz || order.sf !== listener.sf)
        continue;
      const heard = listener.device.receive(order.phy);
      if (!heard) continue;
      counts.heardByDevice += 1;
      listener.hears(heard);
    }
  }

  /** Opens the windows of a device; resolves with what it hears, or when they are closed. */
  async function listen(
    device: SimulatedDevice,
    { windows }: Transmission,
    endedAt: number,
  ): Promise<Received | undefined> {
    const closed = new AbortController();
    let answer: Received | undefined;
    const opened = windows.map(({ afterMs, frequencyHz, sf }): Listener => ({
      device,
      opensAt: (endedAt + afterMs * 1000) % WRAP,
      frequencyHz,
      sf,
      hears(heard) {
        answer = heard;
        closed.abort();
      },
    }));
    for (const listener of opened) listeners.add(listener);
    const lastMs = Math.max(...windows.map(({ afterMs }) => afterMs));
    await pause(lastMs + LAST_WINDOW_MS, closed);
    for (const listener of opened) listeners.delete(listener);
    return answer;
  }

  async function push(datagram: Uint8Array, pushToken: number): Promise<boolean> {
    const wait = new AbortController();
    let isAnswered = false;
    pushes.set(pushToken, () => {
      isAnswered = true;
      wait.abort();
    });
    for (let isFirst = true; !isAnswered && !isStopped; isFirst = false) {
      if (!isFirst) counts.resent += 1;
      await shout(datagram);
      await pause(resendMs, wait);
    }
    pushes.delete(pushToken);
    return isAnswered;
  }

  return {
    eui,
    counts,
    async start() {
      const opened = createSocket(isIP(host) === 6 ? "udp6" : "udp4");
      await new Promise<void>((resolve, reject) => {
        opened.once("error", reject);
        opened.bind(0, () => {
          opened.off("error", reject);
          resolve();
        });
      });
      // A gateway that is away makes itself felt by silence only.
      opened.on("error", () => undefined);
      opened.on("message", received);
      socket = opened;
      startedAt = clock.now();
      void keepAlive();
    },
    linked: () => linked,
    carry(...frames) {
      const endedAt = tmst();
      const pushToken = token();
      const gps = hasGps ? { tmms: clock.now() - fromGps(0) } : {};
      const rxpk = frames.map((frame) => ({ ...gps, ...rxpkOf(frame, endedAt) }));
      return {
        answers: frames.map(({ device, transmission }) =>
          device ? listen(device, transmission, endedAt) : Promise.resolve(undefined),
        ),
        acknowledged: push(inVersion(buildPushData(pushToken, eui, { rxpk })), pushToken),
      };
    },
    shout,
    async stop() {
      isStopped = true;
      for (const wait of waits) wait.abort();
      const open = socket;
      socket = undefined;
      if (open) await new Promise<void>((resolve) => open.close(() => resolve()));
    },
  };
}
