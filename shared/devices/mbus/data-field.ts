/**
 * `data-field`: the bytes of one record's value, by the data field of its DIF.
 *
 * "Not available" comes as a null: a signed integer that is the most negative of its size, or a
 * BCD number of all Fh. Any other BCD digit above nine is an error of the message.
 *
 * @see EN 13757-3:2018, clause 6.3.3 (table 4), 6.3.4 (variable length) and annex A
 */
import type { ByteReader } from "../byte-reader.ts";
import { decimalOf } from "../exact.ts";

/** A number is `n` × 10^`scale`, before its quantity's own scale. */
export type FieldData =
  | {
      readonly type: "number";
      readonly n: number;
      readonly scale: number;
      readonly bytes: Uint8Array;
    }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "bytes"; readonly bytes: Uint8Array }
  | { readonly type: "none" };

const NONE: FieldData = { type: "none" };

function integer(reader: ByteReader, size: number): FieldData {
  const bytes = reader.bytes(size);
  let unsigned = 0n;
  for (let i = size - 1; i >= 0; i--) unsigned = (unsigned << 8n) | BigInt(bytes[i] ?? 0);
  const signed = BigInt.asIntN(size * 8, unsigned);
  if (signed === -(1n << BigInt(size * 8 - 1))) return { type: "bytes", bytes };
  const n = Number(signed);
  // Eight bytes that are a name or flags rather than a count.
  if (!Number.isSafeInteger(n)) return { type: "bytes", bytes };
  return { type: "number", n, scale: 0, bytes };
}

function real(reader: ByteReader): FieldData {
  const bytes = reader.bytes(4);
  const float = new DataView(bytes.buffer).getFloat32(0, true);
  const decimal = decimalOf(float, 7);
  return decimal === undefined ? NONE : { type: "number", ...decimal, bytes };
}

/** Type A: two digits a byte, lowest first; a leading Fh is a minus sign. */
function bcd(reader: ByteReader, size: number): FieldData {
  const bytes = reader.bytes(size);
  if (bytes.every((byte) => byte === 0xff)) return { type: "bytes", bytes };
  const digits = [...bytes]
    .reverse()
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  const isNegative = digits.startsWith("f");
  const rest = isNegative ? digits.slice(1) : digits;
  if (!/^\d+$/.test(rest)) reader.fail("has a decimal number with a digit above nine");
  const n = Number(rest);
  return { type: "number", n: isNegative && n !== 0 ? -n : n, scale: 0, bytes };
}

function variable(reader: ByteReader, isProfile: boolean): FieldData {
  const length = reader.u8();
  if (isProfile && length <= 0xbf) return { type: "bytes", bytes: reader.bytes(length) };
  if (length <= 0xbf)
    return { type: "text", text: String.fromCharCode(...reader.bytes(length).reverse()) };
  if (length <= 0xc9) return bcd(reader, length - 0xc0);
  if (length >= 0xd0 && length <= 0xd9) {
    const data = bcd(reader, length - 0xd0);
    return data.type === "number" ? { ...data, n: data.n === 0 ? 0 : -data.n } : data;
  }
  if (length >= 0xe0 && length <= 0xef)
    return { type: "bytes", bytes: reader.bytes(length - 0xe0) };
  return reader.fail(`has a field of unknown form ${length.toString(16)}`);
}

/** Sizes of the integer and BCD codes; 0 where a code is neither. */
const integerSize = [0, 1, 2, 3, 4, 0, 6, 8];
const bcdSize = [0, 1, 2, 3, 4, 0, 6];

/**
 * Reads the value that data field code 0h–Eh (the DIF's lower half) announces.
 *
 * @param isProfile a variable field then holds a row of values, not text
 */
export function readField(reader: ByteReader, code: number, isProfile = false): FieldData {
  if (code === 0x0 || code === 0x8) return NONE;
  if (code === 0x5) return real(reader);
  if (code === 0xd) return variable(reader, isProfile);
  if (code < 0x8) return integer(reader, integerSize[code] ?? 0);
  return bcd(reader, bcdSize[code - 8] ?? 0);
}
