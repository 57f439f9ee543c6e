/**
 * `password-policy`: says why a password is too easy to guess. Length is the schema's business.
 *
 * A password that is a common word with digits around it is guessed first, however long.
 */
const COMMON = new Set(
  `password passwort contrasena motdepasse qwerty qwertyuiop qwertz qwertzuiop azerty azertyuiop
  asdfghjkl letmein welcome willkommen bienvenido bienvenue admin administrator administrador
  iloveyou changeme secret geheim monkey dragon sunshine princess football baseball riser
  passwordpassword adminadmin correcthorsebatterystaple qazwsxedc`.split(/\s+/),
);

/** A sentence that says what is wrong, or undefined when it will do. */
export function weakness(password: string, email: string): string | undefined {
  const lower = password.toLowerCase();
  if (new Set(lower).size < 5) return "The password repeats the same few characters.";
  const undone = lower.replaceAll("@", "a").replaceAll("0", "o").replaceAll("$", "s");
  for (const text of [lower, undone])
    if (COMMON.has(text.replaceAll(/[^a-z]/g, ""))) return "The password is a very common one.";
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
