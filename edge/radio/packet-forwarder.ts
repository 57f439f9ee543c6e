/**
 * `packet-forwarder`: hears antennas that speak Semtech's UDP protocol, versions 1 and 2.
 *
 * It says "received" (PUSH_ACK) only when every packet of the datagram is durable or refused with
 * a count, so an antenna that keeps what is not acknowledged loses nothing. Nothing of what it
 * hears is answered when it is malformed or comes from an address that is not allowed. It reads no
 * LoRaWAN.
 *
 * @see Lora-net/packet_forwarder, PROTOCOL.TXT
 */
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { isIP } from "node:net";
import {
  buildAck,
  buildPullResp,
  parseDatagram,
  type Datagram,
} from "#shared/formats/semtech-udp.ts";
import type { Clock } from "#shared/model/clock.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { Tally } from "#shared/model/refusals.ts";
import type { Radio } from "#shared/model/uplink.ts";
import { allowList, plainAddress } from "./allow-list.ts";
import type { DownlinkOrder, DownlinkOutcome, HeardFrame } from "./antenna-link.ts";
import { AntennaRoster, type Antenna, type Knocking } from "./antenna-roster.ts";
import type { Log } from "./log.ts";
import { orderBook } from "./order-book.ts";

/** Room for a burst while the disk is busy; the system may give less. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

export interface PacketForwarderOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Addresses and ranges that are heard. */
  readonly allow: readonly string[];
  readonly tally: Tally;
  readonly clock: Clock;
  readonly networkServer: {
    heardFrame(heard: HeardFrame): Promise<void>;
    answered(): Promise<void>;
  };
  readonly log: Log;
}

export interface PacketForwarder {
  /** The port it listens on, once started. */
  readonly port: number;
  /** Resolves once listening. @throws Fault "unavailable" when the address cannot be had */
  start(): Promise<void>;
  /** Waits for what is under way, then stops listening. */
  stop(): Promise<void>;
  /** Latest heard first. */
  antennas(): Antenna[];
  /** Those who send from an address that is not allowed, latest first. */
  knocking(): Knocking[];
  /** Puts another list in place. @throws Fault "invalid" that names the entry */
  setAllowed(entries: readonly string[]): void;
  /** Has the antenna send; resolves with what it says to it. Never rejects. */
  send(eui: string, order: DownlinkOrder): Promise<DownlinkOutcome>;
}

type PushData = Extract<Datagram, { type: "PUSH_DATA" }>;

