/**
 * `hear-message`: a published message → its uplinks → the ear, its raw frames → the network
 * server, whoever published it.
 *
 * Settles when all of them are durable. Bad input is counted and done with: a broker that sent a
 * broken message must not be asked for it again.
 */
import type { Ear } from "#shared/keep/ear.ts";
import { withTold } from "#shared/keep/told-beside.ts";
import { reportedPayload } from "#shared/devices/reported-values/decoder.ts";
import type { FormatResult, HeardUplink, Measured } from "#shared/formats/format.ts";
import { recognise } from "#shared/formats/list.ts";
import type { Message } from "#shared/formats/format.ts";
import { readMessage } from "#shared/formats/message.ts";
import type { Clock } from "#shared/model/clock.ts";
import { isFault } from "#shared/model/fault.ts";
import type { DeviceId } from "#shared/model/ids.ts";
import type { Tally } from "#shared/model/refusals.ts";
import type { DurableMemory } from "./durable-memory.ts";
import type { GatewayBridge } from "#edge/radio/gateway-bridge.ts";

export interface HearMessageOptions {
  readonly ear: Ear;
  readonly tally: Tally;
  readonly clock: Clock;
  /** Takes the raw frames of antennas behind a broker; without it they are refused with a count. */
  readonly bridge?: GatewayBridge;
  /** What formats remember of their senders; without it each message stands alone. */
  readonly memory?: DurableMemory;
  /** What reads a message that no format makes a reading of; see `site-mappings`. */
  readonly mappedBy?: (message: Message) => (FormatResult & { readonly via: string }) | undefined;
  /** Whether a device's own bytes are read; of one whose are not it counts what its server's decoder told. */
  readonly areBytesRead?: (deviceId: DeviceId) => boolean;
  readonly log?: { warn(about: object, message: string): void };
}

/** Where a message came from. */
export interface Origin {
  /** The broker's host and port. */
  readonly place: string;
  /** Publishes there; resolves when the broker has it. */
  publish(topic: string, bytes: Uint8Array): Promise<void>;
}

/** Beyond any frame's 242 bytes and any list of values; 200 of them still make a segment the hub takes. */
const MOST_PAYLOAD_BYTES = 8_192;

/** @throws Fault "unavailable" when something could not be made durable: the sender must send it again */
export async function hearMessage(
  { ear, tally, clock, bridge, memory, mappedBy, areBytesRead, log }: HearMessageOptions,
  topic: string,
  bytes: Uint8Array,
  origin?: Origin,
): Promise<void> {
  const heardAt = clock.now();
  const found = read({ tally, memory, mappedBy }, topic, bytes, heardAt);
  if (!found) return;
  const told = found.uplinks.map((uplink) =>
    areBytesRead?.(uplink.deviceId) === false ? withTold(uplink, found.body) : uplink,
  );
  const all = [...told, ...found.measured.map((one) => reported(one, found.via))];
  const uplinks = all.filter(({ payload }) => payload.length <= MOST_PAYLOAD_BYTES);
  if (uplinks.length < all.length) tally.refused("message_too_large", all.length - uplinks.length);
  const { frames, orderAnswers, about, via, skipped, asks } = found;
  if (skipped.length > 0) tally.refused("value_skipped", skipped.length);
  for (const ask of asks)
    origin
      ?.publish(ask.topic, ask.bytes)
      .catch((error: unknown) =>
        log?.warn({ topic: ask.topic, reason: String(error) }, "a source could not be asked"),
      );
  if (frames.length > 0 && !(bridge && origin))
    tally.refused("message_unrecognised", frames.length);
  if (bridge && origin) {
    bridge.answered(orderAnswers);
    if (about !== null && via === "chirpstack-gateway-bridge") bridge.told(about, origin);
  }
  const work = uplinks.map((uplink) => ear.hear({ ...uplink, heardAt }) as Promise<unknown>);
  if (bridge && origin && frames.length > 0) work.push(bridge.heard(frames, { ...origin, topic }));
  if (memory) work.push(memory.kept());
  // Waits for all, also when one fails: what can be kept of a message is kept.
  for (const outcome of await Promise.allSettled(work))
    if (outcome.status === "rejected") throw outcome.reason;
}

/** What a source measured and told, as an uplink whose payload are the values. */
function reported({ deviceId, reading }: Measured, via: string): HeardUplink {
  const { time, timeSource, values } = reading;
  const payload = reportedPayload(values);
  return {
    deviceId,
    session: null,
    fCnt: null,
    fPort: null,
    payload,
    time,
    timeSource,
    radio: null,
    via,
  };
}

function read(
  {
    tally,
    memory,
    mappedBy = () => undefined,
  }: {
    tally: Tally;
    memory: DurableMemory | undefined;
    mappedBy: HearMessageOptions["mappedBy"];
  },
  topic: string,
  bytes: Uint8Array,
  heardAt: number,
): (FormatResult & { readonly via: string; readonly body: unknown }) | undefined {
  let isParsed = false;
  try {
    const message = readMessage(topic, bytes);
    isParsed = true;
    const format = recognise(message, memory);
    if (!format) {
      const mapped = mappedBy(message);
      if (mapped) return { ...mapped, body: message.body };
      tally.refused(message.body instanceof Uint8Array ? "json_malformed" : "message_unrecognised");
      return undefined;
    }
    return {
      ...format.parse(message, memory ? { heardAt, memory } : { heardAt }),
      via: format.name,
      body: message.body,
    };
  } catch (error) {
    if (!isFault(error)) throw error;
    tally.refused(
      error.code === "too_large"
        ? "message_too_large"
        : error.details["field"] === "marshaler"
          ? "message_protobuf"
          : isParsed
            ? "message_invalid"
            : "json_malformed",
    );
    return undefined;
  }
}
