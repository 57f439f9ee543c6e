/**
 * `roster`: who the residents of a file are: people who are here already, found by the resident
 * they were before or by their e-mail address, and new ones. One address is one person, whatever
 * the number of communities in the file.
 */
import type { PersonDoc } from "#cloud/auth/people-store.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import {
  newId,
  type CommunityId,
  type MembershipId,
  type OrganizationId,
  type PersonId,
  type ResidentId,
} from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { LoadCommunity } from "./load-file.ts";

export interface Roster {
  /** The person a resident of the file is; their document is put on the roster. */
  personFor(
    resident: LoadCommunity["residents"][number],
    of: { communityId: CommunityId; residentId: ResidentId; known: PersonId | undefined },
  ): PersonId;
  /** Those on the roster, as they should be. */
  people(): readonly PersonDoc[];
}

const key = (email: string) => email.trim().toLowerCase();

export async function roster(hub: Hub, organizationId: OrganizationId): Promise<Roster> {
  const all = await hub.people.list(systemScope("load"));
  const byId = new Map(all.map((one) => [one.personId, one]));
  const byEmail = new Map(
    all.flatMap((one) => (one.email === null ? [] : [[key(one.email), one.personId] as const])),
  );
  const met = new Set<PersonId>();
  const now = new Date(hub.clock.now()).toISOString();
  return {
    personFor(resident, { communityId, residentId, known }) {
      const { first_name: firstName, last_name: lastName, email, language } = resident;
      const owner = email === undefined ? undefined : byEmail.get(key(email));
      const personId = owner ?? known ?? newId<PersonId>("p", hub.random);
      const old = byId.get(personId);
      const memberships = old?.memberships ?? [];
      const isMember = memberships.some((one) => one.residentId === residentId);
      const person: PersonDoc = {
        ...old,
        _id: `person:${personId}`,
        type: "person",
        v: 1,
        personId,
        // What the file does not speak of stays as it is.
        email: email ?? old?.email ?? null,
        firstName,
        lastName,
        phone: old?.phone ?? null,
        language,
        memberships: isMember
          ? memberships
          : [
              ...memberships,
              {
                membershipId: newId<MembershipId>("m", hub.random),
                organizationId,
                role: "resident",
                on: { kind: "community", communityId },
                residentId,
                createdAt: now,
              },
            ],
        isDisabled: old?.isDisabled ?? false,
        createdAt: old?.createdAt ?? now,
      };
      byId.set(personId, person);
      if (email !== undefined) byEmail.set(key(email), personId);
      met.add(personId);
      return personId;
    },
    people: () => [...met].flatMap((id) => byId.get(id) ?? []),
  };
}
