/** `group-row`: a group as the operator's pages are told of it, and "All" of each kind. */
import type { Asker } from "#cloud/api/asker.ts";
import type { Place } from "#cloud/auth/people-store.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { groupKinds, type GroupKind, type GroupRow } from "#shared/api/groups.ts";
import { Fault } from "#shared/model/fault.ts";
import type { HubScope } from "#shared/model/scope.ts";
import type { GroupDoc } from "./group-store.ts";
import { countReached, reached, type Candidate } from "./kinds.ts";

/** Counts and names for the rows of one answer; each kind is looked up once. */
export interface RowParts {
  readonly hub: Hub;
  readonly asker: Asker;
  readonly communities: ReadonlyMap<string, string>;
  readonly seen: Map<GroupKind, ReadonlyMap<string, Candidate> | undefined>;
}

export async function rowParts(hub: Hub, asker: Asker, scope: HubScope): Promise<RowParts> {
  const all = await hub.communities.list(scope);
  const communities = new Map(all.map(({ communityId, name }) => [communityId as string, name]));
  return { hub, asker, communities, seen: new Map() };
}

/** Things of a kind by id, as far as the asker may look; undefined when not at all. */
export async function seenOf(
  { hub, asker, seen }: RowParts,
  kind: GroupKind,
): Promise<ReadonlyMap<string, Candidate> | undefined> {
  if (!seen.has(kind)) {
    const all = await reached(hub, asker, kind);
    seen.set(kind, all && new Map(all.map((one) => [one.id, one])));
  }
  return seen.get(kind);
}

export async function groupRow(group: GroupDoc, parts: RowParts): Promise<GroupRow> {
  const seen = await seenOf(parts, group.kind);
  const { communityId } = group;
  return {
    id: group.groupId,
    kind: group.kind,
    name: group.name,
    description: group.description ?? null,
    community:
      communityId === null
        ? null
        : { id: communityId, name: parts.communities.get(communityId) ?? "" },
    is_builtin: false,
    members: seen ? group.members.filter((id) => seen.has(id)).length : 0,
    roles: (group.roles ?? []).map(({ role, on }) => ({
      role,
      on: { kind: on.kind, id: idOf(on) },
    })),
    created_at: group.createdAt,
  };
}

export async function allRow(kind: GroupKind, parts: RowParts): Promise<GroupRow> {
  return {
    id: `all-${kind}`,
    kind,
    name: "All",
    description: null,
    community: null,
    is_builtin: true,
    members: (await countReached(parts.hub, parts.asker, kind)) ?? 0,
    roles: [],
    created_at: null,
  };
}

/** The kind of a built-in group. */
export function builtinKind(id: string): GroupKind | undefined {
  return groupKinds.find((kind) => id === `all-${kind}`);
}

/** @throws Fault "conflict" for a built-in one, "not_found" */
export async function groupToChange(hub: Hub, scope: HubScope, id: string): Promise<GroupDoc> {
  if (builtinKind(id)) throw new Fault("conflict", "All is built in and always everything.");
  return hub.groups.find(scope, id);
}

const idOf = (on: Place) =>
  on.kind === "organization" ? null : on.kind === "community" ? on.communityId : on.groupId;
