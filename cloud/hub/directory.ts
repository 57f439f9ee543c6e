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
  /** Lower-case text that a search looks through. */
  readonly text: string;
}

export interface Entry {
  readonly person: PersonDoc;
  readonly places: readonly Place[];
  readonly status: PersonStatus;
  /** The link that waits in the mailbox of another address of theirs. */
  readonly next: LinkDoc | undefined;
  readonly text: string;
  /** The phone number's digits. */
  readonly digits: string;
}

export type Directory = (scope: HubScope) => Promise<readonly Entry[]>;

const digitsOf = (text: string) => text.replaceAll(/\D/g, "").replace(/^00/, "");

/** Whether an entry is one that `query` looks for: every word somewhere, or its digits in the phone number. */
export function isFound({ text, digits, places }: Entry, query: string): boolean {
  const wanted = query.trim().toLowerCase();
  if (wanted === "") return true;
  const number = /^[+0-9 ()./-]+$/.test(wanted) ? digitsOf(wanted) : "";
  if (number.length >= 3 && digits.includes(number)) return true;
  return wanted
    .split(/\s+/)
    .every((word) => text.includes(word) || places.some((place) => place.text.includes(word)));
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
      const text = [placeName, ...theirs.map(({ name }) => name)].join("\n").toLowerCase();
      return { membership, roleName: meaning(role).name, placeName, homes: theirs, text };
    });
    const theirs = links.get(person.personId) ?? [];
    const isInvited = theirs.some(({ purpose }) => purpose === "activate");
    const next = theirs.find(({ purpose }) => purpose === "email");
    return { person, places, status: statusOf(person, isInvited), next, ...wordsOf(person) };
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

function wordsOf(person: PersonDoc): Pick<Entry, "text" | "digits"> {
  const { firstName, lastName, phone, externalId } = person;
  const text = [firstName, lastName, mailboxOf(person) ?? "", externalId ?? ""]
    .join("\n")
    .toLowerCase();
  return { text, digits: digitsOf(phone ?? "") };
}

/** By last name, first name, id; letters with marks beside those without. */
function nameKey({ lastName, firstName, personId }: PersonDoc): string {
  const plain = (text: string) => text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  return `${plain(lastName)}\u0000${plain(firstName)}\u0000${personId}`;
}
