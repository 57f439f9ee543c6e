/**
 * `own-decoders`: the decoders of one organization that count for one community, as its gateways are
 * sent them. Must never look into another organization: two may use the same name.
 */
import type { DecoderDoc } from "#cloud/areas/decoders/decoder-store.ts";
import type { CommunityId, OrganizationId } from "#shared/model/ids.ts";
import type { DecoderDoc as SiteDecoderDoc } from "#shared/model/site.ts";
import type { Registry } from "./registry.ts";

/** By slug. */
export async function ownDecoders(
  registry: Registry,
  organizationId: OrganizationId,
  communityId: CommunityId,
): Promise<ReadonlyMap<string, SiteDecoderDoc>> {
  const image = await registry.organization(organizationId);
  const docs = [...(await image.freshOf<DecoderDoc>("decoder")).values()];
  return new Map(
    docs
      .filter((doc) => doc.communityId === null || doc.communityId === communityId)
      .map((doc) => [doc.slug, sent(doc)]),
  );
}

function sent(doc: DecoderDoc): SiteDecoderDoc {
  const { _id, slug, title, language, version, source, mapping, examples, redecodeFrom } = doc;
  return {
    _id,
    type: "decoder",
    v: 1,
    slug,
    title,
    language,
    version,
    source,
    mapping,
    examples,
    ...(redecodeFrom === undefined ? {} : { redecodeFrom }),
  };
}
