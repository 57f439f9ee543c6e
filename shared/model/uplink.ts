/**
 * `uplink`: one message heard from a device, as every transport and format hands it on.
 *
 * A format fills it from a network server's words, the gateway's own network server from a
 * decrypted frame; from here on nobody knows the difference. It carries no person.
 */
import type { DeviceId } from "./ids.ts";
import type { Value } from "./registers.ts";

/**
 * Where a reading's time comes from, best first: the device's own clock, a radio's GPS time, a
 * network server's clock, this gateway's clock, this gateway's clock before it was ever set.
 */
export const timeSources = ["device", "radio", "server", "gateway", "unset"] as const;
export type TimeSource = (typeof timeSources)[number];

/** How it was heard. Signal in dBm, signal-to-noise in dB, spreading factor 5–12, frequency in Hz. */
export interface Radio {
  readonly antenna?: string;
  readonly rssi?: number;
  readonly snr?: number;
  readonly sf?: number;
  readonly frequencyHz?: number;
}

export interface Uplink {
  readonly deviceId: DeviceId;
  /** Names the LoRaWAN session, or null when the source knows none. Part of the identity. */
  readonly session: string | null;
  /** Frame counter, 32 bits, or null when the source has none. */
  readonly fCnt: number | null;
  /** 1–255, or null when the source does not say. */
  readonly fPort: number | null;
  /** The application's bytes, decrypted. */
  readonly payload: Uint8Array;
  /** When it was sent, as well as we know, epoch ms. */
  readonly time: number;
  readonly timeSource: TimeSource;
  /** When this process heard it, epoch ms by its own clock. */
  readonly heardAt: number;
  readonly radio: Radio | null;
  /** Which way it came: `lorawan`, or a format's name such as `chirpstack-v4`. */
  readonly via: string;
}

/** What one device measured at one time: all registers. */
export interface Reading {
  /** Epoch ms. */
  readonly time: number;
  readonly timeSource: TimeSource;
  readonly values: readonly Value[];
}
