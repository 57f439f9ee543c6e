/**
 * `ear`: what a transport hands messages to. It decides nothing about them.
 *
 * Whoever tells a sender "received" waits for the promise first: it settles when the uplink is
 * durable, or was durable already.
 */
import type { DeviceId } from "#shared/model/ids.ts";
import type { Radio, Uplink } from "#shared/model/uplink.ts";

/** What became of an uplink. All three are durable when told. */
export type Kept = "kept" | "repeat" | "stranger";

/** A device heard that this gateway can make nothing of: a join request without keys, a frame of an unknown session. */
export interface Glimpse {
  /** A DevEUI, or `x-devaddr-{8 hex}`. */
  readonly deviceId: DeviceId;
  readonly heardAt: number;
  readonly radio: Radio | null;
  readonly via: string;
  readonly joinEui?: string;
}

export interface Ear {
  /** @throws Fault "unavailable" when it could not be made durable: the sender must not be told "received". */
  hear(uplink: Uplink): Promise<Kept>;
  glimpse(glimpse: Glimpse): void;
}
