/** Join requests: build, sign, check. LoRaWAN 1.1 section 6.2.2. */
import type { AesKey } from "./aes.ts";
import { objectValue, wholeNumber } from "./argument.ts";
import { cmac32, micOf, writeMic } from "./cmac.ts";
import { frameOf, type Frame } from "./frame-of.ts";
import { writeId } from "./hex.ts";
import type { JoinRequest } from "./phy.ts";

/**
 * Whether the holder of the key sent this join request.
 *
 * @param key AppKey in 1.0.x, NwkKey in 1.1
 * @throws {LorawanError} what `parse` throws, `wrong_frame`, `bad_key`; never for a wrong MIC
 */
export function verifyJoinRequestMic(frame: Frame<JoinRequest>, key: AesKey): boolean {
  const { bytes } = frameOf(frame, "joinRequest");
  return (cmac32(key, bytes, bytes.length - 4) ^ micOf(bytes)) === 0;
}

/**
 * A signed join request.
 *
 * @param fields.joinEui 16 hex digits (AppEUI in 1.0.x)
 * @param fields.devEui 16 hex digits
 * @param fields.devNonce 0..65535
 * @param fields.key AppKey in 1.0.x, NwkKey in 1.1
 * @throws {LorawanError} codes about the arguments
 */
export function buildJoinRequest(fields: {
  joinEui: string;
  devEui: string;
  devNonce: number;
  key: AesKey;
}): Uint8Array {
  objectValue(fields, "fields");
  const bytes = new Uint8Array(23);
  writeId(bytes, 1, 8, fields.joinEui, "joinEui");
  writeId(bytes, 9, 8, fields.devEui, "devEui");
  const devNonce = wholeNumber(fields.devNonce, 0, 0xffff, "devNonce");
  bytes[17] = devNonce;
  bytes[18] = devNonce >>> 8;
  writeMic(bytes, cmac32(fields.key, bytes, 19));
  return bytes;
}
