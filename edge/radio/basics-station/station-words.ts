/**
 * `station-words`: what is said to a Basics Station, in its own words. Pure.
 *
 * `xtime` has 64 bits and stands in the text as the digits it came in: no JSON number holds it.
 * @see LoRa Basics Station documentation, "The LNS Protocol"
 */
import { readStationEui } from "#shared/formats/basics-station.ts";
import { toGpsMs } from "../gps-time.ts";
import type { DownlinkOrder } from "../antenna-link.ts";
import { dataRateOf } from "./router-config.ts";

/** Where a frame was heard, as the station wants it back. */
export interface StationPlace {
  readonly rctx: number;
  /** Digits. */
  readonly xtime: string;
}

/** An EUI as four groups of 16 bits. */
const id6 = (eui: string) => (eui.match(/.{4}/g) ?? []).join(":");

/** JSON with `digits` in place of `"@name"`. */
function withDigits(words: object, digits: Readonly<Record<string, string>>): string {
  let text = JSON.stringify(words);
  for (const [name, number] of Object.entries(digits))
    text = text.replace(`"@${name}"`, /^-?\d{1,20}(\.\d{1,9})?$/.test(number) ? number : "0");
  return text;
}

/** The station's EUI out of its first question. @throws Fault "invalid" */
export function routerIn(body: unknown): string {
  const router = (body as Record<string, unknown> | null)?.["router"];
  if (typeof router === "number") return BigInt(router).toString(16).padStart(16, "0");
  // A whole number too long for JSON comes as its digits.
  if (typeof router === "string" && /^\d{17,20}$/.test(router))
    return BigInt.asUintN(64, BigInt(router)).toString(16).padStart(16, "0");
  return readStationEui(router, "router");
}

/** The answer to it: where to connect. @param origin such as `ws://10.0.0.2:8887` */
export function routerInfo(eui: string, origin: string): string {
  return JSON.stringify({
    router: id6(eui),
    muxs: id6("0000000000000001"),
    uri: `${origin}/router-${id6(eui)}`,
  });
}

/** The answer to a station that is not let in. */
export function routerRefused(error: string): string {
  return JSON.stringify({ error });
}

/** @param txtime digits as the station sent them @param now epoch ms */
export function timeAnswer(txtime: string, now: number): string {
  const words = { msgtype: "timesync", gpstime: Math.round(toGpsMs(now) * 1000), txtime: "@tx" };
  return withDigits(words, { tx: txtime });
}

/**
 * An order for a class A device. The station itself takes the second window when it misses the
 * first, so both are named where the order has both.
 *
 * @param number tells the order in the station's `dntxed`
 */
export function downlinkWords(order: DownlinkOrder, place: StationPlace, number: number): string {
  const { phy, frequencyHz, sf, bandwidthHz, window, afterS, second } = order;
  const own = {
    [`RX${window}DR`]: dataRateOf(sf, bandwidthHz),
    [`RX${window}Freq`]: frequencyHz,
  };
  const other = second && { RX2DR: dataRateOf(second.sf), RX2Freq: second.frequencyHz };
  const words = {
    msgtype: "dnmsg",
    // The station wants one and does nothing with it but say it back.
    DevEui: "00-00-00-00-00-00-00-00",
    dC: 0,
    diid: number,
    pdu: Buffer.from(phy).toString("hex"),
    RxDelay: afterS - (window - 1),
    ...own,
    ...other,
    priority: 0,
    xtime: "@xtime",
    rctx: place.rctx,
  };
  return withDigits(words, { xtime: place.xtime });
}
