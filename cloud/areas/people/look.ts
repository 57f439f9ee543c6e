/** `look`: finding people: the list as one types, and one with all that is known. */
import { z } from "zod";
import type { Asker } from "#cloud/api/asker.ts";
import { Paging } from "#cloud/api/paging.ts";
import { route } from "#cloud/api/route.ts";
import { mayActOn, mayAssist } from "#cloud/auth/ranks.ts";
import type { PersonDoc } from "#cloud/auth/people-store.ts";
import { isFound, type Entry } from "#cloud/hub/directory.ts";
import { searchFor } from "#cloud/hub/search.ts";
import { membersOf } from "#cloud/hub/group-members.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { CommunityGiven } from "#shared/api/communities.ts";
import { PersonDetails, PersonRow, personStatuses, RoleGiven } from "#shared/api/people.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import { PersonId } from "#shared/model/ids.ts";
import type { Right } from "#shared/model/roles.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { pendingGateways } from "./pending-gateways.ts";
import { rowOf } from "./person-row.ts";

export const PersonParams = z.object({ person: PersonId });

const sorts = ["name", "-name", "email", "-email", "created_at", "-created_at"] as const;

export const listPeople = route({
  method: "get",
  path: "/people",
  right: "people.read",
  title: "People, by name; found as one types by name, e-mail, phone, home and external id.",
  query: Paging.extend({
    q: z.string().max(200).default(""),
    role: RoleGiven.optional(),
    community: CommunityGiven.optional(),
    status: z.enum(personStatuses).optional(),
    /** By id: in a group of people. */
    group: z.string().max(64).optional(),
    sort: z.enum(sorts).default("name"),
  }),
  answer: { rows: PersonRow },
  open:
    ({ hub, directory }) =>
    async ({ scope, query }) => {
      const { q, role, community, status, group, sort, limit, offset } = query;
      const at =
        community === undefined
          ? undefined
          : (await hub.communities.find(scope, community)).communityId;
      const members =
        group === undefined ? undefined : await membersOf(hub, scope, group, "people");
      const search = searchFor(q);
      const isWanted = (entry: Entry) =>
        (members === undefined || members.has(entry.person.personId)) &&
        (status === undefined || entry.status === status) &&
        (role === undefined || entry.places.some(({ membership }) => membership.role === role)) &&
        (at === undefined ||
          entry.places.some(
            ({ membership: { on } }) => on.kind === "community" && on.communityId === at,
          )) &&
        isFound(entry, search);
      const found = sorted((await directory(scope)).filter(isWanted), sort);
      const nowMs = hub.clock.now();
      return {
        rows: found.slice(offset, offset + limit).map((entry) => rowOf(entry, nowMs)),
        total: found.length,
      };
    },
});

export const findPerson = route({
  method: "get",
  path: "/people/:person",
  right: "people.read",
  title: "A person with their roles, homes and ways in.",
  params: PersonParams,
  answer: { data: PersonDetails },
  open: (parts) => async (asked) => {
    const { hub, directory } = parts;
    const { scope, asker, params } = asked;
    const entry = await entryOf(await directory(scope), params.person);
    return detailsOf(hub, asker, scope, entry);
  },
});

/** @throws Fault "not_found" */
export async function entryOf(entries: readonly Entry[], personId: string): Promise<Entry> {
  const entry = entries.find(({ person }) => person.personId === personId);
  if (!entry) throw new Fault("not_found", "There is no such person here.");
  return entry;
}

function sorted(entries: readonly Entry[], sort: (typeof sorts)[number]): readonly Entry[] {
  if (sort === "name") return entries;
  if (sort === "-name") return entries.toReversed();
  const key = ({ person }: Entry) =>
    sort.endsWith("email") ? (person.email ?? "\uffff").toLowerCase() : person.createdAt;
  const sign = sort.startsWith("-") ? -1 : 1;
  return entries.toSorted((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : 0));
}

async function detailsOf(
  hub: Hub,
  asker: Asker,
  scope: HubScope,
  entry: Entry,
): Promise<PersonDetails> {
  const { person } = entry;
  const nowMs = hub.clock.now();
  const links = (await hub.links.of(person.personId)).filter(
    ({ purpose, organizationId }) =>
      purpose === "activate" && organizationId === asker.organizationId,
  );
  const [link] = links;
  const may = (right: Right) => allowed(mayActOn(hub, asker, right, person.personId));
  const residents = await hub.residents.list(scope);
  const codes = entry.places.flatMap(({ membership, placeName }) => {
    if (membership.residentId === undefined) return [];
    const code = residents.find((one) => one.residentId === membership.residentId)?.code;
    return {
      resident_id: membership.residentId,
      community: placeName,
      made_at: code?.createdAt ?? null,
      expires_at: code?.expiresAt ?? null,
    };
  });
  return {
    ...rowOf(entry, nowMs),
    invitation: link
      ? {
          way: link.way,
          created_at: link.createdAt,
          expires_at: link.expiresAt,
          is_expired: Date.parse(link.expiresAt) <= nowMs,
        }
      : null,
    must_change_password: person.mustChangePassword ?? false,
    has_password: person.passwordHash !== undefined,
    identities: identitiesOf(person),
    codes,
    pending: await pendingGateways(hub, entry),
    may: {
      edit: await may("people.write"),
      reset: await may("people.reset"),
      disable: await may("people.disable"),
      delete: asker.reach.has("people.delete"),
      assist: asker.kind === "person" && (await allowed(mayAssist(hub, asker, person.personId))),
    },
  };
}

const identitiesOf = ({ identities = [] }: PersonDoc) =>
  identities.map(({ issuer, linkedAt }) => ({ issuer, linked_at: linkedAt }));

async function allowed(check: Promise<unknown>): Promise<boolean> {
  try {
    await check;
    return true;
  } catch (error) {
    if (isFault(error)) return false;
    throw error;
  }
}
