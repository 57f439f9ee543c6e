/**
 * `format-examples`: the examples that stand beside the formats, with the bytes that would arrive:
 * for tests, benches and fuzzing.
 */
import { readFileSync } from "node:fs";

export interface FormatExample {
  readonly format: string;
  /** Where the message's form is described or comes from. */
  readonly from: string;
  readonly topic: string | null;
  /** JSON, or text that is published as it stands; absent where `hex` has the bytes. */
  readonly body?: unknown;
  readonly hex?: string;
  /** What must be read: the result without its empty parts, bytes as hexadecimal text. */
  readonly is: unknown;
}

const file = new URL("../formats/examples.json", import.meta.url);
export const formatExamples = JSON.parse(readFileSync(file, "utf8")) as readonly FormatExample[];

/** The bytes of an example. */
export function exampleBytes({ body, hex }: Pick<FormatExample, "body" | "hex">): Uint8Array {
  if (hex !== undefined) return Uint8Array.from(Buffer.from(hex, "hex"));
  return new TextEncoder().encode(typeof body === "string" ? body : (JSON.stringify(body) ?? ""));
}
