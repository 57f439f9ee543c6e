/**
 * `basics-station`: what a LoRa Basics Station sends upwards over its web socket, put together
 * again into the frame that was on air.
 *
 * Addresses and integrity codes come as signed numbers, a port of −1 means none, and `xtime` has
 * 64 bits: it is kept as digits.
 *
 * @see LoRa Basics Station documentation, "The LNS Protocol", "Radio frames"
 */
import { Fault } from "#shared/model/fault.ts";
import { readEui } from "./eui.ts";
import { result, type Format, type RawFrame } from "./format.ts";
import { fromGps } from "./instants.ts";
import { fieldsOf } from "./message.ts";
import { looseNumber, readInteger } from "./numbers.ts";
import { bestRadio } from "./radio.ts";

type Fields = Readonly<Record<string, unknown>>;
const messages = ["jreq", "updf", "propdf", "version", "dntxed", "timesync", "rmtsh", "dnmsg"];

const range = {
  u8: { min: 0, max: 0xff },
  u16: { min: 0, max: 0xffff },
  i32: { min: -(2 ** 31), max: 2 ** 32 - 1 },
};

/** A whole number that must be there, in `size` bytes, lowest first. */
function low(fields: Fields, name: string, size: 1 | 2 | 4): number[] {
  if (fields[name] === undefined || fields[name] === null)
    throw new Fault("invalid", `${name} is missing.`, { field: name });
  const n = readInteger(
    fields[name],
    name,
    size === 1 ? range.u8 : size === 2 ? range.u16 : range.i32,
  );
  return Array.from({ length: size }, (_, i) => (n >> (8 * i)) & 0xff);
}

function bytesOf(fields: Fields, name: string): number[] {
  const text = fields[name];
  if (typeof text !== "string" || text.length > 510 || !/^(?:[0-9a-f]{2})*$/i.test(text))
    throw new Fault("invalid", `${name} is not hexadecimal.`, { field: name });
  return [...Buffer.from(text, "hex")];
}

/**
 * An EUI in hyphens or without, or in ID6: groups of 16 bits with `::` for zeros.
 *
 * @returns 16 hexadecimal digits
 * @throws Fault "invalid" naming `field`
 */
export function readStationEui(text: unknown, field: string): string {
  const isId6 = typeof text === "string" && /^[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){1,4}$/i.test(text);
  return isId6 ? fromId6(text, field).toLowerCase() : readEui(text, field);
}

const eui = (fields: Fields, name: string): number[] =>
  [...Buffer.from(readStationEui(fields[name], name), "hex")].reverse();

function fromId6(text: string, field: string): string {
  const [before = "", after, more] = text.split("::");
  const groups = (part: string) => (part === "" ? [] : part.split(":"));
  const front = groups(before);
  const back = after === undefined ? [] : groups(after);
  const zeros = 4 - front.length - back.length;
  if (more !== undefined || zeros < 0 || (after === undefined && zeros !== 0))
    throw new Fault("invalid", `${field} is no EUI.`, { field });
  return [...front, ...Array.from({ length: zeros }, () => "0"), ...back]
    .map((group) => group.padStart(4, "0"))
    .join("");
}

function phyOf(fields: Fields): Uint8Array {
  const head = low(fields, "MHdr", 1);
  const mic = () => low(fields, "MIC", 4);
  if (fields["msgtype"] === "jreq")
    return Uint8Array.from(
      [
        head,
        eui(fields, "JoinEui"),
        eui(fields, "DevEui"),
        low(fields, "DevNonce", 2),
        mic(),
      ].flat(),
    );
  if (fields["msgtype"] === "propdf") return Uint8Array.from(bytesOf(fields, "FRMPayload"));
  const port = readInteger(fields["FPort"], "FPort", { min: -1, max: 255, absent: -1 });
  const content = bytesOf(fields, "FRMPayload");
  if (port < 0 && content.length > 0)
    throw new Fault("invalid", "FRMPayload has content and no port.", { field: "FPort" });
  const body = port < 0 ? [] : [port, ...content];
  return Uint8Array.from(
    [
      head,
      low(fields, "DevAddr", 4),
      low(fields, "FCtrl", 1),
      low(fields, "FCnt", 2),
      bytesOf(fields, "FOpts"),
      body,
      mic(),
    ].flat(),
  );
}

/** EU868's data rates 0–5 are spreading factors 12–7, 6 is 7 on 250 kHz; elsewhere the number alone says nothing. */
function spreadingOf(fields: Fields): number | undefined {
  const rate = looseNumber(fields["DR"]);
  const frequency = looseNumber(fields["Freq"]) ?? 0;
  const isEurope = frequency >= 863e6 && frequency <= 870e6;
  if (rate === undefined || !isEurope || rate < 0 || rate > 6) return undefined;
  return Math.max(7, 12 - rate);
}

function frameOf(fields: Fields): RawFrame {
  const info = fieldsOf(fields["upinfo"]) ?? {};
  const gps = looseNumber(info["gpstime"]) ?? 0;
  const rctx = looseNumber(info["rctx"]);
  const xtime = info["xtime"];
  return {
    phy: phyOf(fields),
    radio:
      bestRadio([{ rssi: info["rssi"], snr: info["snr"] }], {
        sf: spreadingOf(fields),
        frequencyHz: fields["Freq"],
      }) ?? {},
    time: gps > 0 ? Math.floor(fromGps(gps / 1000)) : null,
    timeSource: gps > 0 ? "radio" : "gateway",
    isIntact: true,
    ...(rctx === undefined || (typeof xtime !== "string" && typeof xtime !== "number")
      ? {}
      : { station: { rctx, xtime: String(xtime), dataRate: looseNumber(fields["DR"]) ?? 0 } }),
  };
}

export const basicsStation: Format = {
  name: "basics-station",
  recognises({ body }) {
    const type = fieldsOf(body)?.["msgtype"];
    return typeof type === "string" && messages.includes(type);
  },
  parse({ body }) {
    const fields = fieldsOf(body) ?? {};
    const type = String(fields["msgtype"]);
    return ["jreq", "updf", "propdf"].includes(type)
      ? result({ frames: [frameOf(fields)] })
      : result({ other: type });
  },
};
