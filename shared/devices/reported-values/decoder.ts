/**
 * `reported-values`: devices that tell values instead of bytes (a smart plug, a wM-Bus receiver).
 *
 * What they told is kept as their raw payload, as text, and read back from it like any other's:
 * so it replicates, is hashed and decoded again like everything else. Needs an operator's word:
 * the device is registered with the model `riser/reported-values`.
 */
import type { Decoder } from "#shared/model/decoder.ts";
import { Fault } from "#shared/model/fault.ts";
import {
  isRegisterId,
  registers,
  type RegisterId,
  type Unit,
  type Value,
} from "#shared/model/registers.ts";

/** Values of one message at most, and bytes of its text. */
const MOST_VALUES = 64;
const MOST_BYTES = 8_192;
const UNIT = /^[A-Za-z0-9%/]{1,8}$/;

/**
 * The payload that stands for values: a JSON list of [register, n, scale, unit], in the order of
 * the registers' names. Where the source sent bytes too, they stay beside them:
 * `{"raw": hex, "values": […]}`.
 */
export function reportedPayload(
  values: readonly Value[],
  raw: Uint8Array = new Uint8Array(),
): Uint8Array {
  const rows = values
    .map(({ register, n, scale, unit }) => [register, n, scale, unit] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const told = raw.length === 0 ? rows : { raw: Buffer.from(raw).toString("hex"), values: rows };
  return new TextEncoder().encode(JSON.stringify(told));
}

const begins = (payload: Uint8Array, text: string) =>
  payload.length > text.length && Buffer.from(payload.subarray(0, text.length)).toString() === text;

/** Whether a payload is told values rather than a device's own bytes. */
export function isReported(payload: Uint8Array): boolean {
  return begins(payload, '[["') || begins(payload, '{"raw":"');
}

/** The device's own bytes, where they were kept beside told values. */
export function rawOf(payload: Uint8Array): Uint8Array {
  if (!begins(payload, '{"raw":"')) return payload;
  const hex = /^\{"raw":"([0-9a-f]+)"/.exec(new TextDecoder().decode(payload))?.[1];
  return hex === undefined ? payload : new Uint8Array(Buffer.from(hex, "hex"));
}

function valueOf(row: unknown, place: number): Value {
  const [register, n, scale, unit] = Array.isArray(row) ? (row as unknown[]) : [];
  const isRight =
    typeof register === "string" &&
    isRegisterId(register) &&
    Number.isSafeInteger(n) &&
    Number.isInteger(scale) &&
    Math.abs(scale as number) <= 12 &&
    typeof unit === "string" &&
    UNIT.test(unit);
  if (!isRight)
    throw new Fault("invalid", `value ${place + 1} is not [register, whole number, scale, unit]`);
  return {
    register,
    n: n as number,
    scale: scale as number,
    unit: unit as Unit,
  };
}

export const reportedValues: Decoder = {
  model: "riser/reported-values",
  version: 1,
  title: "A source that tells values itself",
  kind: "electricity",
  registers: Object.keys(registers) as RegisterId[],
  decode(payload) {
    if (payload.length > MOST_BYTES)
      throw new Fault("invalid", `${payload.length} bytes are too many`);
    let rows: unknown;
    try {
      rows = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
    } catch (error) {
      throw new Fault("invalid", "these are no reported values", {}, error);
    }
    if (!Array.isArray(rows) && typeof rows === "object" && rows !== null && "values" in rows)
      rows = rows.values;
    if (!Array.isArray(rows) || rows.length === 0 || rows.length > MOST_VALUES)
      throw new Fault("invalid", `reported values are a list of 1 to ${MOST_VALUES}`);
    return [{ values: rows.map(valueOf) }];
  },
};
