/**
 * `semtech-udp`: datagrams between a packet forwarder and the network server, both ways.
 *
 * Reading never loses a good packet to a bad neighbour: each `rxpk` is read on its own and its
 * refusal kept beside the others. Nothing here is authenticated: who may send is the transport's
 * business.
 *
 * @see Lora-net/packet_forwarder, PROTOCOL.TXT, protocol version 2 (1 is understood as well)
 */
import { Fault, isFault } from "#shared/model/fault.ts";
import { fieldsOf, itemsOf, parseJson } from "./message.ts";
import { readRxpk, type Rxpk } from "./semtech-rxpk.ts";

export const pushTypes = {
  PUSH_DATA: 0,
  PUSH_ACK: 1,
  PULL_DATA: 2,
  PULL_RESP: 3,
  PULL_ACK: 4,
  TX_ACK: 5,
} as const;
type TypeName = keyof typeof pushTypes;

/** A datagram to send or as received. `antenna` is the concentrator's EUI, 16 lower-case hex digits. */
export type Datagram =
  | {
      readonly type: "PUSH_DATA";
      readonly token: number;
      readonly antenna: string;
      readonly packets: readonly Rxpk[];
      /** Why single packets of the datagram could not be read, in their order. */
      readonly faults: readonly Fault[];
      /** The forwarder's counters, as sent. */
      readonly stat: Readonly<Record<string, unknown>> | null;
    }
  | { readonly type: "PUSH_ACK" | "PULL_ACK"; readonly token: number }
  | { readonly type: "PULL_DATA"; readonly token: number; readonly antenna: string }
  | {
      readonly type: "PULL_RESP";
      readonly token: number;
      readonly txpk: Readonly<Record<string, unknown>>;
    }
  | {
      readonly type: "TX_ACK";
      readonly token: number;
      /** Null from forwarders that leave it out of their acknowledgement. */
      readonly antenna: string | null;
      /** `NONE` when it was sent, else why not: `TOO_LATE`, `COLLISION_PACKET`, … */
      readonly error: string;
    };

const VERSION = 2;
const HEAD = 4;
const WITH_EUI = 12;
/** Largest payload of a UDP datagram over IPv4. */
const MAX_DATAGRAM = 65_507;

const typeOf = (code: number | undefined) =>
  (Object.keys(pushTypes) as TypeName[]).find((name) => pushTypes[name] === code);

function refuse(what: string): never {
  throw new Fault("invalid", `The datagram ${what}.`);
}

function objectIn(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  // Some forwarders end their text with a zero byte.
  const end = bytes.indexOf(0);
  return (
    fieldsOf(parseJson(end < 0 ? bytes : bytes.subarray(0, end))) ?? refuse("holds no JSON object")
  );
}

function readPush(token: number, antenna: string, bytes: Uint8Array): Datagram {
  const body = objectIn(bytes);
  const packets: Rxpk[] = [];
  const faults: Fault[] = [];
  for (const item of itemsOf(body["rxpk"])) {
    try {
      packets.push(readRxpk(item));
    } catch (error) {
      if (!isFault(error)) throw error;
      faults.push(error);
    }
  }
  if (body["rxpk"] !== undefined && !Array.isArray(body["rxpk"]))
    faults.push(new Fault("invalid", "rxpk is no list.", { field: "rxpk" }));
  return {
    type: "PUSH_DATA",
    token,
    antenna,
    packets,
    faults,
    stat: fieldsOf(body["stat"]) ?? null,
  };
}

/**
 * Reads one datagram of either direction.
 *
 * @throws Fault "invalid" when it is none of the six, or its JSON cannot be read
 */
