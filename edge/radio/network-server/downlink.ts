/**
 * `downlink`: sends an answer in one of the two windows in which a class A device listens.
 *
 * RX1 on the uplink's own frequency and spreading factor; RX2 a second later, on its fixed
 * channel, when RX1 is missed or the antenna refuses. The same bytes are never on air twice: RX2
 * is tried only after the antenna said that it will not send RX1.
 * @see LoRaWAN 1.0.4 section 3.3
 */
import type { Clock } from "#shared/model/clock.ts";
import type { DownlinkOrder, DownlinkOutcome, HeardFrame } from "../antenna-link.ts";
import { DOWNLINK_POWER_DBM, RX2 } from "./eu868.ts";

/** What a window is late by, at least, when the order leaves now: the way to the antenna and its own preparations, ms. */
const LEAD_MS = 150;
const WRAP = 0x1_0000_0000;

/** The windows of an uplink. `rx1DelayS`: from its end to RX1. */
export interface Windows {
  readonly rx1DelayS: number;
  readonly rx2: { readonly frequencyHz: number; readonly sf: number };
}

/** The orders of both windows; RX1 is missing for frames whose modulation this network cannot answer in kind. */
export function windowOrders(
  heard: HeardFrame,
  phy: Uint8Array,
  windows: Windows,
): { rx1?: DownlinkOrder; rx2: DownlinkOrder } {
  const { bandwidthHz, radio } = heard;
  const order = (
    window: 1 | 2,
    channel: Pick<DownlinkOrder, "frequencyHz" | "sf" | "bandwidthHz">,
    afterS = windows.rx1DelayS + window - 1,
  ): DownlinkOrder => ({
    phy,
    tmst: (heard.tmst + afterS * 1_000_000) % WRAP,
    afterS,
    ...channel,
    powerDbm: DOWNLINK_POWER_DBM,
    window,
  });
  const rx2 = order(2, { ...windows.rx2, bandwidthHz: RX2.bandwidthHz });
  const { frequencyHz, sf } = radio;
  if (frequencyHz === undefined || sf === undefined || bandwidthHz === undefined) return { rx2 };
  const rx1 = { ...order(1, { frequencyHz, sf, bandwidthHz }), second: windows.rx2 };
  return { rx1, rx2 };
}

/** Sends in the first window that can still be met. `late` when none can. Never rejects. */
export async function sendInWindow(
  heard: HeardFrame,
  phy: Uint8Array,
  windows: Windows,
  clock: Clock,
): Promise<DownlinkOutcome | { readonly outcome: "late" }> {
  const { rx1, rx2 } = windowOrders(heard, phy, windows);
  const canMeet = (afterS: number): boolean =>
    clock.now() - heard.heardAt <= afterS * 1000 - LEAD_MS;
  if (rx1 && canMeet(windows.rx1DelayS)) {
    const outcome = await heard.reply(rx1);
    if (outcome.outcome !== "refused") return outcome;
  }
  return canMeet(windows.rx1DelayS + 1) ? heard.reply(rx2) : { outcome: "late" };
}
