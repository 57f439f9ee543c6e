/**
 * `vectors-run`: runs one published example of a message through our formats.
 *
 * A document says what it is (`kind`, `topic`, `body` or `datagramHex`) and what must be read out
 * of it (`expect`). Every field of `expect` is compared, and one that is not known here fails.
 */
import { z } from "zod";
import { isFault } from "#shared/model/fault.ts";
import { compare, type Seen } from "./expectations.ts";
import type { Format } from "./format.ts";
import { formats, recognise } from "./list.ts";
import { readMessage } from "./message.ts";
import { buildAck, parseDatagram } from "./semtech-udp.ts";

const Document = z.looseObject({
  id: z.string(),
  kind: z.string(),
  topic: z.string().nullish(),
  body: z.unknown().optional(),
  datagramHex: z.string().optional(),
  /** The bytes of a message that is neither JSON nor text. */
  bodyHex: z.string().optional(),
  rawText: z.string().optional(),
  expect: z.record(z.string(), z.unknown()).optional(),
});
type Document = z.infer<typeof Document>;

export interface DocumentRun {
  readonly passed: number;
  readonly failed: readonly { readonly id: string; readonly why: string }[];
  /** True when no format of ours is meant by the document's kind, or it is no such document. */
  readonly unsupported: boolean;
}
const UNSUPPORTED: DocumentRun = { passed: 0, failed: [], unsupported: true };

/** A document's kind → the format's name, where they differ. */
const kinds: Readonly<Record<string, string>> = {
  "milesight-embedded-ns": "milesight",
  "tts-v3": "the-things-stack-v3",
  "the-things-stack": "the-things-stack-v3",
  "ttn-v3": "the-things-stack-v3",
  "chirpstack-gateway-bridge-v3": "chirpstack-gateway-bridge",
  "chirpstack-gateway-bridge-v4": "chirpstack-gateway-bridge",
  "shelly-gen1": "shelly",
  "shelly-gen2": "shelly",
  "shelly-gen3": "shelly",
  basicstation: "basics-station",
  "milesight-ns": "milesight",
  "home-assistant-mqtt": "home-assistant",
  "home-assistant-discovery": "home-assistant",
  sparkplug: "sparkplug-b",
  "multitech-conduit": "multitech",
  "actility-thingpark": "thingpark",
  "kerlink-wanesy": "kerlink",
  "helium-console": "helium",
};

function seeDatagram(hex: string): Seen {
  const datagram = parseDatagram(Uint8Array.from(Buffer.from(hex, "hex")));
  if (datagram.type === "PUSH_DATA" && datagram.faults[0] !== undefined) throw datagram.faults[0];
  const acknowledgement =
    datagram.type === "PUSH_DATA" ? "PUSH_ACK" : datagram.type === "PULL_DATA" ? "PULL_ACK" : null;
  const reply =
    acknowledgement === null
      ? null
      : Buffer.from(buildAck(acknowledgement, datagram.token)).toString("hex");
  return { datagram, reply, result: null, body: null };
}

/** A body that is text is published as it stands: `12.5`, `on`. */
const textOf = ({ rawText, body }: Document) =>
  rawText ?? (typeof body === "string" ? body : (JSON.stringify(body) ?? ""));

function see(document: Document, format: Format | undefined): Seen | null {
  const bytes =
    document.bodyHex === undefined
      ? new TextEncoder().encode(textOf(document))
      : Uint8Array.from(Buffer.from(document.bodyHex, "hex"));
  const message = readMessage(document.topic ?? null, bytes);
  const found = recognise(message);
  // Of a kind that has another name here, its shape tells.
  if (format === undefined && found === undefined) return null;
  if (found === undefined || (format !== undefined && found !== format))
    throw new Error(`taken for ${found?.name ?? "nothing known"}`);
  return {
    datagram: null,
    reply: null,
    result: found.parse(message, { heardAt: Date.UTC(2026, 0, 1) }),
    body: message.body,
  };
}

/** One document: passed 1, or failed with the first thing that differs. */
export function runDocument(json: unknown): DocumentRun {
  const document = Document.safeParse(json);
  if (!document.success) return UNSUPPORTED;
  const { id, kind, datagramHex, expect: expected = {} } = document.data;
  const { reject, ...expect } = expected;
  const format = formats.find(({ name }) => name === (kinds[kind] ?? kind));
  try {
    const seen = datagramHex !== undefined ? seeDatagram(datagramHex) : see(document.data, format);
    if (seen === null) return UNSUPPORTED;
    if (reject === true)
      return { passed: 0, failed: [{ id, why: "read, but must be refused" }], unsupported: false };
    const why = Object.entries(expect).flatMap(
      ([field, value]) => compare(field, value, seen) ?? [],
    )[0];
    return why === undefined
      ? { passed: 1, failed: [], unsupported: false }
      : { passed: 0, failed: [{ id, why }], unsupported: false };
  } catch (error) {
    if (reject === true && isFault(error)) return { passed: 1, failed: [], unsupported: false };
    const why = isFault(error) ? error.message : String(error);
    return { passed: 0, failed: [{ id, why }], unsupported: false };
  }
}
