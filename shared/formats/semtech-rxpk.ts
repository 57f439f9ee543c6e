/**
 * `semtech-rxpk`: one packet as a packet forwarder describes it.
 *
 * `tmst` counts microseconds since the concentrator started and begins anew every 71.6 minutes:
 * it times downlinks and is never a time of day.
 *
 * @see Lora-net/packet_forwarder, PROTOCOL.TXT, section 4
 */
import { Fault } from "#shared/model/fault.ts";
import { fromBase64 } from "./base64.ts";
import { fromGps, readInstant } from "./instants.ts";
import { fieldsOf, itemsOf } from "./message.ts";
import { looseNumber, readInteger } from "./numbers.ts";

export interface Rxpk {
  readonly phy: Uint8Array;
  /** 32 bits, µs. */
  readonly tmst: number;
  readonly freqHz: number;
  readonly modulation:
    | { readonly modu: "LORA"; readonly sf: number; readonly bwHz: number }
    | { readonly modu: "FSK"; readonly bitrate: number };
  /** dBm, of the antenna that heard best. */
  readonly rssi?: number;
  /** dB. */
  readonly snr?: number;
  /** "bad": the radio's checksum failed; such a frame is counted, never used. */
  readonly crc: "ok" | "bad" | "none";
  /** Epoch ms: by the antenna's GPS (`tmms`), else by its host's word (`time`). */
  readonly time?: number;
  readonly timeSource: "radio" | "server" | null;
}

const DATR = /^SF([5-9]|1[0-2])BW(\d{1,4}(?:\.\d{1,3})?)$/;
/** A LoRaWAN frame has 255 bytes at most. */
const MAX_PHY = 255;

function refuse(field: string, what: string): never {
  throw new Fault("invalid", `rxpk.${field} ${what}.`, { field: `rxpk.${field}` });
}

function modulationOf(modu: unknown, datr: unknown): Rxpk["modulation"] {
  if (modu === "FSK" || (modu === undefined && typeof datr === "number")) {
    return { modu: "FSK", bitrate: readInteger(datr, "rxpk.datr", { min: 1, max: 1e6 }) };
  }
  if (modu !== "LORA" && modu !== undefined) return refuse("modu", "is neither LORA nor FSK");
  const parts = typeof datr === "string" ? DATR.exec(datr) : null;
  if (parts === null) return refuse("datr", "is no LoRa data rate");
  return { modu: "LORA", sf: Number(parts[1]), bwHz: Math.round(Number(parts[2]) * 1000) };
}

/** The best of several antennas' signals (`rsig`), or the packet's own. */
function signalOf(packet: Readonly<Record<string, unknown>>): { rssi?: number; snr?: number } {
  const own = { rssi: looseNumber(packet["rssi"]), snr: looseNumber(packet["lsnr"]) };
  const several = itemsOf(packet["rsig"])
    .map(fieldsOf)
    .map((signal) => ({
      rssi: looseNumber(signal?.["rssic"]) ?? looseNumber(signal?.["rssis"]),
      snr: looseNumber(signal?.["lsnr"]),
    }));
  const [best = own] = [own, ...several]
    .filter(({ rssi }) => rssi !== undefined)
    .toSorted((a, b) => (b.rssi ?? 0) - (a.rssi ?? 0));
  return {
    ...(best.rssi === undefined ? {} : { rssi: best.rssi }),
    ...(best.snr === undefined ? {} : { snr: best.snr }),
  };
}

/** A clock that cannot be read costs the packet its time, not the packet. */
function timeOf(packet: Readonly<Record<string, unknown>>): Pick<Rxpk, "time" | "timeSource"> {
  const gps = looseNumber(packet["tmms"]);
  if (gps !== undefined && gps > 0 && gps < 1e13)
    return { time: fromGps(gps), timeSource: "radio" };
  const time = readInstant(packet["time"]);
  return time === undefined ? { timeSource: null } : { time, timeSource: "server" };
}

/** Forwarders that say nothing send intact packets only. */
function checkOf(stat: unknown): Rxpk["crc"] {
  if (stat === undefined || stat === 1) return "ok";
  return stat === -1 ? "bad" : stat === 0 ? "none" : refuse("stat", "is neither 1, 0 nor -1");
}

/**
 * @throws Fault "invalid" naming the field
 */
export function readRxpk(item: unknown): Rxpk {
  const packet = fieldsOf(item) ?? refuse("", "is no object");
  const phy = fromBase64(packet["data"], "rxpk.data");
  if (phy.length === 0 || phy.length > MAX_PHY) refuse("data", `has ${phy.length} bytes`);
  const size = readInteger(packet["size"], "rxpk.size", { min: 0, max: MAX_PHY, absent: null });
  if (size !== null && size !== phy.length)
    refuse("size", `says ${size} bytes, data has ${phy.length}`);
  const megahertz = looseNumber(packet["freq"]);
  if (megahertz === undefined || megahertz < 1 || megahertz > 6000)
    refuse("freq", "is no frequency in MHz");
  if (packet["tmst"] === undefined) refuse("tmst", "is missing");
  return {
    phy,
    tmst: readInteger(packet["tmst"], "rxpk.tmst", { min: 0, max: 0xffffffff }),
    freqHz: Math.round(megahertz * 1e6),
    modulation: modulationOf(packet["modu"], packet["datr"]),
    ...signalOf(packet),
    crc: checkOf(packet["stat"]),
    ...timeOf(packet),
  };
}
