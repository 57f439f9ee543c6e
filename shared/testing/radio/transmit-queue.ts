/**
 * `transmit-queue`: whether a concentrator can send a downlink when it is told to. One transmitter,
 * one frame at a time, as the reference packet forwarder's just-in-time queue has it.
 *
 * Pure: works on the concentrator's counter alone.
 * @see Lora-net/packet_forwarder, jitqueue.c
 */

/** Preparation, margin and the queue's own beat, µs: later than that is too late. */
const LATE_US = 1500 + 1000 + 30_000;
/** Three beacon periods, µs. */
const EARLY_US = 3 * 128 * 1_000_000;

export type TransmitRefusal =
  | "TOO_LATE"
  | "TOO_EARLY"
  | "COLLISION_PACKET"
  | "TX_FREQ"
  | "TX_POWER";

/** A downlink as a PULL_RESP orders it. */
export interface Order {
  readonly phy: Uint8Array;
  /** µs modulo 2^32, or null to send at once. */
  readonly tmst: number | null;
  readonly frequencyHz: number;
  readonly sf: number;
  readonly bandwidthHz: number;
  readonly powerDbm: number;
  /** Devices only hear frames with inverted polarity. */
  readonly isInverted: boolean;
}

export interface TransmitQueue {
  /**
   * The µs from now until it is sent, or why it is not.
   * @param nowTmst the concentrator's counter
   * @param airtimeUs how long it is on air
   */
  place(order: Order, nowTmst: number, airtimeUs: number): number | TransmitRefusal;
}

/** `from - to` on a counter that wraps at 2^32, µs, −2^31…2^31−1. */
export function counterDifference(from: number, to: number): number {
  return (from - to) | 0;
}

export function transmitQueue(
  limits = { lowestHz: 863_000_000, highestHz: 870_000_000, highestDbm: 27 },
): TransmitQueue {
  let taken: { readonly tmst: number; readonly airtimeUs: number }[] = [];
  return {
    place(order, nowTmst, airtimeUs) {
      const { tmst, frequencyHz, powerDbm } = order;
      if (frequencyHz < limits.lowestHz || frequencyHz > limits.highestHz) return "TX_FREQ";
      if (powerDbm > limits.highestDbm) return "TX_POWER";
      const afterUs = tmst === null ? LATE_US : counterDifference(tmst, nowTmst);
      if (tmst !== null && afterUs <= LATE_US) return "TOO_LATE";
      if (afterUs > EARLY_US) return "TOO_EARLY";
      taken = taken.filter((other) => counterDifference(other.tmst, nowTmst) + other.airtimeUs > 0);
      const collides = taken.some((other) => {
        const otherAfterUs = counterDifference(other.tmst, nowTmst);
        return afterUs < otherAfterUs + other.airtimeUs && otherAfterUs < afterUs + airtimeUs;
      });
      if (collides) return "COLLISION_PACKET";
      taken.push({ tmst: (nowTmst + afterUs) % 2 ** 32, airtimeUs });
      return afterUs;
    },
  };
}
