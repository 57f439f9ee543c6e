/**
 * `antenna-link`: what an antenna's protocol and the network server say to each other.
 *
 * Knows neither UDP nor brokers nor websockets: each protocol fills it with what it hears.
 */
import type { Radio } from "#shared/model/uplink.ts";

/** What a network server wants sent. */
export interface DownlinkOrder {
  readonly phy: Uint8Array;
  /** When it leaves the antenna: the concentrator's own counter, µs modulo 2^32. */
  readonly tmst: number;
  /** The same, counted from the end of the frame it answers, s. */
  readonly afterS: number;
  readonly frequencyHz: number;
  /** Spreading factor, 7–12. */
  readonly sf: number;
  readonly bandwidthHz: number;
  /** Radiated power, dBm. */
  readonly powerDbm: number;
  /** Which of the device's two windows it is for. */
  readonly window: 1 | 2;
  /**
   * The second window's channel, for antennas that choose the window themselves and never say that
   * they refuse; it opens a second after this one.
   */
  readonly second?: { readonly frequencyHz: number; readonly sf: number };
}

/**
 * What the antenna said to an order. `sent`: it took it. `refused`: it will not send it, `reason`
 * says why in the antenna's words (`TOO_LATE`, `COLLISION_PACKET`, …). `silent`: it said nothing;
 * it may have sent it or not (antennas of protocol version 1 never say).
 */
export type DownlinkOutcome =
  | { readonly outcome: "sent" }
  | { readonly outcome: "refused"; readonly reason: string }
  | { readonly outcome: "silent" };

/** A radio frame as one antenna heard it. Its CRC was right. */
export interface HeardFrame {
  readonly phy: Uint8Array;
  readonly radio: Radio;
  /** Absent for what is not LoRa modulation. */
  readonly bandwidthHz?: number;
  /** The concentrator's counter at the end of the frame, µs modulo 2^32. No wall time: it wraps after 71.6 minutes. */
  readonly tmst: number;
  /** The antenna's EUI. */
  readonly antenna: string;
  /** Epoch ms by this machine's clock. */
  readonly heardAt: number;
  /** Time of the frame by the antenna's GPS, epoch ms; absent when it has none. */
  readonly gpsTime?: number;
  /** Time of the frame by the clock of the antenna's host, epoch ms; told only where a frame may have waited on its way (a broker). */
  readonly hostTime?: number;
  /** Sends by the antenna that heard it. Never rejects. */
  reply(order: DownlinkOrder): Promise<DownlinkOutcome>;
}
