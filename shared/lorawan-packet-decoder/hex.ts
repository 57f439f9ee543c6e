/**
 * Identifiers between text and air.
 *
 * In text an identifier is lower-case hex with its most significant byte first; on air it travels
 * least significant byte first. This file alone turns it round.
 */
import { LorawanError } from "./lorawan-error.ts";

const pairs: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, "0"),
);

/** `length` bytes from `offset`, turned round: the text of an EUI, NetID, JoinNonce or DevAddr. */
export function idText(bytes: Uint8Array, offset: number, length: number): string {
  let text = "";
  for (let index = offset + length - 1; index >= offset; index--) text += pairs[bytes[index]!]!;
  return text;
}

/**
 * Writes the identifier `text` turned round at `offset`.
 *
 * @throws {LorawanError} `bad_hex` when it is not `length` bytes of hex digits (either case).
 */
export function writeId(
  target: Uint8Array,
  offset: number,
  length: number,
  text: string,
  name: string,
): void {
  if (typeof text !== "string" || text.length !== 2 * length || !/^[0-9a-f]*$/i.test(text)) {
    throw new LorawanError("bad_hex", `${name} must be ${2 * length} hex digits`);
  }
  for (let index = 0; index < length; index++) {
    target[offset + length - 1 - index] = Number.parseInt(text.slice(2 * index, 2 * index + 2), 16);
  }
}

/** Bytes as lower-case hex, in the order they stand. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (let index = 0; index < bytes.length; index++) text += pairs[bytes[index]!]!;
  return text;
}

/**
 * Hex digits (either case, an even number of them) as bytes, in the order they stand.
 *
 * @throws {LorawanError} `bad_hex`: unlike `Buffer.from`, nothing is silently cut off.
 */
export function fromHex(text: string): Uint8Array {
  if (typeof text !== "string" || text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) {
    throw new LorawanError("bad_hex", "not an even number of hex digits");
  }
  const bytes = new Uint8Array(text.length / 2);
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = Number.parseInt(text.slice(2 * index, 2 * index + 2), 16);
  }
  return bytes;
}
