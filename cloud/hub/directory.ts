/**
 * `directory`: the people of an organization in the order of their list and ready to be searched,
 * made anew only when a document changed: a page of 20,000 people costs no sorting.
 *
 * Cut by who asks: of somebody who is also a member elsewhere only what lies in reach is shown,
 * found and counted.
 */
import type { Membership, PersonDoc } from "#cloud/auth/people-store.ts";
import { rolesOf } from "#cloud/auth/grants.ts";
import type { LinkDoc } from "#cloud/auth/link-store.ts";
import { isActive, mailboxOf } from "#cloud/auth/invite.ts";
import type { PersonStatus } from "#shared/api/people.ts";
import type { OrganizationId } from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";
import type { Hub } from "./hub.ts";
import { reachesCommunity } from "./scoped-documents.ts";
import { folded, phoneText, searchText, type Search } from "./search.ts";

export interface Home {
  readonly id: string;
  readonly name: string;
  readonly from: string;
  readonly to: string | null;
}

/** A membership with what is known of its place. */
export interface Place {
  readonly membership: Membership;
  readonly roleName: string;
  readonly placeName: string;
  readonly homes: readonly Home[];
  /** What a search looks through (`searchText`). */
  readonly text: string;
}

export interface Entry {
  readonly person: PersonDoc;
  readonly places: readonly Place[];
  readonly status: PersonStatus;
  /** The link that waits in the mailbox of another address of theirs. */
  readonly next: LinkDoc | undefined;
  readonly text: string;
}

export type Directory = (scope: HubScope) => Promise<readonly Entry[]>;

/** Whether an entry is one that is looked for: every word in what is said of them or in one of their places. */
export function isFound({ text, places }: Entry, search: Search | undefined): boolean {
  if (search === undefined || search.whole(text)) return true;
  return search.words.every((word) => word(text) || places.some((place) => word(place.text)));
}

export function directory(hub: Hub): Directory {
  const held = new Map<OrganizationId, { version: string; entries: readonly Entry[] }>();
  const whole = async ({ organizationId, by }: HubScope): Promise<readonly Entry[]> => {
    const image = await hub.registry.organization(organizationId);
    await Promise.all([image.fresh(), hub.registry.riser.fresh()]);
    const version = [
      image.version("community", "unit", "group", "role"),
      hub.registry.riser.version("person", "link", "organization"),
    ].join(":");
    const known = held.get(organizationId);
    if (known?.version === version) return known.entries;
    const entries = await entriesOf(hub, { kind: "organization", organizationId, by });
    held.set(organizationId, { version, entries });
    return entries;
  };
  return async (asked) => {
    const entries = await whole(asked);
    if (asked.kind === "organization") return entries;
    return entries.flatMap((entry) => {
      const places = entry.places.filter(({ membership: { on } }) =>
        reachesCommunity(asked, on.kind === "community" ? on.communityId : null),
      );
      return places.length === 0 ? [] : { ...entry, places };
    });
  };
}

async function entriesOf(hub: Hub, whole: HubScope): Promise<Entry[]> {
  const homes = new Map<string, Home[]>();
  for (const unit of await hub.units.units.list(whole))
    for (const { residentId, from, to } of unit.tenancies) {
      const home = { id: unit.unitId, name: unit.name, from, to: to ?? null };
      const same = homes.get(residentId);
      if (same) same.push(home);
      else homes.set(residentId, [home]);
    }
  const communities = new Map(
    (await hub.communities.list(whole)).map((one) => [one.communityId as string, one.name]),
  );
  const groups = new Map(
    (await hub.groups.list(whole)).map((one) => [one.groupId as string, one.name]),
  );
  const meaning = await rolesOf(hub, whole.organizationId);
  const organizations = await hub.registry.organizations();
  const own = organizations.find((one) => one.organizationId === whole.organizationId)?.name ?? "";
  const links = await hub.links.byPerson();
  const entries = (await hub.people.list(whole)).map((person): Entry => {
    const places = person.memberships.map((membership): Place => {
      const { on, role, residentId } = membership;
      const placeName =
        on.kind === "organization"
          ? own
          : on.kind === "community"
            ? (communities.get(on.communityId) ?? "")
            : (groups.get(on.groupId) ?? "");
      const theirs = residentId === undefined ? [] : (homes.get(residentId) ?? []);
      const text = searchText([placeName, ...theirs.map(({ name }) => name)]);
      return { membership, roleName: meaning(role).name, placeName, homes: theirs, text };
    });
    const theirs = links.get(person.personId) ?? [];
    const isInvited = theirs.some(({ purpose }) => purpose === "activate");
    const next = theirs.find(({ purpose }) => purpose === "email");
    return { person, places, status: statusOf(person, isInvited), next, text: textOf(person) };
  });
  const keys = new Map(entries.map((entry) => [entry, nameKey(entry.person)]));
  const key = (entry: Entry) => keys.get(entry) as string;
  return entries.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

export function statusOf(person: PersonDoc, isInvited: boolean): PersonStatus {
  if (person.isDisabled) return "disabled";
  if (isActive(person)) return "active";
  return isInvited ? "invited" : "none";
}

function textOf(person: PersonDoc): string {
  const { firstName, lastName, phone, externalId } = person;
  return searchText([firstName, lastName, mailboxOf(person), externalId, phoneText(phone)]);
}

/** By last name, first name, id; letters with marks beside those without. */
function nameKey({ lastName, firstName, personId }: PersonDoc): string {
  return `${folded(lastName)}\u0000${folded(firstName)}\u0000${personId}`;
}
