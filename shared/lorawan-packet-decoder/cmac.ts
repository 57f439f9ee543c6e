/** AES-CMAC (RFC 4493) in the two forms LoRaWAN wants: the whole tag, and its first four bytes. */
import { blockRoom, keyedAes, type AesKey, type BlockRoom } from "./aes.ts";
import { byteArray } from "./argument.ts";

const BLOCK = 16;
/** A B block, or the 11 bytes before a join accept, and 251 bytes of frame, up to the next whole block. */
const MOST_BLOCKS = 17;
const shared = new ArrayBuffer(MOST_BLOCKS * BLOCK);
const rooms: readonly BlockRoom[] = Array.from({ length: MOST_BLOCKS + 1 }, (_, count) =>
  blockRoom(count, shared),
);
const empty = new Uint8Array(0);

/** The blocks that `length` bytes are padded to; CMAC has one even for none. */
function blocksFor(length: number): number {
  return Math.max(1, (length + BLOCK - 1) >> 4);
}

/**
 * The 16-byte AES-CMAC of `message`, of any length.
 *
 * @throws {LorawanError} `bad_key`, `bad_argument`
 */
export function aesCmac(key: AesKey, message: Uint8Array): Uint8Array {
  byteArray(message, "message");
  const room = blockRoom(blocksFor(message.length));
  room.bytes.set(message);
  return new Uint8Array(keyedAes(key).cmac(room, message.length));
}

/**
 * The first four bytes of the CMAC over `before` and the first `length` bytes of `message`, as a
 * little-endian signed 32-bit number: comparing two of them takes the same time wherever they differ.
 */
export function cmac32(
  key: AesKey,
  message: Uint8Array,
  length: number,
  before: Uint8Array = empty,
): number {
  const total = before.length + length;
  const aes = keyedAes(key);
  const room = rooms[blocksFor(total)]!;
  const { bytes } = room;
  const start = before.length;
  for (let index = 0; index < start; index++) bytes[index] = before[index]!;
  for (let index = 0; index < length; index++) bytes[start + index] = message[index]!;
  const tag = aes.cmac(room, total);
  return tag[0]! | (tag[1]! << 8) | (tag[2]! << 16) | (tag[3]! << 24);
}

/** The last four bytes of a frame as {@link cmac32} gives them. */
export function micOf(bytes: Uint8Array): number {
  const at = bytes.length - 4;
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** Puts a MIC in the last four bytes of a frame that is being built. */
export function writeMic(bytes: Uint8Array, mic: number): void {
  const at = bytes.length - 4;
  for (let index = 0; index < 4; index++) bytes[at + index] = mic >>> (8 * index);
}
