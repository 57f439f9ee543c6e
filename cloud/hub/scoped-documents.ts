/**
 * `scoped-documents`: documents of one type in the organizations' databases, cut by who asks.
 *
 * The one place where an operator's reach is cut: what lies outside is "not found" when read and
 * "forbidden" when written. Residents and gateways reach no master document at all.
 */
import type { Doc } from "#shared/couch/database.ts";
import { Fault } from "#shared/model/fault.ts";
import type { CommunityId, OrganizationId } from "#shared/model/ids.ts";
import type { Scope } from "#shared/model/scope.ts";
import type { Registry } from "./registry.ts";
import { save } from "./save.ts";

export interface MasterDoc extends Doc {
  readonly communityId: CommunityId;
}

export interface ScopedDocuments<T extends MasterDoc> {
  /** All in reach, or those of one community. */
  list(scope: Scope, communityId?: CommunityId): Promise<T[]>;
  /** @throws Fault "not_found" when there is none, or none in reach */
  find(scope: Scope, id: string): Promise<T>;
  /** Writes what differs. @throws Fault "forbidden" out of reach, "conflict" */
  save(scope: Scope, organizationId: OrganizationId, docs: readonly T[]): Promise<number>;
}

/** Whether an organization is in reach at all. */
export function reachesOrganization(scope: Scope, organizationId: OrganizationId): boolean {
  if (scope.kind === "system") return true;
  if (scope.kind === "organization" || scope.kind === "community")
    return scope.organizationId === organizationId;
  return false;
}

/** Whether a community of an organization in reach is itself in reach. */
export function reachesCommunity(scope: Scope, communityId: CommunityId): boolean {
  return scope.kind !== "community" || scope.communityId === communityId;
}

/** The organizations in reach. */
export async function organizationsOf(registry: Registry, scope: Scope): Promise<OrganizationId[]> {
  if (scope.kind === "organization" || scope.kind === "community") return [scope.organizationId];
  if (scope.kind !== "system") return [];
  return (await registry.organizations()).map(({ organizationId }) => organizationId);
}

export function scopedDocuments<T extends MasterDoc>(
  registry: Registry,
  type: T["type"] & string,
  missing: string,
): ScopedDocuments<T> {
  const imagesOf = async (scope: Scope) => {
    const ids = await organizationsOf(registry, scope);
    return Promise.all(ids.map((id) => registry.organization(id)));
  };
  return {
    async list(scope, communityId) {
      const found: T[] = [];
      for (const image of await imagesOf(scope))
        for (const doc of (await image.freshOf<T>(type)).values())
          if (
            (communityId === undefined || doc.communityId === communityId) &&
            reachesCommunity(scope, doc.communityId)
          )
            found.push(doc);
      return found;
    },
    async find(scope, id) {
      for (const image of await imagesOf(scope)) {
        const doc = (await image.freshOf<T>(type)).get(`${type}:${id}`);
        if (doc && reachesCommunity(scope, doc.communityId)) return doc;
      }
      throw new Fault("not_found", missing);
    },
    async save(scope, organizationId, docs) {
      if (
        !reachesOrganization(scope, organizationId) ||
        docs.some(({ communityId }) => !reachesCommunity(scope, communityId))
      )
        throw new Fault("forbidden", "That lies outside of what you may change.");
      const image = await registry.organization(organizationId);
      return save(image.database, docs, await image.fresh());
    },
  };
}
