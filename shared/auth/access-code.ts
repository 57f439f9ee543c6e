/**
 * `access-code`: what a resident types to see their home, printed on a letter.
 *
 * Sixteen characters in four groups: the first is a public finder (20 bits, so that one hash is
 * checked and not five thousand), the other three are the secret (60 bits), of which only an
 * argon2id hash is kept. Must never be logged, nor stored in clear.
 */

/** Crockford's base 32: no I, L, O, U. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE = /^[0-9A-HJKMNP-TV-Z]{16}$/;
const FINDER_LENGTH = 4;
const CODE_LENGTH = 16;

export interface AccessCode {
  /** Four characters, not secret. */
  readonly finder: string;
  /** Twelve characters. */
  readonly secret: string;
}

/** A new code; `random` gives that many random bytes. */
export function newAccessCode(random: (size: number) => Uint8Array): AccessCode {
  let text = "";
  for (const byte of random(CODE_LENGTH)) text += ALPHABET[byte & 31];
  return { finder: text.slice(0, FINDER_LENGTH), secret: text.slice(FINDER_LENGTH) };
}

/** As printed: `K7QF-9M2X-TR4B-8HZC`. */
export function printAccessCode({ finder, secret }: AccessCode): string {
  return [finder, secret.slice(0, 4), secret.slice(4, 8), secret.slice(8)].join("-");
}

/** What was typed as a code: any case and grouping, I and L read as 1, O as 0; undefined when it cannot be one. */
export function parseAccessCode(typed: string): AccessCode | undefined {
  const text = typed
    .normalize("NFKC")
    .replaceAll(/[\s\u2010-\u2015_.-]/g, "")
    .toUpperCase()
    .replaceAll(/[IL]/g, "1")
    .replaceAll("O", "0");
  if (!CODE.test(text)) return undefined;
  return { finder: text.slice(0, FINDER_LENGTH), secret: text.slice(FINDER_LENGTH) };
}