export function parseDatagram(bytes: Uint8Array): Datagram {
  if (bytes.length < HEAD || bytes.length > MAX_DATAGRAM) refuse(`has ${bytes.length} bytes`);
  const version = bytes[0] ?? 0;
  if (version !== 1 && version !== VERSION) refuse(`speaks protocol version ${version}`);
  // The token is opaque, and echoed byte by byte.
  const token = ((bytes[1] ?? 0) << 8) | (bytes[2] ?? 0);
  const type = typeOf(bytes[3]) ?? refuse(`is of unknown type ${bytes[3]}`);
  if (type === "PUSH_ACK" || type === "PULL_ACK")
    return bytes.length === HEAD ? { type, token } : refuse("is too long for an acknowledgement");
  if (type === "PULL_RESP")
    return {
      type,
      token,
      txpk: fieldsOf(objectIn(bytes.subarray(HEAD))["txpk"]) ?? refuse("has no txpk"),
    };
  // PROTOCOL.TXT's own picture of TX_ACK has the EUI; version 1 had none.
  const hasEui = bytes.length >= WITH_EUI && !(type === "TX_ACK" && bytes[HEAD] === 0x7b);
  const antenna = hasEui ? Buffer.from(bytes.subarray(HEAD, WITH_EUI)).toString("hex") : null;
  const rest = bytes.subarray(hasEui ? WITH_EUI : HEAD);
  if (type === "TX_ACK") {
    const error = rest.length === 0 ? undefined : fieldsOf(objectIn(rest)["txpk_ack"])?.["error"];
    return {
      type,
      token,
      antenna,
      error: typeof error === "string" && error !== "" ? error.slice(0, 40) : "NONE",
    };
  }
  if (antenna === null) return refuse("has no gateway address");
  if (type === "PULL_DATA")
    return rest.length === 0 ? { type, token, antenna } : refuse("is too long for PULL_DATA");
  return readPush(token, antenna, rest);
}

const head = (type: TypeName, token: number) => [
  VERSION,
  (token >> 8) & 0xff,
  token & 0xff,
  pushTypes[type],
];
const asBytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const join = (...parts: readonly ArrayLike<number>[]) =>
  Uint8Array.from(parts.flatMap((part) => Array.from(part)));
const eui = (antenna: string) => Buffer.from(antenna, "hex");

/** The acknowledgement of a PUSH_DATA or PULL_DATA. */
export function buildAck(type: "PUSH_ACK" | "PULL_ACK", token: number): Uint8Array {
  return Uint8Array.from(head(type, token));
}
/** A forwarder's upward datagram; `body` is `{rxpk?, stat?}`. */
export function buildPushData(
  token: number,
  antenna: string,
  body: { rxpk?: readonly unknown[]; stat?: unknown },
): Uint8Array {
  return join(head("PUSH_DATA", token), eui(antenna), asBytes(body));
}
/** A forwarder's keep-alive, which opens the way down. */
export function buildPullData(token: number, antenna: string): Uint8Array {
  return join(head("PULL_DATA", token), eui(antenna));
}
/** A forwarder's word on a downlink; `error` null when it was sent. */
export function buildTxAck(token: number, antenna: string, error: string | null): Uint8Array {
  return join(
    head("TX_ACK", token),
    eui(antenna),
    error === null ? [] : asBytes({ txpk_ack: { error } }),
  );
}

/** A LoRa downlink for a forwarder. `tmst` null sends at once. */
export interface Downlink {
  readonly phy: Uint8Array;
  /** Microseconds of the concentrator's counter, 32 bits, or null. */
  readonly tmst: number | null;
  readonly freqHz: number;
  readonly sf: number;
  readonly bwHz: number;
  /** dBm. */
  readonly power: number;
}
/** A server's order to send. Polarity is inverted and no CRC added, as LoRaWAN wants it downwards. */
export function buildPullResp(token: number, downlink: Downlink): Uint8Array {
  const { phy, tmst, freqHz, sf, bwHz, power } = downlink;
  const when = tmst === null ? { imme: true } : { imme: false, tmst: tmst >>> 0 };
  const txpk = {
    ...when,
    freq: freqHz / 1e6,
    rfch: 0,
    powe: power,
    modu: "LORA",
    datr: `SF${sf}BW${bwHz / 1000}`,
    codr: "4/5",
    ipol: true,
    ncrc: true,
    size: phy.length,
    data: Buffer.from(phy).toString("base64"),
  };
  return join(head("PULL_RESP", token), asBytes({ txpk }));
}
