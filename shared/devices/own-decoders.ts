/**
 * `own-decoders`: finds what decodes a model in one organization: our own decoders, and those it
 * brought itself under `own/{slug}`.
 */
import { createHash } from "node:crypto";
import { OWN_MODELS, type DecoderDoc } from "#shared/model/site.ts";
import { builtIn, type DecoderInForce, type FindDecoder } from "./decode-uplink.ts";
import { findDecoder } from "./list.ts";
import type { Sandbox, Script } from "./sandbox/sandbox.ts";
import { scriptedDecoder } from "./sandbox/scripted-decoder.ts";

/** What of a sandbox is needed here; opened when the first script is to be run. */
export type Scripts = Pick<Sandbox, "decodeUplink">;

/** A document's script by a name that two organizations with different texts never share. */
export function scriptOf({ slug, version, source }: DecoderDoc): Script {
  const digest = createHash("sha256").update(source).digest("hex").slice(0, 16);
  return { id: `${OWN_MODELS}${slug}#${digest}`, version, source };
}

/** @param own the organization's decoders by slug, looked at on every call */
export function decodersOf(
  own: () => ReadonlyMap<string, DecoderDoc>,
  scripts: Scripts,
): FindDecoder {
  const made = new WeakMap<DecoderDoc, DecoderInForce>();
  return (model) => {
    if (!model.startsWith(OWN_MODELS)) {
      const decoder = findDecoder(model);
      return decoder && builtIn(decoder);
    }
    const doc = own().get(model.slice(OWN_MODELS.length));
    if (doc === undefined) return undefined;
    const known = made.get(doc) ?? inForce(doc, scripts);
    made.set(doc, known);
    return known;
  };
}

function inForce(doc: DecoderDoc, scripts: Scripts): DecoderInForce {
  const { decode } = scriptedDecoder(scripts, scriptOf(doc), doc.mapping);
  return {
    name: `${OWN_MODELS}${doc.slug}@${doc.version}`,
    ...(doc.redecodeFrom === undefined ? {} : { redecodeFromMs: Date.parse(doc.redecodeFrom) }),
    decode,
  };
}
