/**
 * Enciphering and deciphering of FRMPayload (LoRaWAN 1.1 section 4.3.3) and, in 1.1, of FOpts
 * (section 4.3.1.6 with the erratum "FCntDwn usage in FOpts encryption").
 *
 * Both mix a key stream into the bytes, so doing it twice gives the bytes back. Neither proves
 * anything: check the MIC first.
 */
import { keyedAes, type AesKey } from "./aes.ts";
import { MAX_FCNT, byteArray, objectValue, wholeNumber } from "./argument.ts";
import { sameCounter } from "./data-mic.ts";
import { dataFrameOf, type Frame } from "./frame-of.ts";
import { writeId } from "./hex.ts";
import { LorawanError } from "./lorawan-error.ts";
import { MAX_PHY_LENGTH } from "./parse.ts";
import type { DataDown, DataUp, Direction } from "./phy.ts";

const BLOCK = 16;
/** The A blocks of the longest frame; 0x01 first and the block's number last never change. */
const blocks = Buffer.alloc(Math.ceil(MAX_PHY_LENGTH / BLOCK) * BLOCK);
for (let at = 0; at < blocks.length; at += BLOCK) {
  blocks[at] = 1;
  blocks[at + 15] = at / BLOCK + 1;
}
const views: readonly Uint8Array[] = Array.from({ length: blocks.length / BLOCK + 1 }, (_, count) =>
  blocks.subarray(0, count * BLOCK),
);
/** DevAddr as on air, for callers who give it as text. */
const address = new Uint8Array(4);

/**
 * Mixes `data` with the key stream, in its place. `use` is 0 for FRMPayload; for FOpts 1 with FCntUp or
 * NFCntDown, 2 with AFCntDown. DevAddr is read from `source` at `at`, as on air.
 */
function mix(
  key: AesKey,
  use: number,
  up: boolean,
  source: Uint8Array,
  at: number,
  fCnt: number,
  data: Uint8Array,
): Uint8Array {
  const aes = keyedAes(key);
  if (data.length === 0) return data;
  const count = Math.ceil(data.length / BLOCK);
  for (let index = 0, start = 0; index < count; index++, start += BLOCK) {
    blocks[start + 4] = use;
    blocks[start + 5] = up ? 0 : 1;
    blocks[start + 6] = source[at]!;
    blocks[start + 7] = source[at + 1]!;
    blocks[start + 8] = source[at + 2]!;
    blocks[start + 9] = source[at + 3]!;
    blocks[start + 10] = fCnt;
    blocks[start + 11] = fCnt >>> 8;
    blocks[start + 12] = fCnt >>> 16;
    blocks[start + 13] = fCnt >>> 24;
  }
  const stream = aes.encrypt(views[count]!);
  for (let index = 0; index < data.length; index++) data[index]! ^= stream[index]!;
  return data;
}

/** The keys a payload may need: which one, the port says. */
export interface PayloadKeys {
  /** Ports 1..255. */
  appSKey?: AesKey | undefined;
  /** Port 0 in 1.0.x. */
  nwkSKey?: AesKey | undefined;
  /** Port 0 in 1.1; taken before `nwkSKey`. */
  nwkSEncKey?: AesKey | undefined;
}

/** The key of a port. @throws {LorawanError} `missing_key` */
export function payloadKey(keys: PayloadKeys, fPort: number): AesKey {
  objectValue(keys, "keys");
  const key = fPort === 0 ? (keys.nwkSEncKey ?? keys.nwkSKey) : keys.appSKey;
  if (key === undefined) {
    throw new LorawanError(
      "missing_key",
      fPort === 0 ? "nwkSEncKey or nwkSKey is needed" : "appSKey is needed",
    );
  }
  return key;
}

/**
 * The plain FRMPayload of a data frame, fresh; empty when the frame has none.
 *
 * @param options.fCnt the whole 32-bit counter
 * @param options.keys the port chooses among them; or give one `key` for whatever port
 * @throws {LorawanError} what `parse` throws, `missing_key`, `fcnt_mismatch`, and codes about the arguments
 */
