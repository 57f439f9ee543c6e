/**
 * `segment`: packs kept uplinks into a segment's columns and unpacks them again, to the last bit.
 *
 * Columns are plain JSON arrays (same things side by side pack well), with dictionaries for what
 * repeats and differences for what grows; behind them the payloads, first bytes first, then all second
 * bytes, and so on. Packed with Brotli: a sixth less on disk than deflated, and unpacked as quickly
 * (decisions/0001-segments-are-packed-with-brotli.md). Knows no database.
 */
import { hash } from "node:crypto";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import type { DecodedReading } from "#shared/model/decoder.ts";
import { Fault } from "#shared/model/fault.ts";
import { DeviceId, type Epoch, type WriterId } from "#shared/model/ids.ts";
import type { KeptUplink } from "#shared/model/kept-uplink.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import { SEGMENT_UPLINKS, segmentId, type SegmentDoc } from "#shared/model/segment.ts";
import { timeSources, type Radio } from "#shared/model/uplink.ts";
import { identityOf } from "./identity.ts";

/** Refuses to inflate beyond this: a full segment with the longest payloads stays below 1 MB. */
const MOST_COLUMN_BYTES = 8_000_000;

/** Readings and values a segment says at most: ten times what 200 long messages of history bring. */
const MOST_SAID = 500_000;
/** Longest name of a session, an antenna, a way, a decoder or a register. */
const MOST_NAME = 200;
/** The farthest a `Date` reaches from 1970, ms. */
const MOST_TIME_MS = 8.64e15;

/** One array per property, as long as the segment has uplinks unless said otherwise. */
interface Columns {
  /** Dictionaries: devices, sessions, antennas, ways, decoders, registers as [id, unit, scale]. */
  d: string[];
  s: (string | null)[];
  a: (string | null)[];
  w: string[];
  m: (string | null)[];
  g: [RegisterId, Unit, number][];
  /** Indexes into them; of devices and sessions, the difference to the uplink before. */
  di: number[];
  si: number[];
  ai: number[];
  wi: number[];
  mi: number[];
  /** Frame counter and port, null when unknown. */
  f: (number | null)[];
  p: (number | null)[];
  /** Payload lengths. */
  l: number[];
  /** Heard: ms since the uplink before. Time: heard minus time. Source of time: index. */
  h: number[];
  t: number[];
  q: number[];
  /** rssi in 0.1 dBm, snr in 0.1 dB, spreading factor, frequency in Hz; null when unknown. `b` = 1 when a radio is known. */
  b: number[];
  r: (number | null)[];
  n: (number | null)[];
  k: (number | null)[];
  y: (number | null)[];
  /** Reasons of the undecoded, by position. */
  u: Record<string, string>;
  /** Readings of each uplink: how many; then per reading: time minus the uplink's time (null = the uplink's), values count; then the register of each value, and for each register the n of its values. */
  c: number[];
  rt: (number | null)[];
  rc: number[];
  vg: number[];
  vn: number[][];
}

/** Gives each distinct thing a number, in order of first sight. */
function dictionary<T>(key: (thing: T) => string | null = (thing) => thing as string | null) {
  const entries: T[] = [];
  const numbers = new Map<string | null, number>();
  return {
    entries,
    number(thing: T): number {
      const name = key(thing);
      let number = numbers.get(name);
      if (number === undefined) {
        number = entries.push(thing) - 1;
        numbers.set(name, number);
      }
      return number;
    },
  };
}

const tenths = (value: number | undefined) => (value === undefined ? null : Math.round(value * 10));

/** SHA-256 over identities and raw bytes, base64url: what chains and conservation compare. */
export function segmentDigest(uplinks: readonly KeptUplink[]): string {
  const parts: Uint8Array[] = [];
  for (const { identity, payload } of uplinks)
    parts.push(Buffer.from(`${identity} ${payload.length}\n`), payload);
  return hash("sha256", Buffer.concat(parts), "base64url");
}

