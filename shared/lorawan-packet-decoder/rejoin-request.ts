/** Rejoin requests of types 0, 1 and 2: build, sign, check. LoRaWAN 1.1 section 6.2.4. */
import type { AesKey } from "./aes.ts";
import { objectValue, wholeNumber } from "./argument.ts";
import { cmac32, micOf, writeMic } from "./cmac.ts";
import { frameOf, type Frame } from "./frame-of.ts";
import { writeId } from "./hex.ts";
import { LorawanError } from "./lorawan-error.ts";
import type { RejoinRequest } from "./phy.ts";

/**
 * Whether the holder of the key sent this rejoin request.
 *
 * @param key SNwkSIntKey for types 0 and 2, JSIntKey for type 1
 * @throws {LorawanError} what `parse` throws, `wrong_frame`, `bad_key`; never for a wrong MIC
 */
export function verifyRejoinRequestMic(frame: Frame<RejoinRequest>, key: AesKey): boolean {
  const { bytes } = frameOf(frame, "rejoinRequest");
  return (cmac32(key, bytes, bytes.length - 4) ^ micOf(bytes)) === 0;
}

/** What a rejoin request says: a NetID in types 0 and 2, a JoinEUI in type 1. */
export type RejoinRequestFields = {
  /** 16 hex digits. */
  devEui: string;
  /** RJcount0 or RJcount1, 0..65535. */
  rjCount: number;
  /** SNwkSIntKey for types 0 and 2, JSIntKey for type 1. */
  key: AesKey;
} & ({ rejoinType: 0 | 2; netId: string } | { rejoinType: 1; joinEui: string });

/**
 * A signed rejoin request.
 *
 * @throws {LorawanError} `bad_rejoin_type`, and codes about the arguments
 */
export function buildRejoinRequest(fields: RejoinRequestFields): Uint8Array {
  const { rejoinType } = objectValue(fields, "fields");
  if (rejoinType !== 0 && rejoinType !== 1 && rejoinType !== 2) {
    throw new LorawanError("bad_rejoin_type", "rejoinType must be 0, 1 or 2");
  }
  const idLength = rejoinType === 1 ? 8 : 3;
  const bytes = new Uint8Array(16 + idLength);
  bytes[0] = 0xc0;
  bytes[1] = rejoinType;
  if (fields.rejoinType === 1) writeId(bytes, 2, 8, fields.joinEui, "joinEui");
  else writeId(bytes, 2, 3, fields.netId, "netId");
  writeId(bytes, 2 + idLength, 8, fields.devEui, "devEui");
  const rjCount = wholeNumber(fields.rjCount, 0, 0xffff, "rjCount");
  bytes[10 + idLength] = rjCount;
  bytes[11 + idLength] = rjCount >>> 8;
  writeMic(bytes, cmac32(fields.key, bytes, bytes.length - 4));
  return bytes;
}
