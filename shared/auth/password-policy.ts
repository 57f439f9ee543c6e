/**
 * `password-policy`: says why a password is too easy to guess. Length is the schema's business.
 *
 * A password that is a common one with digits around it, or the same one twice, is guessed first,
 * however long.
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

/** A sentence that says what is wrong, or undefined when it will do. */
export function weakness(password: string, email: string): string | undefined {
  const lower = password.toLowerCase();
  if (new Set(lower).size < 5) return "The password repeats the same few characters.";
  const undone = lower.replaceAll("@", "a").replaceAll("0", "o").replaceAll("$", "s");
  if ([lower, undone].some(isCommon)) return "The password is a very common one.";
  if (isRun(lower)) return "The password is a row of neighbouring characters.";
  const name = email.split("@")[0]?.toLowerCase() ?? "";
  if (name.length >= 4 && lower.includes(name)) return "The password contains the e-mail address.";
  return undefined;
}

/** `123456789012`, `abcdefghijkl`: nearly every character follows the one before. */
function isRun(text: string): boolean {
  let neighbours = 0;
  for (let i = 1; i < text.length; i++)
    if (Math.abs(text.charCodeAt(i) - text.charCodeAt(i - 1)) <= 1) neighbours++;
  return neighbours >= (text.length - 1) * 0.8;
}
