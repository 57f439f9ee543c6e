/**
 * `decoder-store`: the decoders an organization brought itself, each with all its versions.
 *
 * The version in force is one document, which gateways are sent as it is; every version that was
 * ever in force stays beside it. Scripts are foreign code: kept and shown, run in the sandbox only.
 */
import { z } from "zod";
import type { Registry } from "#cloud/hub/registry.ts";
import { scopedDocuments, type ScopedDocuments } from "#cloud/hub/scoped-documents.ts";
import { CommunityId } from "#shared/model/ids.ts";
import { At, DecoderDoc as SiteDecoderDoc } from "#shared/model/site.ts";

const { slug, title, language, version, source, mapping, examples, redecodeFrom } =
  SiteDecoderDoc.shape;

/**
 * `decoder:{slug}` in `o-{organization}`.
 *
 * History: 1 = first release.
 */
export const DecoderDoc = z.object({
  _id: z.string().startsWith("decoder:"),
  type: z.literal("decoder"),
  v: z.literal(1),
  /** One community's alone; null: the whole organization's. */
  communityId: CommunityId.nullable(),
  slug,
  title,
  language,
  version,
  source,
  mapping,
  examples,
  redecodeFrom,
  createdAt: At,
  updatedAt: At,
});
export type DecoderDoc = z.infer<typeof DecoderDoc>;

/**
 * `decoderversion:{slug}:{version}`: what one version was. Written once.
 *
 * History: 1 = first release.
 */
export const DecoderVersionDoc = z.object({
  _id: z.string().startsWith("decoderversion:"),
  type: z.literal("decoderversion"),
  v: z.literal(1),
  communityId: CommunityId.nullable(),
  slug,
  version,
  language,
  source,
  mapping,
  redecodeFrom,
  at: At,
});
export type DecoderVersionDoc = z.infer<typeof DecoderVersionDoc>;

export interface DecoderStore {
  readonly decoders: ScopedDocuments<DecoderDoc>;
  readonly versions: ScopedDocuments<DecoderVersionDoc>;
}

export function decoderStore(registry: Registry): DecoderStore {
  const missing = "There is no such decoder here.";
  return {
    decoders: scopedDocuments<DecoderDoc>(registry, "decoder", missing),
    versions: scopedDocuments<DecoderVersionDoc>(registry, "decoderversion", missing),
  };
}

export const versionId = (name: string, number: number) => `decoderversion:${name}:${number}`;
