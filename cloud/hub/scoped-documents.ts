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
  /** Null for what is the organization's own: an unassigned device, a group over communities. */
  readonly communityId: CommunityId | null;
}

export interface ScopedDocuments<T extends MasterDoc> {
  /** All in reach, or those of one community (null: those of none). */
  list(scope: Scope, communityId?: CommunityId | null): Promise<T[]>;
  /** @throws Fault "not_found" when there is none, or none in reach */
  find(scope: Scope, id: string): Promise<T>;
  /** Writes what differs. @throws Fault "forbidden" out of reach, "conflict" */
  save(scope: Scope, organizationId: OrganizationId, docs: readonly T[]): Promise<number>;
  /** Removes documents as they were read. @throws Fault "forbidden" out of reach, "conflict" when one changed meanwhile */
  remove(scope: Scope, organizationId: OrganizationId, docs: readonly T[]): Promise<void>;
}

/** Whether an organization is in reach at all. */
export function reachesOrganization(scope: Scope, organizationId: OrganizationId): boolean {
  if (scope.kind === "system") return true;
  if (scope.kind === "organization" || scope.kind === "communities")
    return scope.organizationId === organizationId;
  return false;
}

/** Whether a community of an organization in reach is itself in reach; null stands for what is the organization's own. */
export function reachesCommunity(scope: Scope, communityId: CommunityId | null): boolean {
  if (scope.kind !== "communities") return true;
  return communityId !== null && scope.communityIds.has(communityId);
}

/** The organizations in reach. */
export async function organizationsOf(registry: Registry, scope: Scope): Promise<OrganizationId[]> {
  if (scope.kind === "organization" || scope.kind === "communities") return [scope.organizationId];
  if (scope.kind !== "system") return [];
  return (await registry.organizations()).map(({ organizationId }) => organizationId);
}

function check(scope: Scope, organizationId: OrganizationId, docs: readonly MasterDoc[]): void {
  if (
    !reachesOrganization(scope, organizationId) ||
    docs.some(({ communityId }) => !reachesCommunity(scope, communityId))
  )
    throw new Fault("forbidden", "That lies outside of what you may change.");
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
      check(scope, organizationId, docs);
      const image = await registry.organization(organizationId);
      const known = await image.fresh();
      // What is here may lie elsewhere: nobody pulls a thing out of a community they do not reach.
      check(
        scope,
        organizationId,
        docs.flatMap(({ _id }) => (known.get(_id) as T | undefined) ?? []),
      );
      return save(image.database, docs, known);
    },
    async remove(scope, organizationId, docs) {
      check(scope, organizationId, docs);
      const { database } = await registry.organization(organizationId);
      for (const { _id, _rev } of docs) {
        if (_rev === undefined) throw new Error(`${_id} was not read before it was removed`);
        await database.remove(_id, _rev);
      }
    },
  };
}
