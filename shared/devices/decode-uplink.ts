/**
 * `decode-uplink`: gives an uplink to the decoder of its device's model and checks what comes back.
 *
 * The same on the gateway and on the hub. A decoder's output comes from outside like everything
 * else: whatever it does, the raw bytes are kept and the reason stands beside them.
 */
import { isReported, rawOf, reportedValues } from "./reported-values/decoder.ts";
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import { isFault } from "#shared/model/fault.ts";
import type { Refusal } from "#shared/model/refusals.ts";
import type { Uplink } from "#shared/model/uplink.ts";

/** What decodes a model just now: a built-in decoder, or an organization's own in its newest version. */
export interface DecoderInForce {
  /** `model@version`. */
  readonly name: string;
  /** Uplinks sent from then on are decoded by it, whatever was made of them before; epoch ms. */
  readonly redecodeFromMs?: number;
  decode(
    payload: Uint8Array,
    context: { fPort: number | null; heardAt: number },
  ): DecodedReading[] | Promise<DecodedReading[]>;
}
export type FindDecoder = (model: string) => DecoderInForce | undefined;

export interface DecodeOutcome {
  readonly decoder: string | null;
  readonly readings: readonly DecodedReading[];
  /** Why there are no readings, for people; null when it was decoded. */
  readonly undecoded: string | null;
  readonly refusal?: Refusal;
}

/** The most readings one uplink may bring: a year of hours is more than any meter sends. */
const MOST_READINGS = 1000;
/** The most values over all of them: the longest history of all registers a meter knows. */
const MOST_VALUES = 5000;
/** Powers of ten between the smallest and the largest unit anybody counts in. */
const MOST_SCALE = 12;
/** No meter counts beyond this in any unit: 10^15 litres are a lake. */
const MOST_MAGNITUDE = 1e15;
/** No meter with a clock was built before this; times before it are clocks that were never set. */
const EARLIEST_MS = Date.UTC(2000, 0);
/** A device's clock may be ahead a little; a day is more than a little. */
const MOST_AHEAD_MS = 86_400_000;
/** Ahead of what, when no clock but the device's is set: no meter of today lives to see it. */
const LATEST_MS = Date.UTC(2100, 0);

/** A built-in decoder as the one in force. */
export function builtIn(decoder: Decoder): DecoderInForce {
  return {
    name: `${decoder.model}@${decoder.version}`,
    decode: (payload, context) => decoder.decode(payload, context),
  };
}

/**
 * What the decoder in force makes of an uplink. Whatever a payload or a script does stands in the answer.
 *
 * @throws Fault "unavailable" or "too_many" when the decoder could not be asked: to be asked again
 */
export async function decodeUplink(
  model: string,
  uplink: Uplink,
  find: FindDecoder,
): Promise<DecodeOutcome> {
  // A frame without a payload, or with MAC commands only, says that the device is alive.
  if (uplink.payload.length === 0) return { decoder: null, readings: [], undecoded: null };
  // Values told instead of bytes are read as such, whatever the model; bytes beside them are the model's.
  const bytes = rawOf(uplink.payload);
  const known = find(model);
  const isBytesModel = known !== undefined && model !== reportedValues.model;
  const isTold = isReported(bytes) || (!isBytesModel && isReported(uplink.payload));
  const decoder = isTold ? builtIn(reportedValues) : known;
  if (!decoder)
    return {
      decoder: null,
      readings: [],
      undecoded: `no decoder is known for ${model}`,
      refusal: "decoder_missing",
    };
  const { name } = decoder;
  try {
    const readings = await decoder.decode(isTold ? uplink.payload : bytes, {
      fPort: uplink.fPort,
      heardAt: uplink.heardAt,
    });
    const wrong = problemOf(readings, latestOf(uplink));
    if (wrong === undefined) return { decoder: name, readings, undecoded: null };
    return { decoder: name, readings: [], undecoded: wrong, refusal: "value_refused" };
  } catch (error) {
    if (isFault(error, "unavailable") || isFault(error, "too_many")) throw error;
    // Not only a Fault: a decoder's bug must not cost the uplink, nor its neighbours.
    const why = isFault(error)
      ? error.message
      : `the decoder failed: ${error instanceof Error ? error.message : "unknown"}`;
    return { decoder: name, readings: [], undecoded: why, refusal: "payload_undecodable" };
  }
}

/** The latest a reading can be from: by the better of this gateway's clock and the sender's, once one of them is set. */
function latestOf({ heardAt, time }: Uplink): number {
  const nowMs = Math.max(heardAt, time);
  return nowMs < EARLIEST_MS ? LATEST_MS : Math.min(nowMs + MOST_AHEAD_MS, LATEST_MS);
}

function problemOf(readings: readonly DecodedReading[], latestMs: number): string | undefined {
  if (readings.length > MOST_READINGS)
    return `${readings.length} readings in one uplink are too many`;
  const count = readings.reduce((sum, { values }) => sum + values.length, 0);
  if (count > MOST_VALUES) return `${count} values in one uplink are too many`;
  for (const { time, values } of readings) {
    if (
      time !== undefined &&
      !(Number.isSafeInteger(time) && time >= EARLIEST_MS && time <= latestMs)
    )
      return `a reading's time cannot be: ${String(time)}`;
    for (const { register, n, scale } of values)
      if (
        !Number.isSafeInteger(n) ||
        !Number.isInteger(scale) ||
        Math.abs(scale) > MOST_SCALE ||
        Math.abs(n) * 10 ** scale > MOST_MAGNITUDE
      )
        return `the value of ${register} cannot be: ${String(n)} x 10^${String(scale)}`;
  }
  return undefined;
}
