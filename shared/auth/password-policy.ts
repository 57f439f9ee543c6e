/**
 * `password-policy`: says why a password is too easy to guess. Length is the schema's business.
 *
 * A password that is a common one with digits around it, or the same one twice, is guessed first,
 * however long; so is one made of what everybody knows of its owner.
 */
import { dictionary } from "@zxcvbn-ts/language-common";

/** 49,000 that leaked, and what people in our four languages take beside those. */
const COMMON = new Set([
  ...dictionary["passwords-common"].map((text) => text.toLowerCase()),
  ...`passwort contrasena contraseña motdepasse qwertz qwertzuiop azertyuiop willkommen bienvenido
  bienvenue administrator administrador changeme geheim riser correcthorsebatterystaple`.split(
    /\s+/,
  ),
]);
/** Shorter words are in anybody's password. */
const LEAST = 4;

function isCommon(text: string): boolean {
  const letters = text.replaceAll(/[^\p{L}]/gu, "");
  return [text, letters].some((one) => one.length >= LEAST && COMMON.has(onceOf(one)));
}

/** `abcabc` is `abc`. */
function onceOf(text: string): string {
  const at = `${text}${text}`.indexOf(text, 1);
  return text.slice(0, at);
}

/** Whose password it is: what somebody tries first who knows them. */
export interface Whose {
  readonly email: string | null;
  /** First and last name, organizations. */
  readonly names: readonly string[];
}

/** A sentence that says what is wrong, or undefined when it will do. */
export function weakness(password: string, { email, names }: Whose): string | undefined {
  const lower = password.toLowerCase();
  if (new Set(lower).size < 5) return "The password repeats the same few characters.";
  const undone = lower.replaceAll("@", "a").replaceAll("0", "o").replaceAll("$", "s");
  if ([lower, undone].some(isCommon)) return "The password is a very common one.";
  if (isRun(lower)) return "The password is a row of neighbouring characters.";
  const name = email?.split("@")[0]?.toLowerCase() ?? "";
  if (name.length >= 4 && lower.includes(name)) return "The password contains the e-mail address.";
  const own = wordsOf([email ?? "", ...names]);
  if ([lower, undone].some((one) => isMadeOf(one, own)))
    return "The password is made of the person's name, their e-mail address or the organization's name.";
  return undefined;
}

/** Without marks: people leave them out of passwords, or put them in. */
const plain = (text: string) =>
  text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss");

/** Words of names and addresses, the longest first; shorter ones than three letters are in anything. */
function wordsOf(names: readonly string[]): string[] {
  const words = names.flatMap((name) => plain(name).split(/[^\p{L}]+/u));
  return [...new Set(words)].filter((word) => word.length >= 3).sort((a, b) => b.length - a.length);
}

/** A word of one's own may stand in it; what is left must be something by itself. */
const LEAST_LEFT = 5;

function isMadeOf(text: string, own: readonly string[]): boolean {
  const letters = plain(text).replaceAll(/[^\p{L}]/gu, "");
  let left = letters;
  for (const word of own) left = left.replaceAll(word, "");
  return left !== letters && (left.length < LEAST_LEFT || isCommon(left));
}

/** `123456789012`, `abcdefghijkl`: nearly every character follows the one before. */
function isRun(text: string): boolean {
  let neighbours = 0;
  for (let i = 1; i < text.length; i++)
    if (Math.abs(text.charCodeAt(i) - text.charCodeAt(i - 1)) <= 1) neighbours++;
  return neighbours >= (text.length - 1) * 0.8;
}
