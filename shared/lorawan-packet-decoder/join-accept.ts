/**
 * Join accepts: decipher, check, build. LoRaWAN 1.0.4 section 6.2.3, LoRaWAN 1.1 section 6.2.3.
 *
 * The network *de*ciphers to hide and the device *en*ciphers to read, so that a device needs AES in
 * one direction only.
 */
import { keyedAes, type AesKey } from "./aes.ts";
import { byteArray, objectValue, wholeNumber } from "./argument.ts";
import { cmac32, micOf, writeMic } from "./cmac.ts";
import { frameOf, type Frame } from "./frame-of.ts";
import { idText, writeId } from "./hex.ts";
import { LorawanError } from "./lorawan-error.ts";
import type { JoinAccept } from "./phy.ts";
import { writeJoinNonce, type JoinNonce } from "./session-keys.ts";

/** A join accept in the clear. */
export interface PlainJoinAccept {
  /** 6 hex digits; called AppNonce in 1.0.x. */
  joinNonce: string;
  /** 6 hex digits. */
  netId: string;
  /** 8 hex digits. */
  devAddr: string;
  /** The byte as it is: OptNeg, RX1DRoffset, RX2DataRate. */
  dlSettings: number;
  /** Whether the network speaks 1.1 with this device. Reserved, and 0, in 1.0.x. */
  optNeg: boolean;
  /** 0..7. */
  rx1DrOffset: number;
  /** 0..15. */
  rx2DataRate: number;
  /** Seconds between an uplink and RX1, 0..15; 0 means 1. */
  rxDelay: number;
  /** 16 bytes, see `parseCfList`; absent when the frame has none. */
  cfList: Uint8Array | undefined;
  /** 4 bytes. */
  mic: Uint8Array;
  /** The whole frame in the clear, MIC included. */
  bytes: Uint8Array;
}

/** What was asked: the first byte under a 1.1 MIC. LoRaWAN 1.1 section 6.2.3. */
export const JOIN_REQ_TYPE = { rejoin0: 0x00, rejoin1: 0x01, rejoin2: 0x02, join: 0xff } as const;

/** What the MIC of a 1.1 join accept (OptNeg 1) depends on, besides the frame. */
export interface JoinAcceptContext {
  jsIntKey: AesKey;
  /** 16 hex digits. */
  joinEui: string;
  /** DevNonce of the join request, or RJcount of the rejoin request: 0..65535. */
  devNonce: number;
  /** See {@link JOIN_REQ_TYPE}; default 0xff, an answer to a join request. */
  joinReqType?: number | undefined;
}

/**
 * A join accept in the clear. Its MIC is not checked here: see {@link verifyJoinAcceptMic}.
 *
 * @param key AppKey in 1.0.x; in 1.1 NwkKey after a join request, JSEncKey after a rejoin request
 * @throws {LorawanError} what `parse` throws, `wrong_frame`, `bad_key`
 */
export function decryptJoinAccept(frame: Frame<JoinAccept>, key: AesKey): PlainJoinAccept {
  const phy = frameOf(frame, "joinAccept");
  const bytes = new Uint8Array(phy.bytes);
  bytes.set(keyedAes(key).encrypt(bytes.slice(1)), 1);
  const dlSettings = bytes[11]!;
  return {
    joinNonce: idText(bytes, 1, 3),
    netId: idText(bytes, 4, 3),
    devAddr: idText(bytes, 7, 4),
    dlSettings,
    optNeg: (dlSettings & 0x80) !== 0,
    rx1DrOffset: (dlSettings >> 4) & 0x07,
    rx2DataRate: dlSettings & 0x0f,
    rxDelay: bytes[12]! & 0x0f,
    cfList: bytes.length === 33 ? bytes.slice(13, 29) : undefined,
    mic: bytes.slice(-4),
    bytes,
  };
}

/**
 * Whether the MIC of a deciphered join accept is right. OptNeg in the frame says which form it has.
 *
 * @param keys `key` (AppKey in 1.0.x, NwkKey in 1.1) for OptNeg 0; the rest for OptNeg 1
 * @throws {LorawanError} `missing_key` when the form's own key is not given, and codes about the arguments
 */
