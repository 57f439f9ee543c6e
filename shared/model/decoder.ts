/**
 * `decoder`: the contract of everything that turns a payload into readings.
 *
 * A decoder is pure: same bytes, same answer, on the gateway and on the hub. It knows one family
 * of devices and nothing of communities, homes or people.
 */
import type { MeterKindId } from "./meter-kinds.ts";
import type { RegisterId, Value } from "./registers.ts";

/** What a payload said of one moment. Without `time` it is the moment of the uplink. */
export interface DecodedReading {
  /** The device's own time for these values, epoch ms. */
  readonly time?: number;
  readonly values: readonly Value[];
}

export interface Decoder {
  /** `maker/model`, lower case: what a device in `site` names. */
  readonly model: string;
  /** Goes up when the same bytes give another answer than before. */
  readonly version: number;
  /** As printed on the device, for people. */
  readonly title: string;
  /** What such a device is usually mounted for; the operator's word wins. */
  readonly kind: MeterKindId;
  /** The registers it may report, for lists and forms. */
  readonly registers: readonly RegisterId[];
  /**
   * Readings in the payload, the current one first, then history. An empty list is a valid answer
   * (a configuration message).
   *
   * @param payload decrypted application bytes; never changed
   * @param context `fPort` 1–255 or null; `heardAt` epoch ms, for devices that send times without a year
   * @throws Fault "invalid" when the bytes are not of this device or are cut short
   */
  decode(payload: Uint8Array, context: { fPort: number | null; heardAt: number }): DecodedReading[];
}