export interface SegmentPlace {
  readonly writer: WriterId;
  readonly epoch: Epoch;
  readonly seq: number;
  readonly prev: { readonly id: string; readonly digest: string } | null;
  /** Uplinks in all segments of this writer and community before. */
  readonly before: number;
  /** Inbox order of the first and last uplink. */
  readonly inbox: { readonly from: number; readonly to: number };
  /** The day of the inbox, `yyyymmdd`; a writer without an inbox has none. */
  readonly day?: string | undefined;
}

/**
 * Packs 1 to 200 uplinks, in the order kept, into the document that replicates.
 *
 * @throws RangeError for an empty or overfull segment: the sealer's mistake, not the world's
 */
export function packSegment(place: SegmentPlace, uplinks: readonly KeptUplink[]): SegmentDoc {
  const first = uplinks[0];
  const last = uplinks.at(-1);
  if (!first || !last || uplinks.length > SEGMENT_UPLINKS)
    throw new RangeError(`a segment holds 1 to ${SEGMENT_UPLINKS} uplinks, not ${uplinks.length}`);
  return {
    _id: segmentId(place.writer, place.epoch, place.seq),
    type: "segment",
    v: 1,
    writer: place.writer,
    epoch: place.epoch,
    seq: place.seq,
    prev: place.prev,
    count: uplinks.length,
    before: place.before,
    firstHeardMs: first.heardAt,
    lastHeardMs: last.heardAt,
    inbox: place.inbox,
    ...(place.day === undefined ? {} : { day: place.day }),
    digest: segmentDigest(uplinks),
    columns: packed(toColumns(uplinks), uplinks),
  };
}

function toColumns(uplinks: readonly KeptUplink[]): Columns {
  const devices = dictionary<string>();
  const sessions = dictionary<string | null>();
  const antennas = dictionary<string | null>();
  const ways = dictionary<string>();
  const decoders = dictionary<string | null>();
  const registers = dictionary<[RegisterId, Unit, number]>((entry) => entry.join(" "));
  const columns: Columns = {
    d: devices.entries,
    s: sessions.entries,
    a: antennas.entries,
    w: ways.entries,
    m: decoders.entries,
    g: registers.entries,
    di: [],
    si: [],
    ai: [],
    wi: [],
    mi: [],
    f: [],
    p: [],
    l: [],
    h: [],
    t: [],
    q: [],
    b: [],
    r: [],
    n: [],
    k: [],
    y: [],
    u: {},
    c: [],
    rt: [],
    rc: [],
    vg: [],
    vn: [],
  };
  let before = { device: 0, session: 0 };
  let heardBefore = uplinks[0]?.heardAt ?? 0;
  for (const [position, uplink] of uplinks.entries()) {
    const [device, session] = [devices.number(uplink.deviceId), sessions.number(uplink.session)];
    columns.di.push(device - before.device);
    columns.si.push(session - before.session);
    before = { device, session };
    columns.ai.push(antennas.number(uplink.radio?.antenna ?? null));
    columns.wi.push(ways.number(uplink.via));
    columns.mi.push(decoders.number(uplink.decoder));
    columns.f.push(uplink.fCnt);
    columns.p.push(uplink.fPort);
    columns.l.push(uplink.payload.length);
    columns.h.push(uplink.heardAt - heardBefore);
    heardBefore = uplink.heardAt;
    columns.t.push(uplink.heardAt - uplink.time);
    columns.q.push(timeSources.indexOf(uplink.timeSource));
    columns.b.push(uplink.radio ? 1 : 0);
    columns.r.push(tenths(uplink.radio?.rssi));
    columns.n.push(tenths(uplink.radio?.snr));
    columns.k.push(uplink.radio?.sf ?? null);
    columns.y.push(uplink.radio?.frequencyHz ?? null);
    if (uplink.undecoded !== null) columns.u[position] = uplink.undecoded;
    columns.c.push(uplink.readings.length);
    for (const reading of uplink.readings) {
      columns.rt.push(reading.time === undefined ? null : reading.time - uplink.time);
      columns.rc.push(reading.values.length);
      for (const { register, unit, scale, n } of reading.values) {
        const number = registers.number([register, unit, scale]);
        columns.vg.push(number);
        (columns.vn[number] ??= []).push(n);
      }
    }
  }
  return columns;
}

