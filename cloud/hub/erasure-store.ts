/**
 * `erasure-store`: the record of who was erased and of each gateway's confirmation. Knows the
 * person by their id alone; it is what an authority is shown years later.
 */
import type { Doc } from "#shared/couch/database.ts";
import type { CommunityId, GatewayId, OrganizationId, PersonId } from "#shared/model/ids.ts";
import { systemScope, type HubScope } from "#shared/model/scope.ts";
import type { Hub } from "./hub.ts";
import { reachesCommunity } from "./scoped-documents.ts";
import { siteHeld } from "./site-held.ts";

/**
 * `erasure:{organizationId}:{epoch ms}-{personId}` in `riser`.
 *
 * History: 1 = first release.
 */
export interface ErasureDoc extends Doc {
  readonly type: "erasure";
  readonly v: 1;
  readonly organizationId: OrganizationId;
  readonly personId: PersonId;
  readonly at: string;
  readonly by: string;
  readonly reason?: string;
  readonly gateways: readonly {
    readonly gatewayId: GatewayId;
    readonly communityId: CommunityId;
    /** The first generation of `site` without them. */
    readonly generation: number;
    readonly confirmedAt?: string;
  }[];
}

export interface ErasureStore {
  add(
    doc: Pick<ErasureDoc, "organizationId" | "personId" | "at" | "by" | "gateways"> & {
      readonly reason?: string;
    },
  ): Promise<ErasureDoc>;
  /** Newest first, with what gateways have confirmed since written down. */
  list(scope: HubScope): Promise<ErasureDoc[]>;
}

const system = systemScope("erasures");

export function erasureStore(hub: Hub): ErasureStore {
  const riser = hub.registry.riser.database;
  /** What gateways told since: of one that was taken away from the community, nothing is to come. */
  const confirmed = async (doc: ErasureDoc): Promise<ErasureDoc> => {
    if (doc.gateways.every(({ confirmedAt }) => confirmedAt !== undefined)) return doc;
    const known = new Map(
      (await hub.gateways.list(system)).map((one) => [one.gatewayId, one] as const),
    );
    const tenants = new Map(
      (await hub.communities.list(system)).map((one) => [one.communityId, one.tenant] as const),
    );
    const gateways = await Promise.all(
      doc.gateways.map(async (one) => {
        const tenant = tenants.get(one.communityId);
        const gateway = known.get(one.gatewayId);
        if (one.confirmedAt !== undefined || !gateway || tenant === undefined) return one;
        const held = await siteHeld(hub, gateway, tenant);
        return held && held.generation >= one.generation
          ? { ...one, confirmedAt: held.toldAt }
          : one;
      }),
    );
    const isSame = JSON.stringify(gateways) === JSON.stringify(doc.gateways);
    if (isSame) return doc;
    const next = { ...doc, gateways };
    const { rev } = await riser.put(next);
    return { ...next, _rev: rev };
  };
  return {
    async add(said) {
      const _id = `erasure:${said.organizationId}:${Date.parse(said.at)}-${said.personId}`;
      const doc: ErasureDoc = { _id, type: "erasure", v: 1, ...said };
      const { rev } = await riser.put(JSON.parse(JSON.stringify(doc)) as ErasureDoc);
      return { ...doc, _rev: rev };
    },
    async list(scope) {
      const prefix = `erasure:${scope.organizationId}:`;
      const docs = await riser.list<ErasureDoc>({ from: prefix, to: `${prefix}\uffff` });
      const theirs = docs.filter(
        ({ gateways }) =>
          scope.kind === "organization" ||
          (gateways.length > 0 &&
            gateways.every(({ communityId }) => reachesCommunity(scope, communityId))),
      );
      return Promise.all(theirs.toReversed().map(confirmed));
    },
  };
}
