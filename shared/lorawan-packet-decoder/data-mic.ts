/**
 * The message integrity code of data frames, 1.0.x and 1.1. LoRaWAN 1.1 section 4.4.
 *
 * Works on the frame as it is on air. Whether a counter was seen before is the caller's to know.
 */
import type { AesKey } from "./aes.ts";
import { MAX_FCNT, objectValue, wholeNumber } from "./argument.ts";
import { cmac32, micOf, writeMic } from "./cmac.ts";
import { dataFrameOf, type Frame } from "./frame-of.ts";
import { LorawanError } from "./lorawan-error.ts";
import type { DataDown, DataUp } from "./phy.ts";

/** What the MIC of a data frame is made with. */
export type DataMicOptions = DataMicOptions10 | DataMicOptions11;

/** 1.0.x: one network session key, both directions. */
export interface DataMicOptions10 {
  version: "1.0";
  keys: { nwkSKey: AesKey };
  /** The whole 32-bit counter. */
  fCnt: number;
}

/** 1.1: two keys on uplinks, half of the MIC each; the serving one alone on downlinks. */
export interface DataMicOptions11 {
  version: "1.1";
  keys: {
    sNwkSIntKey: AesKey;
    /** Needed on uplinks. */
    fNwkSIntKey?: AesKey | undefined;
  };
  /** The whole 32-bit counter: FCntUp, or the downlink counter that {@link downlinkCounter} names. */
  fCnt: number;
  /**
   * The counter of the confirmed frame that this one acknowledges; its lower 16 bits count.
   * Taken as 0, whatever is given, when the ACK bit is not set. Default 0.
   */
  confFCnt?: number | undefined;
  /** Uplinks: data rate index the frame was sent with, 0..255. Default 0. */
  txDr?: number | undefined;
  /** Uplinks: channel index the frame was sent on, 0..255. Default 0. */
  txCh?: number | undefined;
}

const block = new Uint8Array(16);

/** Fills B0 (or B1: `head` holds ConfFCnt, TxDr and TxCh, least significant byte first). */
function fillBlock(bytes: Uint8Array, up: boolean, fCnt: number, head: number): void {
  block[0] = 0x49;
  block[1] = head;
  block[2] = head >>> 8;
  block[3] = head >>> 16;
  block[4] = head >>> 24;
  block[5] = up ? 0 : 1;
  block[6] = bytes[1]!;
  block[7] = bytes[2]!;
  block[8] = bytes[3]!;
  block[9] = bytes[4]!;
  block[10] = fCnt;
  block[11] = fCnt >>> 8;
  block[12] = fCnt >>> 16;
  block[13] = fCnt >>> 24;
  block[14] = 0;
  block[15] = bytes.length - 4;
}

/** The MIC of a whole frame whose last four bytes are, or will be, the MIC. */
function dataMic(bytes: Uint8Array, options: DataMicOptions): number {
  const up = (bytes[0]! & 0x20) === 0;
  const ack = (bytes[5]! & 0x20) !== 0;
  objectValue(options, "options");
  objectValue(options.keys, "keys");
  const fCnt = wholeNumber(options.fCnt, 0, MAX_FCNT, "fCnt");
  const length = bytes.length - 4;
  if (options.version === "1.0") {
    fillBlock(bytes, up, fCnt, 0);
    return cmac32(needed(options.keys.nwkSKey, "nwkSKey"), bytes, length, block);
  }
  if (options.version !== "1.1")
    throw new LorawanError("bad_argument", 'version must be "1.0" or "1.1"');
  const given = wholeNumber(options.confFCnt ?? 0, 0, MAX_FCNT, "confFCnt");
  const confFCnt = ack ? given & 0xffff : 0;
  const serving = needed(options.keys.sNwkSIntKey, "sNwkSIntKey");
  if (!up) {
    fillBlock(bytes, up, fCnt, confFCnt);
    return cmac32(serving, bytes, length, block);
  }
  const forwarding = needed(options.keys.fNwkSIntKey, "fNwkSIntKey");
  const txDr = wholeNumber(options.txDr ?? 0, 0, 0xff, "txDr");
  const txCh = wholeNumber(options.txCh ?? 0, 0, 0xff, "txCh");
  fillBlock(bytes, up, fCnt, confFCnt | (txDr << 16) | (txCh << 24));
  const first = cmac32(serving, bytes, length, block);
  fillBlock(bytes, up, fCnt, 0);
  const second = cmac32(forwarding, bytes, length, block);
  return (first & 0xffff) | (second << 16);
}

function needed(key: AesKey | undefined, name: string): AesKey {
  if (key === undefined) throw new LorawanError("missing_key", `${name} is needed`);
  return key;
}

/**
 * Whether a data frame is what the holder of the keys sent with this counter. False too when the
 * counter does not end in the frame's 16 bits. The comparison takes the same time in any case.
 *
 * @throws {LorawanError} what `parse` throws, and codes about the arguments; never for a wrong MIC
 */
export function verifyDataMic(frame: Frame<DataUp | DataDown>, options: DataMicOptions): boolean {
  const { bytes } = dataFrameOf(frame);
  const mic = dataMic(bytes, options);
  const sameCounter = (options.fCnt & 0xffff) === (bytes[6]! | (bytes[7]! << 8));
  return (mic ^ micOf(bytes)) === 0 && sameCounter;
}

/**
 * The 4 bytes that the MIC of a data frame should be, whatever its last four bytes are now.
 *
 * @throws {LorawanError} what `parse` throws, `fcnt_mismatch`, and codes about the arguments
 */
export function computeDataMic(
  frame: Frame<DataUp | DataDown>,
  options: DataMicOptions,
): Uint8Array {
  const { bytes } = dataFrameOf(frame);
  const mic = dataMic(bytes, options);
  sameCounter(bytes, options.fCnt);
  const result = new Uint8Array(4);
  writeMic(result, mic);
  return result;
}

/** @throws {LorawanError} `fcnt_mismatch` unless `fCnt` ends in the frame's 16 bits */
export function sameCounter(bytes: Uint8Array, fCnt: number): void {
  const fCnt16 = bytes[6]! | (bytes[7]! << 8);
  if ((fCnt & 0xffff) !== fCnt16) {
    throw new LorawanError(
      "fcnt_mismatch",
      `counter ${fCnt} does not end in the frame's ${fCnt16}`,
    );
  }
}

/**
 * Which of a 1.1 session's two downlink counters a downlink uses: `aFCntDown` with a port above 0,
 * else `nFCntDown`. (A 1.0.x session has one counter for both.) LoRaWAN 1.1 section 4.3.1.5.
 */
export function downlinkCounter(frame: Pick<DataDown, "fPort">): "aFCntDown" | "nFCntDown" {
  return frame.fPort !== undefined && frame.fPort > 0 ? "aFCntDown" : "nFCntDown";
}
