/**
 * `scoped-documents`: documents of one type in the organizations' databases, cut by who asks.
 *
 * The one place where an operator's reach is cut: what lies outside is "not found" when read and
 * "forbidden" when written. Residents and gateways reach no master document at all.
 *
 * Here too it is held that nobody sees what belongs to a deleted community, and that nobody changes
 * what belongs to an archived one; the process itself may.
 */
import type { Doc } from "#shared/couch/database.ts";
import { Fault } from "#shared/model/fault.ts";
import type { CommunityId, OrganizationId } from "#shared/model/ids.ts";
import type { Scope } from "#shared/model/scope.ts";
import type { Image } from "./image.ts";
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

/** What of a community's document decides whether its things are shown and may be changed. */
interface CommunityState extends MasterDoc {
  readonly name: string;
  readonly archivedAt?: string;
  readonly deletion?: unknown;
  readonly quotas?: Quotas;
}

/** At most so many in a community. */
interface Quotas {
  readonly devices?: number;
  readonly people?: number;
}

const communitiesIn = (image: Image) => image.held<CommunityState>("community");

/** The communities that are deleted, as of the image's last look. */
function goneIn(image: Image): ReadonlySet<CommunityId | null> {
  const gone = new Set<CommunityId | null>();
  for (const { communityId, deletion } of communitiesIn(image).values())
    if (deletion !== undefined) gone.add(communityId);
  return gone;
}

/** An organization's communities that are deleted and can still be brought back. */
export async function deletedIn(
  registry: Registry,
  organizationId: OrganizationId,
): Promise<ReadonlySet<CommunityId | null>> {
  const image = await registry.organization(organizationId);
  await image.fresh();
  return goneIn(image);
}

/** @throws Fault "conflict" when `now` takes something from an archived community, or puts something there */
function checkArchived(image: Image, before: readonly MasterDoc[], now: readonly MasterDoc[]) {
  // A community's own document may leave the archive, or go.
  const stays = ({ type, archivedAt, deletion }: MasterDoc) =>
    type !== "community" || (archivedAt !== undefined && deletion === undefined);
  const touched = [...before.filter(({ type }) => type !== "community"), ...now.filter(stays)];
  for (const { communityId } of touched) {
    const state = communitiesIn(image).get(`community:${communityId}`);
    if (state?.archivedAt !== undefined && state.deletion === undefined) throw archived(state.name);
  }
}

/**
 * Two at once may both find the last free place: a limit is for invoices, not for safety.
 * @throws Fault "conflict" when `docs` bring more into a community than it may have
 */
function checkQuota(
  image: Image,
  quota: keyof Quotas,
  type: string,
  before: readonly MasterDoc[],
  docs: readonly MasterDoc[],
): void {
  const counts = (doc: MasterDoc) => doc.isActive !== false && doc.communityId !== null;
  const here = new Map(before.filter(counts).map(({ _id, communityId }) => [_id, communityId]));
  const coming = new Map<CommunityId, number>();
  for (const doc of docs)
    if (counts(doc) && doc.communityId !== null && here.get(doc._id) !== doc.communityId)
      coming.set(doc.communityId, (coming.get(doc.communityId) ?? 0) + 1);
  for (const [communityId, more] of coming) {
    const { quotas, name } = communitiesIn(image).get(`community:${communityId}`) ?? {};
    const most = quotas?.[quota];
    if (most === undefined) continue;
    let there = 0;
    for (const doc of image.held<MasterDoc>(type).values())
      if (doc.communityId === communityId && counts(doc)) there++;
    if (there + more > most)
      throw new Fault(
        "conflict",
        `${name} may have at most ${most} ${quota}, and has ${there}: ${more} more ${more === 1 ? "is" : "are"} too many.`,
        { quota: { what: quota, most, has: there } },
      );
  }
}

/** What is said to whoever wants to change something in an archived community. */
export function archived(name: string): Fault {
  return new Fault(
    "conflict",
    `${name} is archived and can only be read. Take it out of the archive to change something.`,
    { isArchived: true },
  );
}

function check(scope: Scope, organizationId: OrganizationId, docs: readonly MasterDoc[]): void {
  if (
    !reachesOrganization(scope, organizationId) ||
    docs.some(({ communityId }) => !reachesCommunity(scope, communityId))
  )
    throw new Fault("forbidden", "That lies outside of what you may change.");
}

export interface ScopedOptions {
  /** Shows what belongs to deleted communities, and that alone. */
  readonly isOfDeleted?: boolean;
  /** Which of a community's limits these documents count against. */
  readonly quota?: keyof Quotas;
}

export function scopedDocuments<T extends MasterDoc>(
  registry: Registry,
  type: T["type"] & string,
  missing: string,
  { isOfDeleted = false, quota }: ScopedOptions = {},
): ScopedDocuments<T> {
  const imagesOf = async (scope: Scope) => {
    const ids = await organizationsOf(registry, scope);
    return Promise.all(ids.map((id) => registry.organization(id)));
  };
  return {
    async list(scope, communityId) {
      const found: T[] = [];
      for (const image of await imagesOf(scope)) {
        const all = await image.freshOf<T>(type);
        const docs = communityId === undefined ? all.values() : image.heldIn<T>(type, communityId);
        const gone = goneIn(image);
        for (const doc of docs)
          if (gone.has(doc.communityId) === isOfDeleted && reachesCommunity(scope, doc.communityId))
            found.push(doc);
      }
      return found;
    },
    async find(scope, id) {
      for (const image of await imagesOf(scope)) {
        const doc = (await image.freshOf<T>(type)).get(`${type}:${id}`);
        if (
          doc &&
          goneIn(image).has(doc.communityId) === isOfDeleted &&
          reachesCommunity(scope, doc.communityId)
        )
          return doc;
      }
      throw new Fault("not_found", missing);
    },
    async save(scope, organizationId, docs) {
      check(scope, organizationId, docs);
      const image = await registry.organization(organizationId);
      const known = await image.fresh();
      // What is here may lie elsewhere: nobody pulls a thing out of a community they do not reach.
      const there = docs.flatMap(({ _id }) => (known.get(_id) as T | undefined) ?? []);
      check(scope, organizationId, there);
      if (scope.kind !== "system") checkArchived(image, there, docs);
      if (quota) checkQuota(image, quota, type, there, docs);
      return save(image.database, docs, known);
    },
    async remove(scope, organizationId, docs) {
      check(scope, organizationId, docs);
      const image = await registry.organization(organizationId);
      await image.fresh();
      if (scope.kind !== "system") checkArchived(image, docs, docs);
      const { database } = image;
      for (const { _id, _rev } of docs) {
        if (_rev === undefined) throw new Error(`${_id} was not read before it was removed`);
        await database.remove(_id, _rev);
      }
    },
  };
}