export function decryptFrmPayload(
  frame: Frame<DataUp | DataDown>,
  options: { fCnt: number } & ({ keys: PayloadKeys } | { key: AesKey }),
): Uint8Array {
  const { bytes } = dataFrameOf(frame);
  const { fCnt, key } = objectValue(options, "options") as { fCnt: number; key?: AesKey };
  sameCounter(bytes, wholeNumber(fCnt, 0, MAX_FCNT, "fCnt"));
  const portAt = portPlace(bytes);
  const micAt = bytes.length - 4;
  if (portAt + 1 >= micAt) return new Uint8Array(0);
  const needed = key ?? payloadKey((options as { keys: PayloadKeys }).keys, bytes[portAt]!);
  return mix(needed, 0, isUp(bytes), bytes, 1, fCnt, copyOf(bytes, portAt + 1, micAt));
}

/**
 * The plain FOpts of a 1.1 data frame, fresh. (In 1.0.x FOpts travel in the clear.)
 *
 * @param options.fCnt the whole 32-bit counter: FCntUp, or the one `downlinkCounter` names
 * @throws {LorawanError} what `parse` throws, `fcnt_mismatch`, and codes about the arguments
 */
export function decryptFOpts(
  frame: Frame<DataUp | DataDown>,
  options: { nwkSEncKey: AesKey; fCnt: number },
): Uint8Array {
  const { bytes } = dataFrameOf(frame);
  const { fCnt, nwkSEncKey } = objectValue(options, "options");
  sameCounter(bytes, wholeNumber(fCnt, 0, MAX_FCNT, "fCnt"));
  const up = isUp(bytes);
  const portAt = portPlace(bytes);
  const fPort = portAt < bytes.length - 4 ? bytes[portAt] : undefined;
  return mix(nwkSEncKey, fOptsUse(up, fPort), up, bytes, 1, fCnt, copyOf(bytes, 8, portAt));
}

/** A plain copy: `slice` would give no copy of a Buffer, and species of anything else. */
function copyOf(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const copy = new Uint8Array(to - from);
  for (let index = 0; index < copy.length; index++) copy[index] = bytes[from + index]!;
  return copy;
}

/** Where FPort stands in a data frame, or the MIC when there is none. */
function portPlace(bytes: Uint8Array): number {
  return 8 + (bytes[5]! & 0x0f);
}

/** The lowest bit of a data frame's type is its direction. */
function isUp(bytes: Uint8Array): boolean {
  return (bytes[0]! & 0x20) === 0;
}

/** The byte the erratum put into the A block of FOpts. */
function fOptsUse(up: boolean, fPort: number | undefined): 1 | 2 {
  return !up && fPort !== undefined && fPort > 0 ? 2 : 1;
}

/** What the key stream depends on, besides the key. */
export interface CipherPlace {
  /** 8 hex digits. */
  devAddr: string;
  direction: Direction;
  /** The whole 32-bit counter. */
  fCnt: number;
}

/**
 * Enciphers or deciphers the bytes of an FRMPayload without a frame around them.
 *
 * @throws {LorawanError} `too_long` above 255 bytes, and codes about the arguments
 */
export function cryptFrmPayload(key: AesKey, place: CipherPlace, data: Uint8Array): Uint8Array {
  return cryptAt(key, 0, place, data, MAX_PHY_LENGTH);
}

/**
 * Enciphers or deciphers the bytes of a 1.1 FOpts field without a frame around them. The port of
 * the frame decides which downlink counter it runs with, and enters the key stream.
 *
 * @throws {LorawanError} `too_long` above 15 bytes, and codes about the arguments
 */
export function cryptFOpts(
  nwkSEncKey: AesKey,
  place: CipherPlace & { fPort?: number | undefined },
  data: Uint8Array,
): Uint8Array {
  const use = fOptsUse(objectValue(place, "place").direction === "up", place.fPort);
  return cryptAt(nwkSEncKey, use, place, data, 15);
}

function cryptAt(
  key: AesKey,
  use: number,
  place: CipherPlace,
  data: Uint8Array,
  longest: number,
): Uint8Array {
  objectValue(place, "place");
  if (place.direction !== "up" && place.direction !== "down") {
    throw new LorawanError("bad_argument", 'direction must be "up" or "down"');
  }
  if (byteArray(data, "data").length > longest)
    throw new LorawanError("too_long", `${data.length} bytes, at most ${longest}`);
  const fCnt = wholeNumber(place.fCnt, 0, MAX_FCNT, "fCnt");
  writeId(address, 0, 4, place.devAddr, "devAddr");
  return mix(key, use, place.direction === "up", address, 0, fCnt, new Uint8Array(data));
}
