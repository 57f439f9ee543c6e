/**
 * `bits`: whole numbers of any width out of a payload that is packed by bits, highest bit first.
 */
import { ByteReader } from "./byte-reader.ts";

/**
 * The `width` bits (at most 32) from bit `from` on, 0 being the highest of the first byte.
 *
 * @throws Fault "invalid" when the payload ends before
 */
export function bits(payload: Uint8Array, from: number, width: number): number {
  if (from + width > payload.length * 8)
    new ByteReader(payload).fail(`ends where bit ${from + width} is due`);
  let n = 0;
  for (let at = from; at < from + width; at++)
    n = n * 2 + (((payload[at >> 3] ?? 0) >> (7 - (at & 7))) & 1);
  return n;
}
