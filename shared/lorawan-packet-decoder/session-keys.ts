/**
 * Session keys from root keys. LoRaWAN 1.0.4 section 6.2.3, LoRaWAN 1.1 sections 6.1.1 and 6.2.5.
 *
 * Keys come out as 32 lower-case hex digits.
 */
import { keyedAes, type AesKey } from "./aes.ts";
import { objectValue, wholeNumber } from "./argument.ts";
import { toHex, writeId } from "./hex.ts";

/** A join nonce (AppNonce in 1.0.x): 6 hex digits, or its number. */
export type JoinNonce = string | number;

/** Writes a join nonce as on air. */
export function writeJoinNonce(target: Uint8Array, offset: number, nonce: JoinNonce): void {
  const text =
    typeof nonce === "number"
      ? wholeNumber(nonce, 0, 0xffffff, "joinNonce").toString(16).padStart(6, "0")
      : nonce;
  writeId(target, offset, 3, text, "joinNonce");
}

function derive(root: AesKey, kind: number, fill: (block: Uint8Array) => void): string {
  const block = new Uint8Array(16);
  block[0] = kind;
  fill(block);
  return toHex(keyedAes(root).encrypt(block));
}

function writeNonce(block: Uint8Array, offset: number, devNonce: number): void {
  wholeNumber(devNonce, 0, 0xffff, "devNonce");
  block[offset] = devNonce;
  block[offset + 1] = devNonce >>> 8;
}

/**
 * The session keys of 1.0.x. A 1.1 device on a 1.0.x network (OptNeg 0) has the same, made from its
 * NwkKey.
 *
 * @param fields.netId 6 hex digits
 * @param fields.devNonce 0..65535
 * @throws {LorawanError} codes about the arguments
 */
export function deriveSessionKeys10(fields: {
  appKey: AesKey;
  joinNonce: JoinNonce;
  netId: string;
  devNonce: number;
}): { nwkSKey: string; appSKey: string } {
  objectValue(fields, "fields");
  const fill = (block: Uint8Array): void => {
    writeJoinNonce(block, 1, fields.joinNonce);
    writeId(block, 4, 3, fields.netId, "netId");
    writeNonce(block, 7, fields.devNonce);
  };
  return { nwkSKey: derive(fields.appKey, 0x01, fill), appSKey: derive(fields.appKey, 0x02, fill) };
}

/**
 * The session keys of 1.1 (OptNeg 1).
 *
 * @param fields.joinEui 16 hex digits
 * @param fields.devNonce 0..65535: DevNonce, or after a rejoin request its RJcount
 * @throws {LorawanError} codes about the arguments
 */
export function deriveSessionKeys11(fields: {
  nwkKey: AesKey;
  appKey: AesKey;
  joinNonce: JoinNonce;
  joinEui: string;
  devNonce: number;
}): { fNwkSIntKey: string; sNwkSIntKey: string; nwkSEncKey: string; appSKey: string } {
  objectValue(fields, "fields");
  const fill = (block: Uint8Array): void => {
    writeJoinNonce(block, 1, fields.joinNonce);
    writeId(block, 4, 8, fields.joinEui, "joinEui");
    writeNonce(block, 12, fields.devNonce);
  };
  return {
    fNwkSIntKey: derive(fields.nwkKey, 0x01, fill),
    appSKey: derive(fields.appKey, 0x02, fill),
    sNwkSIntKey: derive(fields.nwkKey, 0x03, fill),
    nwkSEncKey: derive(fields.nwkKey, 0x04, fill),
  };
}

/**
 * The two keys a join server keeps for the life of a 1.1 device.
 *
 * @param devEui 16 hex digits
 * @throws {LorawanError} codes about the arguments
 */
export function deriveJoinServerKeys(
  nwkKey: AesKey,
  devEui: string,
): { jsEncKey: string; jsIntKey: string } {
  const fill = (block: Uint8Array): void => writeId(block, 1, 8, devEui, "devEui");
  return { jsEncKey: derive(nwkKey, 0x05, fill), jsIntKey: derive(nwkKey, 0x06, fill) };
}
