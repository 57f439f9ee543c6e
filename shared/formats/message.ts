/**
 * `message`: the bytes of a message as something that may be looked at, within bounds.
 *
 * Size and nesting are measured before anything is parsed: `JSON.parse` of 10⁵ brackets would
 * take the process down. Of a key that comes twice the last one counts, as in every JSON reader.
 */
import { Fault } from "#shared/model/fault.ts";
import type { Message } from "./format.ts";

/** Largest message looked at, bytes. */
export const MAX_BYTES = 1_000_000;
/** Deepest nesting of lists and objects. */
export const MAX_DEPTH = 64;
/** Longest topic an MQTT packet can carry, bytes. */
const MAX_TOPIC = 65_535;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Throws when brackets outside of text nest too deep. One pass, no recursion. */
function boundDepth(bytes: Uint8Array): void {
  let depth = 0;
  let isText = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (isText) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) isText = true;
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > MAX_DEPTH)
        throw new Fault("invalid", `The message nests deeper than ${MAX_DEPTH} levels.`);
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
}

/** A digit run that a JSON number of 53 bits may not hold. */
const LONG = /\d{16}/;
const INTEGER = /^-?\d{16,}$/;

/** Puts whole numbers too long for a JSON number into quotes, so that no digit is lost. */
function keepLongIntegers(text: string): string {
  if (!LONG.test(text)) return text;
  let out = "";
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const letter = text.charAt(i);
    if (letter === '"') {
      for (i++; i < text.length && text.charAt(i) !== '"'; i++) if (text.charAt(i) === "\\") i++;
    } else if (letter === "-" || (letter >= "0" && letter <= "9")) {
      let end = i + 1;
      while (end < text.length && /[0-9.eE+-]/.test(text.charAt(end))) end++;
      const token = text.slice(i, end);
      if (INTEGER.test(token) && !Number.isSafeInteger(Number(token))) {
        out += `${text.slice(from, i)}"${token}"`;
        from = end;
      }
      i = end - 1;
    }
  }
  return out + text.slice(from);
}

/**
 * Parses JSON text of bounded size and depth. Whole numbers beyond 53 bits come as text.
 *
 * @throws Fault "too_large", or "invalid" when it is too deep or no JSON
 */
export function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_BYTES)
    throw new Fault(
      "too_large",
      `The message has ${bytes.length} bytes, ${MAX_BYTES} are allowed.`,
    );
  boundDepth(bytes);
  try {
    return JSON.parse(
      keepLongIntegers(new TextDecoder("utf-8", { fatal: true }).decode(bytes)),
    ) as unknown;
  } catch (error) {
    throw new Fault("invalid", "The message is no JSON.", {}, error);
  }
}

/** White space of JSON (RFC 8259, section 2); what else is below a letter begins something binary. */
const isSpace = (byte: number) => byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;

/** True when the first byte that is no white space opens an object or a list. */
function looksLikeJson(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => !isSpace(byte));
  return first === 0x7b || first === 0x5b;
}

/**
 * A message whose body is parsed when it looks like JSON, and the bytes themselves when not.
 *
 * @throws Fault "too_large" or "invalid", as `parseJson`
 */
export function readMessage(topic: string | null, bytes: Uint8Array): Message {
  if (topic !== null && topic.length > MAX_TOPIC)
    throw new Fault("too_large", "The topic is too long.");
  if (bytes.length > MAX_BYTES)
    throw new Fault(
      "too_large",
      `The message has ${bytes.length} bytes, ${MAX_BYTES} are allowed.`,
    );
  return { topic, body: looksLikeJson(bytes) ? parseJson(bytes) : bytes };
}

/** The own fields of a JSON object, or undefined when `value` is none. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array)
    ? (value as Record<string, unknown>)
    : undefined;
}
/** The items of a JSON list, or none. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
