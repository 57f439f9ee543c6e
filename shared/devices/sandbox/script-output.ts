/**
 * `script-output`: what a maker's functions answered, in the shape that TS013 gives it.
 *
 * It comes from foreign code: words are cut and made printable, numbers are checked, and nothing
 * of it is believed beyond that.
 *
 * @see LoRa Alliance TS013-1.0.0, Payload Codec API: decodeUplink, encodeDownlink, decodeDownlink
 */
import { Fault } from "#shared/model/fault.ts";
import { LOG_CHARS, LOG_LINES, WORDS_CHARS } from "./limits.ts";

export interface ScriptOutput {
  /** An object or a list of such, at most 32 levels deep, as JSON has it. */
  readonly data: object;
  readonly warnings: readonly string[];
  /** What it wrote to `console`, at most 50 lines of 200 characters. */
  readonly logs: readonly string[];
}

export interface ScriptDownlink {
  readonly bytes: Uint8Array;
  /** 1–223, or null when the script leaves it to the caller. */
  readonly fPort: number | null;
  readonly warnings: readonly string[];
  readonly logs: readonly string[];
}

/** Most errors and warnings looked at. */
const MOST_WORDS = 20;
/** Largest application payload of a LoRaWAN frame, bytes (RP002, M + N at the highest data rates). */
const MOST_DOWNLINK = 242;

/** Cut to `most` characters; control characters, lone surrogates and turns of direction become a space. */
export function printable(text: string, most: number): string {
  return text
    .slice(0, most)
    .replaceAll(/[\s\p{Cc}\p{Cf}\p{Cs}]+/gu, " ")
    .trim();
}

function wordsOf(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : value ? [value] : [];
  return list
    .slice(0, MOST_WORDS)
    .map((item) =>
      printable(typeof item === "string" ? item : (JSON.stringify(item) ?? ""), WORDS_CHARS),
    )
    .filter((text) => text !== "");
}

interface Envelope {
  readonly value?: Record<string, unknown>;
  readonly thrown?: unknown;
  readonly logs?: unknown;
}

/** @throws Fault "invalid" with the script's own words in `details.errors` */
function open(text: string): { value: Record<string, unknown>; logs: string[] } {
  let envelope: Envelope;
  try {
    envelope = JSON.parse(text) as Envelope;
  } catch (error) {
    throw new Fault("invalid", "The decoder's answer cannot be read.", { why: "output" }, error);
  }
  const logs = (Array.isArray(envelope.logs) ? (envelope.logs as unknown[]) : [])
    .slice(0, LOG_LINES)
    .map((line) => printable(String(line), LOG_CHARS));
  const { value, thrown } = envelope;
  if (value === undefined || value === null || typeof value !== "object") {
    const words = wordsOf(thrown)[0] ?? "something was thrown that cannot be read";
    throw new Fault("invalid", `The decoder failed: ${words}`, { why: "thrown", logs });
  }
  const errors = wordsOf(value["errors"]);
  if (errors.length > 0)
    throw new Fault("invalid", `The decoder refuses it: ${errors.join("; ")}`, {
      why: "errors",
      errors,
      logs,
    });
  return { value, logs };
}

/**
 * What `decodeUplink` or `decodeDownlink` answered.
 *
 * @param text see `Outcome` "answer"
 * @throws Fault "invalid": it threw, gave errors, or answered with no data
 */
export function readOutput(text: string): ScriptOutput {
  const { value, logs } = open(text);
  const data = value["data"];
  if (typeof data !== "object" || data === null)
    throw new Fault("invalid", "The decoder answered without data.", { why: "output", logs });
  return { data, warnings: wordsOf(value["warnings"]), logs };
}

/** What `encodeDownlink` answered. @throws Fault "invalid": also when it is no sendable frame */
export function readDownlink(text: string): ScriptDownlink {
  const { value, logs } = open(text);
  const { bytes, fPort } = value;
  if (
    !Array.isArray(bytes) ||
    bytes.length > MOST_DOWNLINK ||
    !bytes.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255)
  )
    throw new Fault("invalid", `The encoder's bytes are not up to ${MOST_DOWNLINK} of 0 to 255.`, {
      why: "output",
      logs,
    });
  const port = fPort ?? null;
  if (port !== null && !(Number.isInteger(port) && Number(port) >= 1 && Number(port) <= 223))
    throw new Fault("invalid", "The encoder's fPort is not 1 to 223.", { why: "output", logs });
  return {
    bytes: Uint8Array.from(bytes as number[]),
    fPort: port as number | null,
    warnings: wordsOf(value["warnings"]),
    logs,
  };
}
