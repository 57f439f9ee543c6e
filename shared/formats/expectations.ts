/**
 * `expectations`: each thing a published example may say must be read out of a message.
 */
import { asNumber } from "#shared/model/registers.ts";
import { findDecoder } from "#shared/devices/list.ts";
import type { FormatResult } from "./format.ts";
import { fromGps, readInstant } from "./instants.ts";
import { fieldsOf } from "./message.ts";
import type { Datagram } from "./semtech-udp.ts";

/** What was read: a datagram with the answer due, or a message's result and its parsed body. */
export interface Seen {
  readonly datagram: Datagram | null;
  readonly reply: string | null;
  readonly result: FormatResult | null;
  readonly body: unknown;
}

const hex = (bytes: Uint8Array | undefined) =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString("hex");

/** Readers of one field of `expect` out of what was seen. */
const readers: Readonly<Record<string, (seen: Seen) => unknown>> = {
  payloadHex: ({ result }) => hex(result?.uplinks[0]?.payload),
  fCnt: ({ result }) => result?.uplinks[0]?.fCnt,
  // Port 0, and a port left out, are no port.
  fPort: ({ result }) => result?.uplinks[0]?.fPort ?? 0,
  rssi: ({ result }) => result?.uplinks[0]?.radio?.rssi,
  snr: ({ result }) => result?.uplinks[0]?.radio?.snr,
  phyHex: ({ result }) => hex(result?.frames[0]?.phy),
  type: ({ datagram }) => datagram?.type,
  replyHex: ({ reply }) => reply,
};

const compareJson = (field: string, ours: unknown, theirs: unknown) =>
  JSON.stringify(ours) === JSON.stringify(theirs)
    ? null
    : `${field} is ${JSON.stringify(ours)}, not ${JSON.stringify(theirs)}`;

function comparePackets(theirs: unknown, { datagram }: Seen): string | null {
  const packets = datagram?.type === "PUSH_DATA" ? datagram.packets : [];
  const ours = packets.map(({ phy, tmst, freqHz, modulation, rssi }) => ({
    phyHex: hex(phy),
    tmst,
    freqHz,
    modu: modulation.modu,
    rssi,
  }));
  return compareJson("packets", ours, theirs);
}

/** The decoded values a document adds by hand, by the decoder of the maker whose payload it is. */
function compareDecoded(theirs: unknown, { result }: Seen): string | null {
  const uplink = result?.uplinks[0];
  const decoder = findDecoder("milesight/em300-th");
  if (uplink === undefined || decoder === undefined) return "there is no uplink";
  const [now] = decoder.decode(uplink.payload, { fPort: uplink.fPort, heardAt: uplink.time });
  const names: Readonly<Record<string, string>> = {
    temperature_C: "temperature",
    humidity_pct: "humidity",
  };
  for (const [name, number] of Object.entries(theirs as Record<string, unknown>)) {
    const value = now?.values.find(({ register }) => register === names[name]);
    if (value === undefined || asNumber(value) !== number)
      return `${name} is ${value && asNumber(value)}, not ${String(number)}`;
  }
  return null;
}

function compareCounter(theirs: unknown, { result }: Seen): string | null {
  const { unit, value } = theirs as { unit: string; value: number };
  const values = result?.measured.flatMap(({ reading }) => reading.values) ?? [];
  return values.some((ours) => ours.unit === unit && asNumber(ours) === value)
    ? null
    : `no value is ${value} ${unit}`;
}

const timesOf = ({ result }: Seen) =>
  [...(result?.uplinks ?? []), ...(result?.joins ?? []), ...(result?.frames ?? [])].map(
    ({ time }) => time,
  );

/** Whose the message is, of whatever kind it is. */
const deviceOf = ({ result }: Seen) =>
  result?.uplinks[0]?.deviceId ??
  result?.joins[0]?.deviceId ??
  result?.measured[0]?.deviceId ??
  result?.about;

/**
 * The port of a data frame: after 8 bytes of head and the options, before 4 of integrity code.
 * A Basics Station says itself how long the options are.
 */
function portIn(phy: Uint8Array, body: unknown): number | null {
  const options = fieldsOf(body)?.["FOpts"];
  const at = 8 + (typeof options === "string" ? options.length / 2 : (phy[5] ?? 0) & 0x0f);
  return at < phy.length - 4 ? (phy[at] ?? null) : null;
}

/** Why `field` of `expect` does not hold, or null when it does. */
export function compare(field: string, theirs: unknown, seen: Seen): string | null {
  if (field === "packets") return comparePackets(theirs, seen);
  if (field === "decoded") return compareDecoded(theirs, seen);
  if (field === "counter") return compareCounter(theirs, seen);
  if (field === "devEui") return compareJson(field, deviceOf(seen), theirs);
  if (field === "gatewayId")
    return compareJson(field, seen.result?.frames[0]?.radio.antenna ?? seen.result?.about, theirs);
  if (field === "time")
    return timesOf(seen).includes(readInstant(theirs) ?? -1)
      ? null
      : `time is not ${String(theirs)}`;
  if (field === "gatewayTime")
    return (seen.result?.antennaTimes ?? []).includes(readInstant(theirs) ?? -1)
      ? null
      : `no gateway time is ${String(theirs)}`;
  if (field === "gpsTimeSec")
    return seen.result?.frames[0]?.time === fromGps(Number(theirs) * 1000)
      ? null
      : `GPS time is not ${String(theirs)} s`;
  if (field === "fPort" && seen.result?.frames[0] !== undefined)
    return compareJson(field, portIn(seen.result.frames[0].phy, seen.body), theirs);
  const read = readers[field];
  return read === undefined ? `${field} is not compared` : compareJson(field, read(seen), theirs);
}
