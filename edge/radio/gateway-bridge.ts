/**
 * `gateway-bridge`: antennas behind a broker: what a ChirpStack Gateway Bridge heard goes to the
 * network server, and its answers go back on the command topic beside the one the frame came on.
 *
 * A broker says who may publish; nothing here proves where a frame was heard. It must never answer
 * a frame that lay in a broker's queue: its windows are long closed, and by the antenna's counter
 * of 71.6 minutes an old one could look like a coming one.
 *
 * @see ChirpStack Gateway Bridge documentation, "Payloads", "Commands" (down), "Events" (ack)
 */
import type { OrderAnswer, RawFrame } from "#shared/formats/format.ts";
import type { Clock } from "#shared/model/clock.ts";
import type { Tally } from "#shared/model/refusals.ts";
import type { DownlinkOrder, DownlinkOutcome, HeardFrame } from "./antenna-link.ts";
import { AntennaRoster, type Antenna } from "./antenna-roster.ts";
import { bridgeCommand } from "./bridge-command.ts";
import type { Log } from "./log.ts";
import { orderBook } from "./order-book.ts";

/** The way a message came, and the way back. */
export interface BrokerWay {
  readonly topic: string;
  /** The broker's host and port, for the list of antennas. */
  readonly place: string;
  /** Resolves when the broker has it. */
  publish(topic: string, bytes: Uint8Array): Promise<void>;
}

export interface GatewayBridgeOptions {
  readonly tally: Tally;
  readonly clock: Clock;
  readonly networkServer: { heardFrame(heard: HeardFrame): Promise<void> };
  readonly log: Log;
}

export interface GatewayBridge {
  /**
   * Resolves when each frame is durable, or refused with a count.
   * @throws Fault "unavailable" when one could not be kept: the broker must not be told "received"
   */
  heard(frames: readonly RawFrame[], way: BrokerWay): Promise<void>;
  /** What became of orders. */
  answered(answers: readonly OrderAnswer[]): void;
  /** An antenna told something of itself (`stats`, `conn`). */
  told(antenna: string, way: Pick<BrokerWay, "place">): void;
  /** Latest heard first. */
  antennas(): Antenna[];
}

const WRAP = 0x1_0000_0000;
/** Older than an antenna's live frames are by this much, a frame has waited in a queue, ms. */
const WAITED_MS = 4_000;
/** The same for the first frame of an antenna, whose clock may be wrong by some seconds. */
const FIRST_WAITED_MS = 60_000;

export function gatewayBridge({
  tally,
  clock,
  networkServer,
  log,
}: GatewayBridgeOptions): GatewayBridge {
  const roster = new AntennaRoster();
  const orders = orderBook(clock);
  /** How far each antenna's clock lies behind ours at least, ms: the way of its quickest frame. */
  const behind = new Map<string, number>();

  const note = (antenna: string, place: string, packets = 0) =>
    roster.heard(antenna, {
      address: place,
      lastHeardAt: clock.now(),
      protocolVersion: 0,
      packets,
    });

  function hasWaited(antenna: string, heardAt: number, time: number | null): boolean {
    if (time === null) return false;
    const ageMs = heardAt - time;
    const least = behind.get(antenna);
    if (least === undefined || ageMs < least) {
      if (least === undefined && behind.size > 256) behind.clear();
      behind.set(antenna, ageMs);
    }
    return least === undefined ? ageMs > FIRST_WAITED_MS : ageMs > least + WAITED_MS;
  }

  async function hear(frame: RawFrame, way: BrokerWay): Promise<void> {
    const heardAt = clock.now();
    const { bridge, phy, radio, time, timeSource, bandwidthHz } = frame;
    if (bridge === undefined) return tally.refused("message_unrecognised");
    if (!frame.isIntact) return tally.refused("frame_crc");
    const { antenna, context } = bridge;
    const waited = hasWaited(antenna, heardAt, time);
    const tmst = counterIn(context) ?? (heardAt * 1000) % WRAP;
    await networkServer.heardFrame({
      phy,
      radio,
      tmst,
      antenna,
      heardAt,
      ...(bandwidthHz === undefined ? {} : { bandwidthHz }),
      ...(time === null || timeSource !== "radio" ? {} : { gpsTime: time }),
      ...(time === null || timeSource === "radio" ? {} : { hostTime: time }),
      reply: async (order) => {
        const outcome = waited
          ? ({ outcome: "refused", reason: "TOO_LATE" } as const)
          : await send(frame.bridge!, order, way);
        if (outcome.outcome === "refused") {
          tally.refused("downlink_refused");
          log.info({ antenna, reason: outcome.reason }, "an antenna refused a downlink");
        }
        return outcome;
      },
    });
  }

  async function send(
    bridge: NonNullable<RawFrame["bridge"]>,
    order: DownlinkOrder,
    { topic, publish }: BrokerWay,
  ): Promise<DownlinkOutcome> {
    const { antenna } = bridge;
    const commands = /^(.*)\/event\/up$/.exec(topic)?.[1];
    if (commands === undefined) return { outcome: "refused", reason: "NO_WAY_DOWN" };
    return orders.place(antenna, (token) => {
      const command = Buffer.from(JSON.stringify(bridgeCommand(bridge, order, token)));
      publish(`${commands}/command/down`, command).catch((error: unknown) => {
        log.warn({ antenna, reason: String(error) }, "a downlink did not reach the broker");
        orders.answered(token, antenna, "NO_WAY_DOWN");
      });
    });
  }

  return {
    async heard(frames, way) {
      for (const { bridge } of frames) if (bridge) note(bridge.antenna, way.place, 1);
      for (const outcome of await Promise.allSettled(frames.map((frame) => hear(frame, way))))
        if (outcome.status === "rejected") throw outcome.reason;
    },
    answered(answers) {
      for (const { order, antenna, error } of answers) orders.answered(order, antenna, error);
    },
    told: (antenna, { place }) => note(antenna, place),
    antennas: () => roster.antennas(),
  };
}

/**
 * The concentrator's counter, µs modulo 2^32, where the context has one: the four bytes of
 * Semtech's forwarder and of the Concentratord, or the end of a Basics Station's `xtime`, which
 * counts µs in its lower bits. What else a context may be is not looked into.
 */
function counterIn(context: string | undefined): number | undefined {
  const bytes = Buffer.from(context ?? "", "base64");
  return bytes.length === 4 || bytes.length === 16
    ? bytes.readUInt32BE(bytes.length - 4)
    : undefined;
}
