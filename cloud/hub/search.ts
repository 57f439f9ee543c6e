/**
 * `search`: what somebody types, to be found in a thing's text: without marks and capitals, a phone
 * number, DevEUI or serial number however it is written.
 */

/** Small letters without their marks: "lopez" finds López, and "LÓPEZ" finds lopez. */
export function folded(text: string): string {
  return text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss");
}

/** A thing's text as a search looks through it, a line for each of its parts. */
export function searchText(parts: readonly (string | null | undefined)[]): string {
  return folded(parts.filter((part) => part !== undefined && part !== null).join("\n"));
}

/** The digits of a phone number as they stand in a search text; "" of none. */
export function phoneText(phone: string | null | undefined): string {
  return (phone ?? "").replaceAll("(0)", "").replaceAll(/\D/g, "").replace(/^00/, "");
}

/** Without what people put between the parts of a number. */
export const compact = (text: string) => text.replaceAll(/[\s:./()_-]/g, "");

/** Shorter ones are found by chance. */
const LEAST_DIGITS = 3;
const LEAST_HEX = 5;
const LEAST_NATIONAL = 5;

/** One word of a search, or all of it as one number. */
export type Wanted = (text: string) => boolean;

export interface Search {
  readonly words: readonly Wanted[];
  /** All that was typed, as one number written in parts. */
  readonly whole: Wanted;
}

/** Undefined where nothing was typed. */
export function searchFor(q: string | undefined): Search | undefined {
  const wanted = folded(q ?? "").trim();
  if (wanted === "") return undefined;
  const numbers = new Map([wanted, ...wanted.split(/\s+/)].map((one) => [one, numberIn(one)]));
  const words = wanted.split(/\s+/).map((word): Wanted => {
    const number = numbers.get(word);
    return (text) => text.includes(word) || number?.(text) === true;
  });
  return { words, whole: numbers.get(wanted) ?? (() => false) };
}

/** Whether each word stands somewhere, or all of it is a number that does. */
export const isFoundIn = (search: Search | undefined, text: string): boolean =>
  search === undefined || search.words.every((word) => word(text)) || search.whole(text);

/** A number however it is written; undefined when it is none. */
function numberIn(typed: string): Wanted | undefined {
  if (/^[+0-9\s()./-]+$/.test(typed)) {
    const digits = phoneText(typed);
    if (digits.length < LEAST_DIGITS) return undefined;
    const plain = compact(typed).replace("+", "");
    const isAbroad = /^\s*(\+|00)/.test(typed);
    // Somebody's number may be kept as it is dialled within their country.
    const national = isAbroad ? [1, 2, 3].map((code) => digits.slice(code)) : [];
    const kept = national.filter((rest) => rest.length >= LEAST_NATIONAL);
    const ways = [plain, digits, ...(isAbroad ? [] : [digits.replace(/^0/, "")])];
    const found = [...new Set(ways)].filter((way) => way.length >= LEAST_DIGITS);
    return (text) =>
      found.some((way) => text.includes(way)) ||
      kept.some((rest) => `\n${text}`.includes(`\n0${rest}`) || `\n${text}`.includes(`\n${rest}`));
  }
  const hex = compact(typed);
  if (!/^[0-9a-f]+$/.test(hex) && !/\d/.test(hex)) return undefined;
  return hex.length < LEAST_HEX || hex === typed ? undefined : (text) => text.includes(hex);
}
