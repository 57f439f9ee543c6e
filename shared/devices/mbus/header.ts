/**
 * `header`: the transport layer in front of the records: which meter, and whether it is encrypted.
 *
 * @see EN 13757-7:2018, clause 7; OMS Specification Volume 2, "Transport layer"
 */
import type { ByteReader } from "../byte-reader.ts";

export interface MbusHeader {
  /** As printed, eight digits, or null where the header has none. */
  readonly serial: number | null;
  /** EN 13757-3 table of device types: 2 electricity, 3 gas, 4 and 12 heat, 6 warm, 7 water, 22 cold; null = unknown. */
  readonly deviceType: number | null;
  /**
   * The meter's status byte, or null: bits 0 and 1 its application's errors, 2 power low, 3 a lasting and 4 a
   * passing error, 5 to 7 the maker's (EN 13757-7, 7.5.6).
   */
  readonly status: number | null;
}

const LONG = 0x72;
const SHORT = 0x7a;
const NONE = 0x78;
const SECURITY = 0x1f00;

function checkPlain(reader: ByteReader): void {
  if (reader.u16le() & SECURITY) reader.fail("is encrypted by the meter itself");
}

function serialOf(reader: ByteReader): number | null {
  const digits = [...reader.bytes(4)]
    .reverse()
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  return /^\d+$/.test(digits) ? Number(digits) : null;
}

/**
 * Reads the header, leaving `reader` at the first record.
 *
 * @throws Fault "invalid" for other messages, and for encrypted ones
 */
export function readHeader(reader: ByteReader): MbusHeader {
  const control = reader.u8();
  if (control === NONE) return { serial: null, deviceType: null, status: null };
  if (control === SHORT) {
    reader.skip(1); // access number
    const status = reader.u8();
    checkPlain(reader);
    return { serial: null, deviceType: null, status };
  }
  if (control !== LONG)
    return reader.fail(`begins with ${control.toString(16)}, which is no M-Bus message`);
  const serial = serialOf(reader);
  reader.skip(3); // maker, version
  const deviceType = reader.u8();
  reader.skip(1);
  const status = reader.u8();
  checkPlain(reader);
  return { serial, deviceType, status };
}
