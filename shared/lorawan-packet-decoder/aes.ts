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
import { toHex } from "./hex.ts";

/** An AES-128 key: 32 hex digits (either case), or 16 bytes. */
export type AesKey = string | Uint8Array;

const BLOCK = 16;

/** One key with its ciphers. Internal: the package's functions take an {@link AesKey}. */
export class KeyedAes {
  readonly #key: Uint8Array;
  #ecb: Cipher | undefined;
  #cbc: Cipher | undefined;
  /** What CBC will mix into the next block: its IV at first, then the last block it gave. */
  readonly #chain = new Uint8Array(BLOCK);
  #subkeys: readonly [whole: Uint8Array, padded: Uint8Array] | undefined;

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
   * CBC-MAC with a zero IV over whole blocks in one native call. `blocks` is used as working room.
   *
   * A CBC cipher that has been used goes on from its last block; mixing that block into the first
   * one beforehand takes it out again, which is the same as starting at zero.
   *
   * @returns the last block; it stands until the next call on this key.
   */
  #cbcMac(blocks: Uint8Array): Uint8Array {
    if (this.#cbc === undefined) {
      this.#cbc = createCipheriv("aes-128-cbc", this.#key, new Uint8Array(BLOCK));
      this.#cbc.setAutoPadding(false);
    }
    const chain = this.#chain;
    for (let index = 0; index < BLOCK; index++) blocks[index]! ^= chain[index]!;
    const out = this.#cbc.update(blocks);
    const last = out.length - BLOCK;
    for (let index = 0; index < BLOCK; index++) chain[index] = out[last + index]!;
    return chain;
  }

  /**
   * AES-CMAC (RFC 4493) of the first `length` bytes of `room`, which is used as working room and
   * must reach to the next whole block.
   *
   * @returns the 16-byte tag; it stands until the next call on this key.
   */
  cmac(room: Uint8Array, length: number): Uint8Array {
    const [whole, padded] = (this.#subkeys ??= this.#makeSubkeys());
    const size = length === 0 ? BLOCK : Math.ceil(length / BLOCK) * BLOCK;
    if (size !== length) {
      room[length] = 0x80;
      for (let index = length + 1; index < size; index++) room[index] = 0;
    }
    const subkey = size === length ? whole : padded;
    const last = size - BLOCK;
    for (let index = 0; index < BLOCK; index++) room[last + index]! ^= subkey[index]!;
    return this.#cbcMac(room.length === size ? room : room.subarray(0, size));
  }

  #makeSubkeys(): [Uint8Array, Uint8Array] {
    const whole = doubled(this.#cbcMac(new Uint8Array(BLOCK)));
    return [whole, doubled(whole)];
  }
}

/** Multiplication by x in GF(2^128), RFC 4493 section 2.3. */
function doubled(block: Uint8Array): Uint8Array {
  const result = new Uint8Array(BLOCK);
  for (let index = 0; index < BLOCK; index++) {
    result[index] = (block[index]! << 1) | ((block[index + 1] ?? 0) >> 7);
  }
  if (block[0]! & 0x80) result[BLOCK - 1]! ^= 0x87;
  return result;
}

/**
 * Keys in one generation. At most twice as many are kept (about 1 kB each): what was not used
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
  const name = typeof key === "string" ? key : key instanceof Uint8Array && key.length === BLOCK ? toHex(key) : undefined;
  const known = name === undefined ? undefined : young.get(name);
  if (known !== undefined) return known;
  if (name === undefined || !/^[0-9a-f]{32}$/i.test(name)) {
    throw new LorawanError("bad_key", "a key must be 32 hex digits or 16 bytes");
  }
  const kept = old.get(name) ?? new KeyedAes(Buffer.from(name, "hex"));
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