export function verifyJoinAcceptMic(
  accept: Pick<PlainJoinAccept, "bytes">,
  keys: { key?: AesKey | undefined } & Partial<JoinAcceptContext>,
): boolean {
  const bytes = byteArray(objectValue(accept, "accept").bytes, "accept.bytes");
  if (bytes.length !== 17 && bytes.length !== 33)
    throw new LorawanError("bad_length", "not a join accept");
  return (joinAcceptMic(bytes, objectValue(keys, "keys")) ^ micOf(bytes)) === 0;
}

function joinAcceptMic(
  bytes: Uint8Array,
  keys: { key?: AesKey | undefined } & Partial<JoinAcceptContext>,
): number {
  const length = bytes.length - 4;
  if ((bytes[11]! & 0x80) === 0) {
    if (keys.key === undefined)
      throw new LorawanError("missing_key", "the AppKey or NwkKey is needed with OptNeg 0");
    return cmac32(keys.key, bytes, length);
  }
  const { jsIntKey, joinEui, devNonce, joinReqType = JOIN_REQ_TYPE.join } = keys;
  if (jsIntKey === undefined || joinEui === undefined || devNonce === undefined) {
    throw new LorawanError(
      "missing_key",
      "jsIntKey, joinEui and devNonce are needed with OptNeg 1",
    );
  }
  const before = new Uint8Array(11);
  before[0] = wholeNumber(joinReqType, 0, 0xff, "joinReqType");
  writeId(before, 1, 8, joinEui, "joinEui");
  before[9] = wholeNumber(devNonce, 0, 0xffff, "devNonce");
  before[10] = devNonce >>> 8;
  return cmac32(jsIntKey, bytes, length, before);
}

/** What a join accept says, and the keys to sign and hide it with. */
export interface JoinAcceptFields extends Partial<JoinAcceptContext> {
  joinNonce: JoinNonce;
  /** 6 hex digits. */
  netId: string;
  /** 8 hex digits. */
  devAddr: string;
  /** True for a 1.1 network: then `jsIntKey`, `joinEui` and `devNonce` are needed. Default false. */
  optNeg?: boolean | undefined;
  /** 0..7, default 0. */
  rx1DrOffset?: number | undefined;
  /** 0..15, default 0. */
  rx2DataRate?: number | undefined;
  /** Seconds, 0..15; 0 means 1. Default 0. */
  rxDelay?: number | undefined;
  /** 16 bytes, see `buildCfList`. */
  cfList?: Uint8Array | undefined;
  /** AppKey in 1.0.x; in 1.1 NwkKey after a join request, JSEncKey after a rejoin request. */
  key: AesKey;
}

/**
 * A signed and enciphered join accept.
 *
 * @throws {LorawanError} `bad_cf_list`, `missing_key`, and codes about the arguments
 */
export function buildJoinAccept(fields: JoinAcceptFields): Uint8Array {
  const { cfList } = objectValue(fields, "fields");
  if (cfList !== undefined && byteArray(cfList, "cfList").length !== 16) {
    throw new LorawanError("bad_cf_list", `a channel list of ${cfList.length} bytes; it has 16`);
  }
  const bytes = new Uint8Array(cfList === undefined ? 17 : 33);
  bytes[0] = 0x20;
  writeJoinNonce(bytes, 1, fields.joinNonce);
  writeId(bytes, 4, 3, fields.netId, "netId");
  writeId(bytes, 7, 4, fields.devAddr, "devAddr");
  const rx1DrOffset = wholeNumber(fields.rx1DrOffset ?? 0, 0, 7, "rx1DrOffset");
  const rx2DataRate = wholeNumber(fields.rx2DataRate ?? 0, 0, 15, "rx2DataRate");
  bytes[11] = (fields.optNeg === true ? 0x80 : 0) | (rx1DrOffset << 4) | rx2DataRate;
  bytes[12] = wholeNumber(fields.rxDelay ?? 0, 0, 15, "rxDelay");
  if (cfList !== undefined) bytes.set(cfList, 13);
  writeMic(bytes, joinAcceptMic(bytes, fields));
  bytes.set(keyedAes(fields.key).decrypt(bytes.slice(1)), 1);
  return bytes;
}
