/**
 * `access-code`: how a code from a letter is typed, pasted and shown.
 *
 * Codes are 16 characters of Crockford's base 32: no I, L, O, U; what people type instead of a
 * digit is read as that digit. Must never keep a code anywhere.
 *
 * @see https://www.crockford.com/base32.html
 */
export const codeLength = 16;

/** The code's own characters in `typed`, upper case, without what separates them; at most 16. */
export function readCode(typed: string): string {
  return typed
    .toUpperCase()
    .replaceAll("O", "0")
    .replaceAll(/[IL]/g, "1")
    .replaceAll(/[^0-9A-HJKMNP-TV-Z]/g, "")
    .slice(0, codeLength);
}

/** In groups of four, as the letter shows it: `K7QF-9M2X-TR4B-8HZC`. */
export function groupCode(code: string): string {
  return (code.match(/.{1,4}/g) ?? []).join("-");
}

/** The code in a URL's fragment (`#code=…`), as a letter's QR carries it; empty when there is none. */
export function codeInFragment(fragment: string): string {
  return readCode(new URLSearchParams(fragment.replace(/^#/, "")).get("code") ?? "");
}

/** Where the caret belongs in the grouped text when `before` characters of the code stand left of it. */
export function caretAfter(before: number): number {
  return before + Math.max(0, Math.ceil(before / 4) - 1);
}
