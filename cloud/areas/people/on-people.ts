/**
 * `on-people`: what is done to people, one at a time: used by the routes for one and for many.
 *
 * Each asks `ranks` first. Words about people never get into the audit: it tells which fields
 * changed, and whom by their id.
 */
import type { Asker } from "#cloud/api/asker.ts";
import type { Trail } from "#cloud/api/trail.ts";
import { mailboxOf, nameOf } from "#cloud/auth/invite.ts";
import { checkMayEnd, checkNotLastOperator, mayActOn } from "#cloud/auth/ranks.ts";
import type { Membership, PersonDoc } from "#cloud/auth/people-store.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { leave } from "#cloud/hub/leave.ts";
import { noticeMail } from "#cloud/mail/compose.ts";
import { Fault } from "#shared/model/fault.ts";
import type { PersonId } from "#shared/model/ids.ts";
import { systemScope, type HubScope } from "#shared/model/scope.ts";

const system = systemScope("people");

export interface On {
  readonly hub: Hub;
  readonly asker: Asker;
  readonly scope: HubScope;
  readonly trail: Trail;
}

/** All sign-ins begun so far are over at once, whatever becomes of their documents. */
export const signedOut = (person: PersonDoc): PersonDoc => ({
  ...person,
  signInEpoch: (person.signInEpoch ?? 0) + 1,
});

/** The communities whose gateways know somebody as a resident: their `site` is brought in step. */
export async function projectAgain(hub: Hub, memberships: readonly Membership[]): Promise<void> {
  const ids = new Set(
    memberships.flatMap(({ on, residentId }) =>
      on.kind === "community" && residentId !== undefined ? [on.communityId as string] : [],
    ),
  );
  if (ids.size === 0) return;
  for (const community of await hub.communities.list(system))
    if (ids.has(community.communityId)) await hub.adopt(community);
}

/** Tells somebody by mail that their sign-in was changed: whoever did it, they should know. */
export async function tellOfChange(hub: Hub, person: PersonDoc, asker: Asker): Promise<void> {
  const { email: to, firstName, language, personId } = person;
  if (to === null) return;
  const { organizationId } = asker;
  const mail = noticeMail(
    { to, firstName, language },
    "changed",
    await nameOf(hub, organizationId),
  );
  await hub.outbox.add({ organizationId, personId, kind: "changed" }, mail);
}

/** Switches somebody off or on. @throws Fault "not_found" | "forbidden" | "conflict" */
export async function setDisabled(
  { hub, asker, scope, trail }: On,
  personId: PersonId,
  isDisabled: boolean,
  reason?: string,
): Promise<void> {
  await hub.people.find(scope, personId);
  trail.note({
    what: isDisabled ? "person.disable" : "person.enable",
    target: { type: "person", id: personId },
    forWhom: personId,
    ...(reason === undefined ? {} : { reason }),
  });
  await hub.registry.alone(async () => {
    await mayActOn(hub, asker, "people.disable", personId);
    if (isDisabled) await checkNotLastOperator(hub, asker.organizationId, personId);
    // First the journal: a hub restored a moment later must know it.
    if (isDisabled) await hub.journal.add("person", personId);
    await hub.people.change(system, personId, (person) => ({
      ...(isDisabled ? signedOut(person) : person),
      isDisabled,
    }));
  });
  if (!isDisabled) await hub.journal.lift("person", personId);
  if (isDisabled) {
    await hub.signIns.endAll(personId);
    await hub.links.end(personId, ["enter", "reset", "code", "email"]);
  }
  await projectAgain(hub, (await hub.people.find(system, personId)).memberships);
}

/** What would go with somebody, and why it cannot where it cannot. */
export async function previewOf({ hub, asker, scope }: Omit<On, "trail">, personId: PersonId) {
  const seen = await hub.people.find(scope, personId);
  const whole = await hub.people.find(system, personId);
  const residents = new Set(seen.memberships.flatMap(({ residentId }) => residentId ?? []));
  const nowMs = hub.clock.now();
  const tenancies = (await hub.units.units.list(scope))
    .flatMap((unit) => unit.tenancies)
    .filter(({ residentId, to }) => residents.has(residentId) && !(Date.parse(to ?? "") <= nowMs));
  const codes = (await hub.residents.list(scope)).filter(
    ({ residentId, code }) => residents.has(residentId) && code !== undefined,
  );
  const refused = await checkRemoval(hub, asker, seen.memberships, personId).then(
    () => null,
    (error: unknown) => {
      if (error instanceof Fault) return error.message;
      throw error;
    },
  );
  return {
    id: personId as string,
    name: `${seen.firstName} ${seen.lastName}`.trim(),
    goes: whole.memberships.length === seen.memberships.length,
    memberships: seen.memberships.length,
    tenancies: tenancies.length,
    codes: codes.length,
    refused,
  };
}

async function checkRemoval(
  hub: Hub,
  asker: Asker,
  memberships: readonly Membership[],
  personId: PersonId,
): Promise<void> {
  for (const one of memberships) await checkMayEnd(hub, asker, "people.delete", one);
  const ids = new Set(memberships.map(({ membershipId }) => membershipId as string));
  await checkNotLastOperator(hub, asker.organizationId, personId, ids);
}

/** Removes what somebody is here; the person goes with their last membership. */
export async function removePerson(
  { hub, asker, scope, trail }: On,
  personId: PersonId,
): Promise<void> {
  const { memberships } = await hub.people.find(scope, personId);
  trail.note({
    what: "person.delete",
    target: { type: "person", id: personId },
    forWhom: personId,
    before: { memberships: memberships.length },
  });
  await hub.registry.alone(async () => {
    await checkRemoval(hub, asker, memberships, personId);
    await leave(hub, personId, new Set(memberships.map(({ membershipId }) => membershipId)));
  });
}

/** Whether somebody can be given a new password at all. @throws Fault "conflict" in words */
export function checkSignsIn(person: PersonDoc): void {
  if (mailboxOf(person) !== null) return;
  throw new Fault(
    "conflict",
    "This person has no e-mail address and does not sign in here. Their code for the building is renewed at their home.",
  );
}
