/**
 * AES-128 with the ciphers of `node:crypto` kept and used again.
 *
 * Making a cipher object costs several times what enciphering a frame does, and a gateway meets the
 * same keys all day. So each key keeps one ECB and one CBC object, made when first needed, in a
 * bounded store. Every call is synchronous from filling the buffer to reading the result, so
 * sharing them is safe. Key material never leaves this file, not in an error either.
 */
import { createCipheriv, createDecipheriv, type Cipher } from "node:crypto";
import { LorawanError } from "./lorawan-error.ts";
import { fromHex, toHex } from "./hex.ts";

/** An AES-128 key: 32 hex digits (either case), or 16 bytes. */
export type AesKey = string | Uint8Array;

const BLOCK = 16;

/** Whole blocks as bytes and, for mixing four bytes at a time, as words of the machine's own order. */
export interface BlockRoom {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
}

/** Room for `count` blocks, in `buffer` if given. Not on V8's own heap, where native calls would have to move it first. */
export function blockRoom(
  count: number,
  buffer: ArrayBuffer = new ArrayBuffer(count * BLOCK),
): BlockRoom {
  return {
    bytes: new Uint8Array(buffer, 0, count * BLOCK),
    words: new Int32Array(buffer, 0, count * 4),
  };
}

/** The last block of the last CBC-MAC, and one block to make subkeys in. */
const lastBlock = blockRoom(1);
const spare = blockRoom(1);

/** One key with its ciphers. Internal: the package's functions take an {@link AesKey}. */
export class KeyedAes {
  readonly #key: Uint8Array;
  #ecb: Cipher | undefined;
  #cbc: Cipher | undefined;
  /** What CBC will mix into the next block: its IV at first, then the last block it gave. */
  readonly #chain = new Int32Array(4);
  /** Four words for a message of whole blocks, then four for one that is padded. */
  #subkeys: Int32Array | undefined;

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  /** Enciphers whole blocks, each on its own (ECB). The result is fresh. */
  encrypt(blocks: Uint8Array): Uint8Array {
    if (this.#ecb === undefined) {
      this.#ecb = createCipheriv("aes-128-ecb", this.#key, null);
      this.#ecb.setAutoPadding(false);
    }
    return this.#ecb.update(blocks);
  }

  /** Deciphers whole blocks, each on its own (ECB). Rare (join accepts), so nothing is kept. */
  decrypt(blocks: Uint8Array): Uint8Array {
    const decipher = createDecipheriv("aes-128-ecb", this.#key, null);
    decipher.setAutoPadding(false);
    return decipher.update(blocks);
  }

  /**
   * CBC-MAC with a zero IV over all of `room` in one native call.
   *
   * A CBC cipher that has been used goes on from its last block; mixing that block into the first
   * one beforehand takes it out again, which is the same as starting at zero.
   */
  #cbcMac(room: BlockRoom): void {
    if (this.#cbc === undefined) {
      this.#cbc = createCipheriv("aes-128-cbc", this.#key, new Uint8Array(BLOCK));
      this.#cbc.setAutoPadding(false);
    }
    const { words, bytes } = room;
    const chain = this.#chain;
    for (let index = 0; index < 4; index++) words[index]! ^= chain[index]!;
    const out = this.#cbc.update(bytes);
    const last = out.length - BLOCK;
    for (let index = 0; index < BLOCK; index++) lastBlock.bytes[index] = out[last + index]!;
    for (let index = 0; index < 4; index++) chain[index] = lastBlock.words[index]!;
  }

  /**
   * AES-CMAC (RFC 4493) of the first `length` bytes of `room`, which ends with the block they end
   * in, and is used as working room.
   *
   * @returns the 16-byte tag; it stands until the next call, on whatever key.
   */
  cmac(room: BlockRoom, length: number): Uint8Array {
    const subkeys = (this.#subkeys ??= this.#makeSubkeys());
    const { bytes, words } = room;
    const size = bytes.length;
    if (size !== length) {
      bytes[length] = 0x80;
      for (let index = length + 1; index < size; index++) bytes[index] = 0;
    }
    const subkey = size === length ? 0 : 4;
    const last = words.length - 4;
    for (let index = 0; index < 4; index++) words[last + index]! ^= subkeys[subkey + index]!;
    this.#cbcMac(room);
    return lastBlock.bytes;
  }

  #makeSubkeys(): Int32Array {
    const subkeys = new Int32Array(8);
    spare.words.fill(0);
    this.#cbcMac(spare);
    spare.words.set(lastBlock.words);
    double(spare.bytes);
    subkeys.set(spare.words);
    double(spare.bytes);
    subkeys.set(spare.words, 4);
    return subkeys;
  }
}

/** Multiplies a block by x in GF(2^128), in its place. RFC 4493 section 2.3. */
function double(block: Uint8Array): void {
  const carry = block[0]! & 0x80;
  for (let index = 0; index < BLOCK; index++) {
    block[index] = (block[index]! << 1) | ((block[index + 1] ?? 0) >> 7);
  }
  if (carry !== 0) block[BLOCK - 1]! ^= 0x87;
}

/**
 * Keys in one generation. At most twice as many are kept (about 2 kB each): what was not used
 * during a whole generation is dropped, so that many devices do not take memory without bound.
 */
export const KEYS_PER_GENERATION = 4096;

let young = new Map<string, KeyedAes>();
let old = new Map<string, KeyedAes>();

/**
 * The ciphers of a key, from the store or new.
 *
 * @throws {LorawanError} `bad_key`
 */
export function keyedAes(key: AesKey): KeyedAes {
  const name =
    typeof key === "string"
      ? key
      : key instanceof Uint8Array && key.length === BLOCK
        ? toHex(key)
        : undefined;
  const known = name === undefined ? undefined : young.get(name);
  if (known !== undefined) return known;
  if (name === undefined || !/^[0-9a-f]{32}$/i.test(name)) {
    throw new LorawanError("bad_key", "a key must be 32 hex digits or 16 bytes");
  }
  const kept = old.get(name) ?? new KeyedAes(fromHex(name));
  if (young.size >= KEYS_PER_GENERATION) {
    old = young;
    young = new Map();
  }
  young.set(name, kept);
  return kept;
}

/** How many keys are kept now: at most `2 * KEYS_PER_GENERATION`. */
export function keptKeys(): number {
  let count = young.size;
  for (const name of old.keys()) if (!young.has(name)) count++;
  return count;
}

/** Forgets every key kept. They come back as they are used. */
export function forgetKeys(): void {
  young = new Map();
  old = new Map();
}
