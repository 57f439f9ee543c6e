/**
 * `records`: the data records of EN 13757-3 (wired and wireless M-Bus, OMS, and most heat
 * meters on LoRaWAN), from first to last, with nothing left over.
 *
 * Says what each record holds, not what it is good for: that is a device's business.
 *
 * @see EN 13757-3:2018, clause 6
 */
import type { ByteReader } from "../byte-reader.ts";
import { readField, type FieldData } from "./data-field.ts";
import { dateOf, dateTimeOf, dateTimeSecondsOf } from "./date-time.ts";
import { FORWARD_PROFILES, INVERSE_PROFILE } from "./profile.ts";
import { directionOf, namingBytes, quantityOf, type Quantity } from "./quantities.ts";

/** Of a DIF, bits 4 and 5. "error": the value during a fault of the meter. */
export type RecordFunction = "current" | "max" | "min" | "error";
const functions: readonly RecordFunction[] = ["current", "max", "min", "error"];

export interface MbusRecord {
  readonly function: RecordFunction;
  /** 0 = the value of now; higher numbers are older or set aside. */
  readonly storage: number;
  readonly tariff: number;
  readonly subunit: number;
  readonly quantity: Quantity;
  readonly direction: "forward" | "backward" | null;
  /** The value information block, extension bits still set. */
  readonly vib: readonly number[];
  readonly data: FieldData;
  /** Epoch ms, the meter's words read as UTC, where the quantity is a date or a time and holds one. */
  readonly time: number | undefined;
}

export interface MbusMessage {
  readonly records: readonly MbusRecord[];
  /** What follows the mark of manufacturer specific data (DIF 0Fh or 1Fh), or null. */
  readonly manufacturerData: Uint8Array | null;
}

/** Ten extensions at most, of the DIF and of the VIF (clause 6.3.5). */
const MAX_EXTENSIONS = 10;
const FILLER = 0x2f;

/** The head of a record: everything before its value. */
export interface RecordHead {
  readonly code: number;
  readonly function: RecordFunction;
  readonly storage: number;
  readonly tariff: number;
  readonly subunit: number;
  readonly vib: readonly number[];
}

/** Reads DIF, DIFEs, VIF and VIFEs; the DIF itself is given when it was read already. */
export function readHead(reader: ByteReader, dif = reader.u8()): RecordHead {
  let storage = (dif >> 6) & 1;
  let tariff = 0;
  let subunit = 0;
  let byte = dif;
  for (let i = 0; byte & 0x80; i++) {
    if (i === MAX_EXTENSIONS) reader.fail("has a record with more than ten DIF extensions");
    byte = reader.u8();
    // Storage numbers have 41 bits: no bit operators.
    storage += (byte & 0x0f) * 2 ** (1 + 4 * i);
    tariff += ((byte >> 4) & 3) * 2 ** (2 * i);
    subunit += ((byte >> 6) & 1) * 2 ** i;
  }
  const vib: number[] = [];
  do {
    if (vib.length > MAX_EXTENSIONS) reader.fail("has a record with more than ten VIF extensions");
    byte = reader.u8();
    vib.push(byte);
    // A VIF in plain text: its length and letters stand right after it (clause 6.4.5).
    if (vib.length === 1 && (byte & 0x7f) === 0x7c) reader.skip(reader.u8());
  } while (byte & 0x80);
  return {
    code: dif & 0x0f,
    function: functions[(dif >> 4) & 3] ?? "current",
    storage,
    tariff,
    subunit,
    vib,
  };
}

/** Modifiers whose value is a row of bytes, never text (annex F). */
const profiles: readonly number[] = [INVERSE_PROFILE, ...FORWARD_PROFILES];

function timeOf(quantity: Quantity, code: number, data: FieldData): number | undefined {
  if (quantity.name === "date" && code === 0x2 && "bytes" in data) return dateOf(data.bytes);
  if (quantity.name !== "date_time" || !("bytes" in data)) return undefined;
  return code === 0x4
    ? dateTimeOf(data.bytes)
    : code === 0x6
      ? dateTimeSecondsOf(data.bytes)
      : undefined;
}

/** Reads the value a head announces. */
export function readRecord(reader: ByteReader, head: RecordHead): MbusRecord {
  const quantity = quantityOf(head.vib);
  const isProfile = head.vib
    .slice(namingBytes(head.vib))
    .some((byte) => profiles.includes(byte & 0x7f));
  const data = readField(reader, head.code, isProfile);
  const { function: fn, storage, tariff, subunit, vib } = head;
  const time = timeOf(quantity, head.code, data);
  return {
    function: fn,
    storage,
    tariff,
    subunit,
    quantity,
    direction: directionOf(vib),
    vib,
    data,
    time,
  };
}

/**
 * All records of `reader`, to its end.
 *
 * @throws Fault "invalid" when a record is cut short or cannot be
 */
export function readRecords(reader: ByteReader): MbusMessage {
  const records: MbusRecord[] = [];
  while (reader.left > 0) {
    const dif = reader.u8();
    if (dif === FILLER) continue;
    if (dif === 0x0f || dif === 0x1f)
      return { records, manufacturerData: reader.bytes(reader.left) };
    if ((dif & 0x0f) === 0x0f) reader.fail(`has a record of the reserved form ${dif.toString(16)}`);
    records.push(readRecord(reader, readHead(reader, dif)));
  }
  return { records, manufacturerData: null };
}

/** True when a record's quantity has no modifier that would change what it counts. */
export function isPlain(record: MbusRecord): boolean {
  return record.vib
    .slice(namingBytes(record.vib))
    .every((byte) => ((byte & 0x7f) >= 0x70 && (byte & 0x7f) <= 0x77) || (byte & 0x7f) === 0x7d);
}
