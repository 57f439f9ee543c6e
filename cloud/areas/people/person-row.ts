/** `person-row`: a person as the API shows them, with the memberships the asker reaches. */
import { holdsAt } from "#cloud/api/asker.ts";
import { mailboxOf } from "#cloud/auth/invite.ts";
import type { Entry } from "#cloud/hub/directory.ts";
import type { PersonRow } from "#shared/api/people.ts";

export function rowOf({ person, places, status, next }: Entry, nowMs: number): PersonRow {
  return {
    id: person.personId,
    email: mailboxOf(person),
    next_email: next && Date.parse(next.expiresAt) > nowMs ? (next.nextEmail ?? null) : null,
    first_name: person.firstName,
    last_name: person.lastName,
    phone: person.phone,
    language: person.language,
    external_id: person.externalId ?? null,
    home_page: person.homePage ?? null,
    status,
    memberships: places.map(({ membership, roleName, placeName, homes }) => {
      const { on } = membership;
      const id = on.kind === "community" ? on.communityId : on.kind === "group" ? on.groupId : null;
      return {
        id: membership.membershipId,
        role: membership.role,
        role_name: roleName,
        on: { kind: on.kind, id, name: placeName },
        resident_id: membership.residentId ?? null,
        units: [...homes],
        from: membership.from ?? null,
        until: membership.until ?? null,
        is_current: holdsAt(membership, nowMs),
      };
    }),
    created_at: person.createdAt,
  };
}
