/**
 * `adr`: adaptive data rate: has devices that are heard well speak faster and softer, which spares
 * their batteries and the air.
 *
 * Only devices that ask for it (ADR bit) are told anything. It never makes one slower: a device
 * that is no longer heard does that by itself. What it measures lives in memory; the power a device
 * was told, and took, stands in its session.
 * @see LoRaWAN 1.0.4 section 5.3, and Semtech's "LoRaWAN – simple rate adaptation recommended algorithm"
 */
import type { MacCommand } from "lorawan-packet-decoder";
import {
  ADR_MARGIN_DB,
  ALL_CHANNELS_MASK,
  DEFAULT_CHANNELS_MASK,
  FASTEST_DATA_RATE,
  SOFTEST_TX_POWER,
  linkMarginDb,
} from "./eu868.ts";

/** Frames that are listened to before a device is told something. */
export const FRAMES_BEFORE_REQUEST = 20;
/** How often a request is repeated when the device does not answer. */
const TRIES = 3;
/** After so many refusals the device is left as it is, until the next join or start. */
const REFUSALS_MAX = 3;
/** Each step of data rate or power is worth so much, dB. */
const STEP_DB = 3;
const SLOWEST_SF = 12;

type Request = Extract<MacCommand, { name: "LinkADRReq" }>;
type Answer = Extract<MacCommand, { name: "LinkADRAns" }>;

/** How a frame arrived: signal-to-noise in dB, spreading factor 7–12 on 125 kHz. */
export interface Arrival {
  readonly snr: number;
  readonly sf: number;
}

/**
 * The data rate and power for a device whose best frames arrived like that, starting from the
 * power index it has: the margin left over is spent on speed first, on softness then; a margin
 * that is missing is taken back from softness.
 */
export function better(
  best: Arrival,
  txPower: number,
  softest: number,
): { dataRate: number; txPower: number } {
  const marginDb = (linkMarginDb(best.snr, best.sf) ?? 0) - ADR_MARGIN_DB;
  let dataRate = SLOWEST_SF - best.sf;
  let power = txPower;
  let steps = Math.trunc(marginDb / STEP_DB);
  for (; steps > 0 && dataRate < FASTEST_DATA_RATE; steps--) dataRate += 1;
  for (; steps > 0 && power < softest; steps--) power += 1;
  for (; steps < 0 && power > 0; steps++) power -= 1;
  return { dataRate, txPower: power };
}

/** What is known of one session's link. */
export class AdrControl {
  readonly session: string;
  #snrs: number[] = [];
  #sf = 0;
  #asked: { readonly request: Request; tries: number } | undefined;
  #refusals = 0;
  #softest = SOFTEST_TX_POWER;
  #chMask = ALL_CHANNELS_MASK;

  constructor(session: string) {
    this.session = session;
  }

  /** Takes the device's answer. The power it has from now on, undefined when nothing changed. */
  answered({ channelMaskAck, dataRateAck, powerAck }: Answer): number | undefined {
    const request = this.#asked?.request;
    this.#asked = undefined;
    this.#snrs = [];
    if (!request) return undefined;
    if (channelMaskAck && dataRateAck && powerAck) {
      this.#refusals = 0;
      return request.txPower;
    }
    this.#refusals += 1;
    // Of 1.0.x a device takes all of a request or nothing of it.
    if (!channelMaskAck) this.#chMask = DEFAULT_CHANNELS_MASK;
    if (!powerAck) this.#softest = Math.max(0, request.txPower - 1);
    return undefined;
  }

  /** Notes a new frame of a device that asks for ADR, and gives what it should be told in its answer, if anything. */
  heard({ snr, sf }: Arrival, txPower: number): Request | undefined {
    if (sf !== this.#sf) this.#snrs = [];
    this.#sf = sf;
    this.#snrs = [...this.#snrs, snr].slice(-FRAMES_BEFORE_REQUEST);
    if (this.#asked) {
      if (this.#asked.tries++ < TRIES) return this.#asked.request;
      this.#asked = undefined;
      this.#snrs = [];
    }
    if (this.#snrs.length < FRAMES_BEFORE_REQUEST || this.#refusals >= REFUSALS_MAX)
      return undefined;
    const next = better({ snr: Math.max(...this.#snrs), sf }, txPower, this.#softest);
    if (next.dataRate === SLOWEST_SF - sf && next.txPower === txPower) return undefined;
    const request: Request = {
      name: "LinkADRReq",
      ...next,
      chMask: this.#chMask,
      chMaskCntl: 0,
      nbTrans: 1,
    };
    this.#asked = { request, tries: 1 };
    return request;
  }
}
