/** Tells by its shape what a file of vectors holds, and runs it with the part of the product it is about. */
import { runPhyVectors } from "#shared/lorawan-packet-decoder/vectors-run.ts";
import { runCodecVectors } from "#shared/devices/vectors-run.ts";
import { runDocument } from "#shared/formats/vectors-run.ts";

/** frames = LoRaWAN PHYPayloads; payloads = a device's application payloads; message = one network server's message. */
export type VectorsKind = "frames" | "payloads" | "message" | "unknown";

export interface VectorsOutcome {
  readonly kind: VectorsKind;
  readonly passed: number;
  readonly failed: readonly { readonly id: string; readonly why: string }[];
  /** False when there is nothing of ours that could read it. */
  readonly isSupported: boolean;
}

type Values = Readonly<Record<string, unknown>>;

/**
 * What a file holds. A list of vectors is about frames when each has a `kind`, about payloads when each
 * has a port and bytes; a message has a `kind` of its own and a body in some form.
 */
export function kindOf(json: unknown): VectorsKind {
  const list = listIn(json);
  if (list !== undefined) {
    const [first] = list;
    if (!isValues(first)) return "unknown";
    if (isMessage(first)) return "message";
    if (typeof first["kind"] === "string" || "phyHex" in first) return "frames";
    return "hex" in first ? "payloads" : "unknown";
  }
  return isValues(json) && isMessage(json) ? "message" : "unknown";
}

/** A message has a kind, and a body in some form. */
const isMessage = (values: Values) =>
  typeof values["kind"] === "string" &&
  ["body", "bodyHex", "datagramHex", "rawText"].some((name) => name in values);

/** The list in a file: the file itself, or what it calls vectors or documents. */
function listIn(json: unknown): readonly unknown[] | undefined {
  if (Array.isArray(json)) return json;
  const list = isValues(json) ? (json["vectors"] ?? json["documents"]) : undefined;
  return Array.isArray(list) ? list : undefined;
}

/** Documents of one file, together. */
function runDocuments(json: unknown) {
  const runs = (listIn(json) ?? [json]).map(runDocument);
  return {
    passed: runs.reduce((sum, { passed }) => sum + passed, 0),
    failed: runs.flatMap(({ failed }) => failed),
    unsupported: runs.every(({ unsupported }) => unsupported),
  };
}

/** Runs whatever it is. Never throws for what is in the file. */
export function runVectors(json: unknown): VectorsOutcome {
  const kind = kindOf(json);
  if (kind === "frames") return { kind, ...runPhyVectors(json), isSupported: true };
  if (kind === "unknown") return { kind, passed: 0, failed: [], isSupported: false };
  const { passed, failed, unsupported } =
    kind === "payloads" ? runCodecVectors(json) : runDocuments(json);
  return { kind, passed, failed, isSupported: !unsupported };
}

function isValues(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
