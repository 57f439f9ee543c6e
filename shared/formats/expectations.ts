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

/** How it was heard; a sole packet of a datagram too. */
function radioOf({ result, datagram }: Seen) {
  if (datagram?.type === "PUSH_DATA") {
    const [packet] = datagram.packets;
    const sf = packet?.modulation.modu === "LORA" ? packet.modulation.sf : undefined;
    return packet && { rssi: packet.rssi, snr: packet.snr, sf, frequencyHz: packet.freqHz };
  }
  return result?.uplinks[0]?.radio ?? result?.frames[0]?.radio;
}
function spreadingOf(seen: Seen): unknown {
  return radioOf(seen)?.sf;
}
function frequencyOf(seen: Seen): unknown {
  return radioOf(seen)?.frequencyHz;
}

/** Readers of one field of `expect` out of what was seen. */
const readers: Readonly<Record<string, (seen: Seen) => unknown>> = {
  payloadHex: ({ result }) => hex(result?.uplinks[0]?.payload),
  fCnt: ({ result }) => result?.uplinks[0]?.fCnt,
  // Port 0, and a port left out, are no port.
  fPort: ({ result }) => result?.uplinks[0]?.fPort ?? 0,
  rssi: (seen) => radioOf(seen)?.rssi,
  snr: (seen) => radioOf(seen)?.snr,
  phyHex: ({ result, datagram }) =>
    hex(
      result?.frames[0]?.phy ??
        (datagram?.type === "PUSH_DATA" ? datagram.packets[0]?.phy : undefined),
    ),
  devAddr: ({ result }) => result?.uplinks[0]?.session ?? result?.joins[0]?.session,
  sf: spreadingOf,
  spreadingFactor: spreadingOf,
  frequency: frequencyOf,
  frequencyHz: frequencyOf,
  freqHz: frequencyOf,
  bandwidthHz: ({ result }) => result?.frames[0]?.bandwidthHz,
  xtime: ({ result }) => result?.frames[0]?.station?.xtime,
  rctx: ({ result }) => result?.frames[0]?.station?.rctx,
  other: ({ result }) => result?.other,
  error: ({ datagram, result }) =>
    datagram?.type === "TX_ACK" ? datagram.error : result?.orderAnswers[0]?.error,
  token: ({ datagram }) => datagram?.token,
  type: ({ datagram }) => datagram?.type,
  replyHex: ({ reply }) => reply,
};

const lower = (value: unknown) => (typeof value === "string" ? value.toLowerCase() : value);

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

/** What 1 of a unit is in the unit that all of its kind are compared in. */
const factors: Readonly<Record<string, readonly [kind: string, factor: number]>> = {
  Wh: ["energy", 1],
  kWh: ["energy", 1000],
  MWh: ["energy", 1e6],
  Wmin: ["energy", 1 / 60],
  "W*min": ["energy", 1 / 60],
  "watt-minute": ["energy", 1 / 60],
  "Watt-minute": ["energy", 1 / 60],
  m3: ["volume", 1000],
  "m³": ["volume", 1000],
  L: ["volume", 1],
  l: ["volume", 1],
  litre: ["volume", 1],
};

/** True when both are the same amount; of watt minutes we keep whole watt hours. */
function isSame(ours: { unit: string; amount: number }, unit: string, value: number): boolean {
  if (ours.unit === unit) return Math.abs(ours.amount - value) <= Math.abs(value) * 1e-9;
  const [a, b] = [factors[ours.unit], factors[unit]];
  if (a === undefined || b === undefined || a[0] !== b[0]) return false;
  const least = b[1] < 1 ? 1 : Math.abs(value * b[1]) * 1e-9;
  return Math.abs(ours.amount * a[1] - value * b[1]) <= least;
}

function compareCounter(theirs: unknown, { result }: Seen): string | null {
  const all = (Array.isArray(theirs) ? theirs : [theirs]) as { unit: string; value: number }[];
  const values = result?.measured.flatMap(({ reading }) => reading.values) ?? [];
  const missing = all.find(
    ({ unit, value }) =>
      !values.some((ours) => isSame({ unit: ours.unit, amount: asNumber(ours) }, unit, value)),
  );
  return missing === undefined ? null : `no value is ${missing.value} ${missing.unit}`;
}

const timesOf = ({ result }: Seen) =>
  [...(result?.uplinks ?? []), ...(result?.joins ?? []), ...(result?.frames ?? [])].map(
    ({ time }) => time,
  );

const antennaOf = ({ datagram, result }: Seen) =>
  datagram !== null && "antenna" in datagram
    ? datagram.antenna
    : (result?.frames[0]?.radio.antenna ?? result?.about);

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
  if (field === "counter" || field === "counters") return compareCounter(theirs, seen);
  if (field === "devEui") return compareJson(field, deviceOf(seen), lower(theirs));
  if (field === "gatewayEui")
    return compareJson(field, antennaOf(seen), String(theirs).toLowerCase());
  if (field === "gatewayId") return compareJson(field, antennaOf(seen), lower(theirs));
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
  if (read === undefined) return `${field} is not compared`;
  const isHex = field.endsWith("Hex") || field === "devAddr";
  return compareJson(field, read(seen), isHex ? lower(theirs) : theirs);
}
