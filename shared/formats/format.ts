/**
 * `format`: the contract of everything that reads what a network server, a broker or a smart
 * device publishes.
 *
 * A format is told apart by its shape, first of all by the body: topics are often free text. It
 * knows no community and no decoder, keeps no names, and must never let one bad part of a
 * message cost its neighbours.
 */
import type { DeviceId } from "#shared/model/ids.ts";
import type { SourceMemory } from "./source-memory.ts";
import type { Radio, Reading, TimeSource, Uplink } from "#shared/model/uplink.ts";

/** What was published: `body` is parsed JSON where the bytes were JSON, the bytes themselves where not. */
export interface Message {
  /** The topic it came on, or null where there is none (a webhook, a datagram). */
  readonly topic: string | null;
  readonly body: unknown;
}

/** An uplink before anyone wrote down when it was heard here. An empty payload says "I am alive". */
export type HeardUplink = Omit<Uplink, "heardAt">;

/** A device began a new LoRaWAN session with the server that tells us. */
export interface Join {
  readonly deviceId: DeviceId;
  /** What names the new session: the device address, 8 hex digits. */
  readonly session: string;
  readonly time: number;
}

/** A LoRaWAN frame still encrypted, as an antenna heard it. */
export interface RawFrame {
  readonly phy: Uint8Array;
  readonly radio: Radio;
  /** Epoch ms, or null when the antenna knows no time. */
  readonly time: number | null;
  readonly timeSource: TimeSource;
  /** False when the radio says its checksum failed: never to be used, only counted. */
  readonly isIntact: boolean;
  /** Hz; absent for what is not LoRa modulation, or where the sender does not say. */
  readonly bandwidthHz?: number;
  /** What a Basics Station wants back with the answer to this frame; `xtime` in digits, it has 64 bits. */
  readonly station?: { readonly rctx: number; readonly xtime: string; readonly dataRate: number };
  /** What a ChirpStack Gateway Bridge wants back with the answer to this frame. */
  readonly bridge?: BridgeFrame;
}

/** How a frame came through a ChirpStack Gateway Bridge. */
export interface BridgeFrame {
  /** 16 hex digits. */
  readonly antenna: string;
  /** Whose words it uses, ChirpStack 3's or 4's: it is answered in the same. */
  readonly version: 3 | 4;
  /** Opaque, base64; absent when the bridge gave none. */
  readonly context?: string;
}

/** What a ChirpStack Gateway Bridge says became of an order to send. */
export interface OrderAnswer {
  readonly antenna: string;
  /** The number the order was given with. */
  readonly order: number;
  /** `NONE` when the antenna takes it, else why not, in its words. */
  readonly error: string;
}

/** Values that the source decoded itself. */
export interface Measured {
  readonly deviceId: DeviceId;
  readonly reading: Reading;
}

/** A part of a message that is understood and is no reading: a data set, a template, a number too long. */
export interface Skipped {
  readonly name: string;
  readonly why: string;
}

/** A message that a format would have published: a node asked for its names. */
export interface Ask {
  readonly topic: string;
  readonly bytes: Uint8Array;
}

export interface FormatResult {
  readonly uplinks: readonly HeardUplink[];
  readonly joins: readonly Join[];
  readonly frames: readonly RawFrame[];
  readonly measured: readonly Measured[];
  readonly orderAnswers: readonly OrderAnswer[];
  readonly skipped: readonly Skipped[];
  readonly asks: readonly Ask[];
  /** The message's kind when it is understood and holds nothing of the above (`ack`, `status`, …), else null. */
  readonly other: string | null;
  /** Whose message it is when it holds nothing of the above: a device's id, or an antenna's EUI. */
  readonly about: string | null;
  /** Times that antennas gave by clocks of their own, epoch ms: evidence, not the uplink's time. */
  readonly antennaTimes: readonly number[];
}

export interface FormatContext {
  /** Epoch ms by this machine's clock, for messages that carry no time of their own. */
  readonly heardAt: number;
  /** Where messages come one after the other (a broker); absent where each stands alone (a webhook). */
  readonly memory?: SourceMemory;
}

export interface Format {
  /** As it appears in an uplink's `via`. */
  readonly name: string;
  /** True when the message has this format's shape, or `memory` knows its topic; cheap, and never throws. */
  recognises(message: Message, memory?: SourceMemory): boolean;
  /**
   * @throws Fault "invalid", naming the field, when a message of this shape cannot be read
   */
  parse(message: Message, context: FormatContext): FormatResult;
}

/** A result with the given parts, the others empty. */
export function result(parts: Partial<FormatResult>): FormatResult {
  return {
    uplinks: [],
    joins: [],
    frames: [],
    measured: [],
    orderAnswers: [],
    skipped: [],
    asks: [],
    other: null,
    about: null,
    antennaTimes: [],
    ...parts,
  };
}