/** Ends the columns: JSON has no line break in it. */
const LINE_BREAK = 0x0a;

function packed(columns: Columns, uplinks: readonly KeptUplink[]): string {
  const json = Buffer.from(`${JSON.stringify(columns)}\n`);
  const payloads: number[] = [];
  const longest = Math.max(...columns.l);
  for (let place = 0; place < longest; place++)
    for (const { payload } of uplinks)
      if (place < payload.length) payloads.push(payload[place] as number);
  const frame = Buffer.concat([json, Uint8Array.from(payloads)]);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 4,
    [constants.BROTLI_PARAM_SIZE_HINT]: frame.length,
  };
  return brotliCompressSync(frame, { params }).toString("base64");
}

/** @throws RangeError, SyntaxError or what Brotli throws */
function unpacked(text: string): { columns: Columns; payloads: Uint8Array[] } {
  const frame = brotliDecompressSync(Buffer.from(text, "base64"), {
    maxOutputLength: MOST_COLUMN_BYTES,
  });
  const end = frame.indexOf(LINE_BREAK);
  if (end < 0) throw new RangeError("the columns have no end");
  const columns = JSON.parse(frame.toString("utf8", 0, end)) as Columns;
  const bytes = frame.subarray(end + 1);
  let [sum, longest] = [0, 0];
  for (const length of columns.l) {
    if (!Number.isSafeInteger(length) || length < 0)
      throw new RangeError("a payload has no length");
    sum += length;
    longest = Math.max(longest, length);
  }
  if (sum !== bytes.length) throw new RangeError("payloads are cut short");
  const payloads = columns.l.map((length) => new Uint8Array(length));
  let at = 0;
  for (let place = 0; place < longest; place++)
    for (const payload of payloads)
      if (place < payload.length) payload[place] = bytes[at++] as number;
  return { columns, payloads };
}

/**
 * The uplinks of a segment, in the order kept.
 *
 * @throws Fault "invalid" when the columns are damaged or the digest is another one: the caller
 *   counts `segment_damaged` and goes on with the next
 */
export function unpackSegment(
  doc: Pick<SegmentDoc, "_id" | "count" | "firstHeardMs" | "digest" | "columns">,
): KeptUplink[] {
  let uplinks: KeptUplink[];
  try {
    const { columns, payloads } = unpacked(doc.columns);
    uplinks = fromColumns(columns, payloads, doc.firstHeardMs);
  } catch (error) {
    throw new Fault("invalid", `segment ${doc._id} cannot be unpacked`, {}, error);
  }
  if (uplinks.length !== doc.count || segmentDigest(uplinks) !== doc.digest)
    throw new Fault("invalid", `segment ${doc._id} does not agree with its digest`);
  return uplinks;
}

/** `list[index]`, or a throw: a damaged column must not become `undefined` somewhere far away. */
function at<T>(list: readonly T[], index: number | undefined): T {
  if (index === undefined || index < 0 || index >= list.length)
    throw new RangeError("a column is too short");
  return list[index] as T;
}

/** Whoever wrote a segment may have put anything into it: a digest is right all the same. */
function checkColumns(columns: Columns): void {
  const isName = (name: unknown) => typeof name === "string" && name.length <= MOST_NAME;
  const isNameOrNull = (name: unknown) => name === null || isName(name);
  if (
    columns.rc.length + columns.vg.length > MOST_SAID ||
    !columns.d.every((id) => DeviceId.safeParse(id).success) ||
    ![columns.s, columns.a, columns.m].every((names) => names.every(isNameOrNull)) ||
    !columns.w.every(isName) ||
    !columns.g.every(
      ([register, unit, scale]) =>
        isName(register) && isName(unit) && Number.isInteger(scale) && Math.abs(scale) <= 12,
    ) ||
    !columns.vn.every((numbers) => numbers.every(Number.isSafeInteger)) ||
    ![columns.r, columns.n, columns.k, columns.y].every((numbers) =>
      numbers.every((number) => number === null || Number.isFinite(number)),
    )
  )
    throw new RangeError("a column holds what cannot be");
}

