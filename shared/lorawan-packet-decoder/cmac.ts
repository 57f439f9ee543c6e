/** AES-CMAC (RFC 4493) in the two forms LoRaWAN wants: the whole tag, and its first four bytes. */
import { keyedAes, type AesKey } from "./aes.ts";
import { byteArray } from "./argument.ts";

const BLOCK = 16;
/** A B block, 11 bytes before a join accept, 255 bytes of frame, up to the next whole block. */
const room = Buffer.alloc(288);
const views: readonly Uint8Array[] = Array.from({ length: room.length / BLOCK + 1 }, (_, blocks) =>
  room.subarray(0, blocks * BLOCK),
);
const empty = new Uint8Array(0);

/**
 * The 16-byte AES-CMAC of `message`, of any length.
 *
 * @throws {LorawanError} `bad_key`, `bad_argument`
 */
export function aesCmac(key: AesKey, message: Uint8Array): Uint8Array {
  byteArray(message, "message");
  const aes = keyedAes(key);
  const copy = new Uint8Array(Math.max(BLOCK, Math.ceil(message.length / BLOCK) * BLOCK));
  copy.set(message);
  return new Uint8Array(aes.cmac(copy, message.length));
}

/**
 * The first four bytes of the CMAC over `before` and the first `length` bytes of `message`, as a
 * little-endian signed 32-bit number: comparing two of them takes the same time wherever they differ.
 */
export function cmac32(key: AesKey, message: Uint8Array, length: number, before: Uint8Array = empty): number {
  const total = before.length + length;
  const aes = keyedAes(key);
  const start = before.length;
  for (let index = 0; index < start; index++) room[index] = before[index]!;
  for (let index = 0; index < length; index++) room[start + index] = message[index]!;
  const tag = aes.cmac(views[Math.max(1, Math.ceil(total / BLOCK))]!, total);
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
