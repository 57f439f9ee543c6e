/**
 * `sparkplug-payload`: a Sparkplug B payload out of its protobuf bytes: time, number, metrics.
 *
 * Values stay what they are; data sets, templates, files and bytes are named and not read.
 *
 * @see Eclipse Sparkplug Specification 3.0.0, chapter 6, "Payloads"; `sparkplug_b.proto`
 */
import { gunzipSync, inflateSync } from "node:zlib";
import { Fault } from "#shared/model/fault.ts";
import { protobufFields, protobufText, type ProtobufField } from "./protobuf.ts";

/** One metric. Of `value`, whole numbers beyond 53 bits are bigints; null says "no value now". */
export interface Metric {
  readonly name: string | undefined;
  /** Stands for the name after a birth; digits, it has 64 bits. */
  readonly alias: string | undefined;
  /** Epoch ms. */
  readonly time: number | undefined;
  /** 1–34 by the specification's table; 0 when the message does not say. */
  readonly dataType: number;
  readonly isHistorical: boolean;
  /** Decimal digits that the value's wire form holds: 7 in 32 bits of float, else 15. */
  readonly digits: 7 | 15;
  readonly value: number | bigint | boolean | string | null | undefined;
  /** The kind of a value that is not read: `bytes`, `dataset`, `template`. */
  readonly unread: string | undefined;
  /** The property `engUnit` or `unit`. */
  readonly unit: string | undefined;
}

export interface SparkplugPayload {
  /** Epoch ms. */
  readonly time: number | undefined;
  /** 0–255. */
  readonly seq: number | undefined;
  readonly metrics: readonly Metric[];
}

/** Metrics in one message at most. */
export const MOST_METRICS = 5_000;
/** A compressed payload may unfold to so much, bytes. */
const MOST_UNFOLDED = 2_000_000;
const COMPRESSED = "SPBV1.0_COMPRESSED";
/** Signed data types → bits. */
const signed: Readonly<Record<number, number>> = { 1: 8, 2: 16, 3: 32, 4: 64 };

const text = (field: ProtobufField) =>
  field.wire === "bytes" ? protobufText(field.bytes) : undefined;
const bitsOf = (field: ProtobufField) => (field.wire === "bytes" ? undefined : field.bits);
const whole = (bits: bigint) =>
  bits <= 9_007_199_254_740_991n && bits >= -9_007_199_254_740_991n ? Number(bits) : bits;

function timeOf(field: ProtobufField): number | undefined {
  const bits = bitsOf(field);
  return bits === undefined || bits === 0n || bits > 8_640_000_000_000_000n
    ? undefined
    : Number(bits);
}

/** An integer as its data type means it: signed ones travel as their bits. */
function integerOf(bits: bigint, dataType: number, width: 32 | 64): number | bigint {
  const size = signed[dataType];
  return size === undefined ? whole(BigInt.asUintN(width, bits)) : whole(BigInt.asIntN(size, bits));
}

function floatOf(field: ProtobufField): number | undefined {
  const view = new DataView(new ArrayBuffer(8));
  if (field.wire === "fixed32") {
    view.setUint32(0, Number(field.bits));
    return view.getFloat32(0);
  }
  if (field.wire !== "fixed64") return undefined;
  view.setBigUint64(0, field.bits);
  return view.getFloat64(0);
}

/** The unit among a metric's properties: names and values stand in two lists. */
function unitIn(bytes: Uint8Array): string | undefined {
  const names: string[] = [];
  const values: (string | undefined)[] = [];
  for (const field of protobufFields(bytes)) {
    if (field.wire !== "bytes") continue;
    if (field.number === 1) names.push(protobufText(field.bytes));
    if (field.number === 2) {
      let value: string | undefined;
      for (const inner of protobufFields(field.bytes)) if (inner.number === 8) value = text(inner);
      values.push(value);
    }
  }
  const place = names.findIndex((name) => /^(eng_?unit|engineeringunits?|units?)$/i.test(name));
  return place === -1 ? undefined : values[place];
}

function metricOf(bytes: Uint8Array): Metric {
  let [name, alias, unit, unread]: (string | undefined)[] = [];
  let time: number | undefined;
  let dataType = 0;
  let [isHistorical, isNull] = [false, false];
  let raw: ProtobufField | undefined;
  for (const field of protobufFields(bytes)) {
    const bits = bitsOf(field);
    if (field.number === 1) name = text(field);
    else if (field.number === 2) alias = bits?.toString();
    else if (field.number === 3) time = timeOf(field);
    else if (field.number === 4) dataType = Number(BigInt.asUintN(32, bits ?? 0n));
    else if (field.number === 5) isHistorical = bits === 1n;
    else if (field.number === 7) isNull = bits === 1n;
    else if (field.number === 9 && field.wire === "bytes") unit = unitIn(field.bytes);
    else if (field.number >= 10 && field.number <= 15) raw = field;
    else if (field.number >= 16 && field.number <= 18)
      unread = ["bytes", "dataset", "template"][field.number - 16];
  }
  // Its data type may stand behind the value: so the value is read last.
  const value = isNull ? null : raw && valueOf(raw, dataType);
  const digits = raw?.number === 12 ? 7 : 15;
  return { name, alias, time, dataType, isHistorical, digits, value, unread, unit };
}

function valueOf(field: ProtobufField, dataType: number): Metric["value"] {
  const bits = bitsOf(field);
  if (field.number === 15) return text(field);
  if (field.number === 12 || field.number === 13) return floatOf(field);
  if (bits === undefined || field.wire !== "varint") return undefined;
  if (field.number === 14) return bits !== 0n;
  return integerOf(bits, dataType, field.number === 10 ? 32 : 64);
}

/**
 * @throws Fault "invalid" when the bytes are no such payload, "too_large" when there are too many metrics
 */
export function sparkplugPayload(bytes: Uint8Array, isUnfolded = false): SparkplugPayload {
  let [time, seq]: (number | undefined)[] = [];
  let uuid: string | undefined;
  let body: Uint8Array | undefined;
  const metrics: Metric[] = [];
  for (const field of protobufFields(bytes)) {
    if (field.number === 1) time = timeOf(field);
    else if (field.number === 2 && field.wire === "bytes") {
      if (metrics.length >= MOST_METRICS)
        throw new Fault("too_large", `More than ${MOST_METRICS} metrics in one message.`);
      metrics.push(metricOf(field.bytes));
    } else if (field.number === 3) seq = Number(BigInt.asUintN(32, bitsOf(field) ?? 0n));
    else if (field.number === 4) uuid = text(field);
    else if (field.number === 5 && field.wire === "bytes") body = field.bytes;
  }
  if (uuid !== COMPRESSED || body === undefined || isUnfolded) return { time, seq, metrics };
  const inner = sparkplugPayload(unfold(body, metrics), true);
  return { time: inner.time ?? time, seq: inner.seq ?? seq, metrics: inner.metrics };
}

/** DEFLATE unless the metric `algorithm` says GZIP. */
function unfold(body: Uint8Array, metrics: readonly Metric[]): Uint8Array {
  const algorithm = metrics.find(({ name }) => name === "algorithm")?.value;
  try {
    const unpack = algorithm === "GZIP" ? gunzipSync : inflateSync;
    return unpack(body, { maxOutputLength: MOST_UNFOLDED });
  } catch (error) {
    throw new Fault("invalid", "The compressed payload cannot be unfolded.", {}, error);
  }
}