function checkUplink({ time, heardAt, fCnt, fPort, undecoded }: KeptUplink): void {
  if (
    ![time, heardAt].every((ms) => Number.isSafeInteger(ms) && Math.abs(ms) <= MOST_TIME_MS) ||
    !(fCnt === null || (Number.isSafeInteger(fCnt) && fCnt >= 0)) ||
    !(fPort === null || (Number.isInteger(fPort) && fPort >= 0 && fPort <= 255)) ||
    !(undecoded === null || typeof undecoded === "string")
  )
    throw new RangeError("an uplink cannot be");
}

function fromColumns(
  columns: Columns,
  payloads: readonly Uint8Array[],
  firstHeardMs: number,
): KeptUplink[] {
  checkColumns(columns);
  const uplinks: KeptUplink[] = [];
  /** How many values of each register were taken. */
  const taken = columns.vn.map(() => 0);
  let [heardAt, device, sessionAt, reading, value] = [firstHeardMs, 0, 0, 0, 0];
  for (let i = 0; i < columns.di.length; i++) {
    heardAt += at(columns.h, i);
    device += at(columns.di, i);
    sessionAt += at(columns.si, i);
    const payload = at(payloads, i);
    const readings: DecodedReading[] = [];
    const time = heardAt - at(columns.t, i);
    for (let left = at(columns.c, i); left > 0; left--, reading++) {
      const values: Value[] = [];
      for (let more = at(columns.rc, reading); more > 0; more--, value++) {
        const number = at(columns.vg, value);
        const [register, unit, scale] = at(columns.g, number);
        values.push({ register, n: at(at(columns.vn, number), taken[number]), scale, unit });
        taken[number] = (taken[number] ?? 0) + 1;
      }
      const offset = at(columns.rt, reading);
      readings.push(offset === null ? { values } : { time: time + offset, values });
    }
    const deviceId = at(columns.d, device) as DeviceId;
    const session = at(columns.s, sessionAt);
    const fCnt = at(columns.f, i);
    const fPort = at(columns.p, i);
    const uplink: KeptUplink = {
      identity: identityOf({ deviceId, session, fCnt, fPort, payload, time }),
      deviceId,
      session,
      fCnt,
      fPort,
      payload,
      time,
      timeSource: at(timeSources, at(columns.q, i)),
      heardAt,
      radio: at(columns.b, i) ? radioAt(columns, i) : null,
      via: at(columns.w, at(columns.wi, i)),
      decoder: at(columns.m, at(columns.mi, i)),
      undecoded: columns.u[i] ?? null,
      readings,
    };
    checkUplink(uplink);
    uplinks.push(uplink);
  }
  return uplinks;
}

function radioAt(columns: Columns, i: number): Radio {
  const antenna = at(columns.a, at(columns.ai, i));
  const [rssi, snr, sf, frequencyHz] = [
    at(columns.r, i),
    at(columns.n, i),
    at(columns.k, i),
    at(columns.y, i),
  ];
  // Filled in one by one: taken apart and spread, this alone was a third of unpacking.
  const radio: { -readonly [K in keyof Radio]: Radio[K] } = {};
  if (antenna !== null) radio.antenna = antenna;
  if (rssi !== null) radio.rssi = rssi / 10;
  if (snr !== null) radio.snr = snr / 10;
  if (sf !== null) radio.sf = sf;
  if (frequencyHz !== null) radio.frequencyHz = frequencyHz;
  return radio;
}