/** Listens after `start`. @throws Fault "invalid" for an entry of `allow` that is no address */
export function packetForwarder(options: PacketForwarderOptions): PacketForwarder {
  const { host = "127.0.0.1", tally, clock, networkServer, log } = options;
  const roster = new AntennaRoster();
  const underWay = new Set<Promise<void>>();
  const orders = orderBook(clock);
  let isAllowed = allowList(options.allow);
  let socket: Socket | undefined;
  let isStopping = false;

  function received(bytes: Uint8Array, from: RemoteInfo): void {
    let datagram: Datagram | undefined;
    try {
      datagram = parseDatagram(bytes);
    } catch (error) {
      // A mistake of ours must not silence the other antennas.
      if (!isFault(error)) log.error({ reason: reasonOf(error) }, "a datagram could not be read");
    }
    const heardAt = clock.now();
    const address = plainAddress(from.address);
    if (!isAllowed(address)) {
      tally.refused("antenna_not_allowed");
      roster.knocked(address, datagram && "antenna" in datagram ? datagram.antenna : null, heardAt);
      return;
    }
    const protocolVersion = bytes[0] ?? 0;
    switch (datagram?.type) {
      case "PUSH_DATA":
        return push(datagram, { from, address, heardAt, protocolVersion });
      case "PULL_DATA":
        roster.heard(datagram.antenna, {
          address,
          lastHeardAt: heardAt,
          down: { address: from.address, port: from.port, at: heardAt },
          protocolVersion,
        });
        return say(inVersion(protocolVersion, buildAck("PULL_ACK", datagram.token)), from);
      case "TX_ACK":
        return orders.answered(datagram.token, datagram.antenna, datagram.error);
      default:
        // No datagram, or one that only a server sends.
        return tally.refused("datagram_malformed");
    }
  }

  function push(
    datagram: PushData,
    {
      from,
      address,
      heardAt,
      protocolVersion,
    }: { from: RemoteInfo; address: string; heardAt: number; protocolVersion: number },
  ): void {
    // Not acknowledged, so it comes again to whoever listens next.
    if (isStopping) return;
    const { antenna, packets, faults, stat } = datagram;
    roster.heard(antenna, {
      address,
      lastHeardAt: heardAt,
      protocolVersion,
      packets: packets.length + faults.length,
      ...(stat ? { stat } : {}),
    });
    if (faults.length > 0) tally.refused("datagram_malformed", faults.length);
    const damaged = packets.filter(({ crc }) => crc === "bad").length;
    if (damaged > 0) tally.refused("frame_crc", damaged);
    const intact = packets.filter(({ crc }) => crc !== "bad");
    const work = settled(
      intact.map((packet) => networkServer.heardFrame(heardFrame(packet, antenna, heardAt))),
    )
      .then(
        () => say(inVersion(protocolVersion, buildAck("PUSH_ACK", datagram.token)), from),
        (error: unknown) =>
          log.error(
            { antenna, reason: reasonOf(error) },
            "a datagram could not be kept and is not acknowledged",
          ),
      )
      .finally(() => underWay.delete(work));
    underWay.add(work);
  }

  function heardFrame(
    packet: PushData["packets"][number],
    antenna: string,
    heardAt: number,
  ): HeardFrame {
    const { phy, tmst, freqHz, modulation, rssi, snr, time, timeSource } = packet;
    const lora = modulation.modu === "LORA" ? modulation : undefined;
    const radio: Radio = {
      antenna,
      frequencyHz: freqHz,
      ...(rssi === undefined ? {} : { rssi }),
      ...(snr === undefined ? {} : { snr }),
      ...(lora ? { sf: lora.sf } : {}),
    };
    return {
      phy,
      radio,
      ...(lora ? { bandwidthHz: lora.bwHz } : {}),
      tmst,
      antenna,
      heardAt,
      // What the antenna's host believes without GPS is no better than this machine's own clock.
      ...(timeSource === "radio" && time !== undefined ? { gpsTime: time } : {}),
      reply: (order) => send(antenna, order),
    };
  }

  async function send(eui: string, order: DownlinkOrder): Promise<DownlinkOutcome> {
    const antenna = roster.antenna(eui);
    const outcome =
      antenna?.down && socket
        ? await ask(antenna, antenna.down, order)
        : { outcome: "refused" as const, reason: "NO_WAY_DOWN" };
    if (outcome.outcome === "refused") {
      tally.refused("downlink_refused");
      log.info({ antenna: eui, reason: outcome.reason }, "an antenna refused a downlink");
    }
    return outcome;
  }

  async function ask(
    antenna: Antenna,
    down: NonNullable<Antenna["down"]>,
    order: DownlinkOrder,
  ): Promise<DownlinkOutcome> {
    const { phy, tmst, frequencyHz, sf, bandwidthHz, powerDbm } = order;
    const downlink = { phy, tmst, freqHz: frequencyHz, sf, bwHz: bandwidthHz, power: powerDbm };
    return orders.place(antenna.eui, (token) =>
      say(inVersion(antenna.protocolVersion, buildPullResp(token, downlink)), down),
    );
  }

  function say(datagram: Uint8Array, to: { address: string; port: number }): void {
    const open = socket;
    if (!open) return;
    const leaving = new Promise<void>((resolve) => {
      open.send(datagram, to.port, to.address, (error) => {
        if (error)
          log.warn({ address: to.address, reason: error.message }, "a datagram could not be sent");
        resolve();
      });
    }).finally(() => underWay.delete(leaving));
    underWay.add(leaving);
  }

  const port = (): number => socket?.address().port ?? options.port;

  return {
    get port() {
      return port();
    },
    async start() {
      const opened = createSocket({
        type: isIP(host) === 6 ? "udp6" : "udp4",
        recvBufferSize: RECEIVE_BUFFER_BYTES,
      });
      await new Promise<void>((resolve, reject) => {
        opened.once("error", reject);
        opened.bind(options.port, host, () => {
          opened.off("error", reject);
          resolve();
        });
      }).catch((error: unknown) => {
        opened.close();
        throw new Fault(
          "unavailable",
          `antennas cannot be heard on ${host}:${options.port}: ${reasonOf(error)}`,
          {},
          error,
        );
      });
      opened.on("error", (error) =>
        log.error({ reason: error.message }, "the antennas' socket failed"),
      );
      opened.on("message", received);
      socket = opened;
      isStopping = false;
      log.info({ host, port: port() }, "listening for antennas");
    },
    async stop() {
      isStopping = true;
      do {
        await Promise.all(underWay);
        await networkServer.answered();
      } while (underWay.size > 0);
      const open = socket;
      socket = undefined;
      if (open) await new Promise<void>((resolve) => open.close(() => resolve()));
    },
    antennas: () => roster.antennas(),
    knocking: () => roster.knocking(),
    setAllowed(entries) {
      isAllowed = allowList(entries);
      roster.allowed(isAllowed);
    },
    send,
  };
}

/** Waits for all, also when one fails, then fails with the first failure. */
async function settled(works: readonly Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(works))
    if (outcome.status === "rejected") throw outcome.reason;
}

/** Forwarders of version 1 only listen to version 1. */
function inVersion(version: number, datagram: Uint8Array): Uint8Array {
  datagram[0] = version;
  return datagram;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
