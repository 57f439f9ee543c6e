/**
 * `vectors-run`: runs a maker's collection of examples through our decoders.
 *
 * A collection is one file per device: `{vendor, device, vectors: [{fPort, hex, expected}]}`,
 * where `expected` is what the maker's decoder answers: `{data}` or `{errors}`.
 */
import { z } from "zod";
import { isFault } from "#shared/model/fault.ts";
import { findDecoder } from "./list.ts";
import { differences, type MakerFields } from "./maker-field.ts";
import { makerFields } from "./maker-fields.ts";

const Collection = z.looseObject({
  vendor: z.string(),
  device: z.string(),
  vectors: z.array(
    z.looseObject({ fPort: z.number(), hex: z.string(), expected: z.looseObject({}) }),
  ),
});

export interface VectorsRun {
  readonly passed: number;
  readonly failed: readonly { readonly id: string; readonly why: string }[];
  /** True when the device is none of ours, or the file is no such collection. */
  readonly unsupported: boolean;
}

const UNSUPPORTED: VectorsRun = { passed: 0, failed: [], unsupported: true };

/** Some makers' decoders always answer a list of errors: only what is in it is a refusal. */
const hasErrors = (list: unknown): boolean => Array.isArray(list) && list.length > 0;

function refusalOf(expected: Record<string, unknown>): boolean {
  const data = expected["data"] as Record<string, unknown> | undefined;
  return hasErrors(expected["errors"]) || hasErrors(data?.["errors"]);
}

function whyNot(
  vector: { fPort: number; hex: string; expected: Record<string, unknown> },
  makers: MakerFields,
  model: string,
): string | null {
  const decoder = findDecoder(model);
  if (decoder === undefined) return `no decoder ${model}`;
  const isRefused = refusalOf(vector.expected);
  try {
    const payload = Uint8Array.from(Buffer.from(vector.hex, "hex"));
    const decoded = decoder.decode(payload, { fPort: vector.fPort, heardAt: Date.UTC(2026, 0, 1) });
    const readings = makers.samples?.(payload) ?? decoded;
    if (isRefused) return "the maker refuses it, we do not";
    return differences(vector.expected["data"] ?? vector.expected, makers, readings)[0] ?? null;
  } catch (error) {
    if (!isFault(error, "invalid")) return `not a Fault: ${String(error)}`;
    return isRefused ? null : error.message;
  }
}

/** Every example of one collection. */
export function runCodecVectors(json: unknown): VectorsRun {
  const collection = Collection.safeParse(json);
  if (!collection.success) return UNSUPPORTED;
  const { vendor, device, vectors } = collection.data;
  const makers = makerFields.find((entry) => Object.hasOwn(entry.devices, `${vendor}/${device}`));
  const model = makers?.devices[`${vendor}/${device}`];
  if (makers === undefined || model === undefined) return UNSUPPORTED;
  const results = vectors.map((vector, i) => ({
    id: `${vendor}/${device}#${i}`,
    why: whyNot(vector, makers, model),
  }));
  const failed = results.flatMap(({ id, why }) => (why === null ? [] : [{ id, why }]));
  return { passed: results.length - failed.length, failed, unsupported: false };
}
