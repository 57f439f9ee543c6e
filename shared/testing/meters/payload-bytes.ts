/**
 * `payload-bytes`: numbers as the bytes simulated meters send.
 */

/** What a device hands to its radio. */
export interface Frame {
  readonly fPort: number;
  readonly payload: Uint8Array;
}

/** A whole number in `size` bytes, lowest first; negative ones in two's complement. */
export function lowFirst(n: number, size: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(size * 8, BigInt(n));
  for (let i = 0; i < size; i++, rest >>= 8n) bytes.push(Number(rest & 0xffn));
  return bytes;
}

/**
 * Decimal digits, two a byte, lowest first, as a counter of that many digits shows them: it
 * begins anew after its last one.
 */
export function bcd(n: number, size: number): number[] {
  const digits = String(Math.trunc(n) % 10 ** (size * 2)).padStart(size * 2, "0");
  return Array.from({ length: size }, (_, i) =>
    Number.parseInt(digits.slice(digits.length - 2 * i - 2, digits.length - 2 * i), 16),
  );
}
