/** `forwarder-words`: what a packet forwarder's datagrams say, from and to the simulated radio's own words. */
import { parseDatagram, type Datagram } from "#shared/formats/semtech-udp.ts";
import { isFault } from "#shared/model/fault.ts";
import type { SimulatedDevice, Transmission } from "./simulated-device.ts";
import type { Order } from "./transmit-queue.ts";

/** A frame on its way to the antenna. */
export interface Carried {
  readonly transmission: Transmission;
  /** Who listens for the answer. Without it nobody does. */
  readonly device?: SimulatedDevice;
  /** dBm, default −90. */
  readonly rssi?: number;
  /** dB, default 8. */
  readonly snr?: number;
  /** Arrives with a wrong CRC. */
  readonly isDamaged?: boolean;
}

/** A frame as the forwarder tells it; `tmst` is the concentrator's counter at its end, µs. */
export function rxpkOf(
  { transmission, rssi = -90, snr = 8, isDamaged = false }: Carried,
  tmst: number,
): Record<string, unknown> {
  const { phy, frequencyHz, sf } = transmission;
  return {
    tmst,
    chan: 0,
    rfch: 0,
    freq: frequencyHz / 1e6,
    stat: isDamaged ? -1 : 1,
    modu: "LORA",
    datr: `SF${sf}BW125`,
    codr: "4/5",
    rssi,
    lsnr: snr,
    size: phy.length,
    data: Buffer.from(phy).toString("base64"),
  };
}

/** Undefined for what is none. */
export function readDatagram(bytes: Uint8Array): Datagram | undefined {
  try {
    return parseDatagram(bytes);
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

/** Undefined for what a concentrator cannot send. */
export function orderOf(txpk: Readonly<Record<string, unknown>>): Order | undefined {
  const { freq, powe, data, datr, imme, tmst } = txpk;
  const rate = typeof datr === "string" ? /^SF(\d{1,2})BW(\d{3})$/.exec(datr) : null;
  if (typeof freq !== "number" || typeof data !== "string" || !rate) return undefined;
  return {
    phy: new Uint8Array(Buffer.from(data, "base64")),
    tmst: imme === true || typeof tmst !== "number" ? null : tmst,
    frequencyHz: Math.round(freq * 1e6),
    sf: Number(rate[1]),
    bandwidthHz: Number(rate[2]) * 1000,
    powerDbm: typeof powe === "number" ? powe : 0,
    isInverted: txpk["ipol"] === true,
  };
}
