/**
 * `ranks`: who may act on whom, and who may give which role.
 *
 * A right says what somebody may do and where; the rank says to whom. Nobody acts on somebody of
 * an equal or higher rank, so that no one takes over an account that may do more than their own;
 * operators alone act on each other. Acting on a person as a whole (their address, their password,
 * whether they get in) also needs every membership of theirs in reach: who is somebody elsewhere
 * too can only be removed from here.
 */
import { holdsAt, type Asker, type Grant, type PersonAsker } from "#cloud/api/asker.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { Fault } from "#shared/model/fault.ts";
import type { OrganizationId, PersonId } from "#shared/model/ids.ts";
import { roles, type Right } from "#shared/model/roles.ts";
import { systemScope } from "#shared/model/scope.ts";
import { rolesOf, type RoleMeaning } from "./grants.ts";
import { isActive } from "./invite.ts";
import type { Membership, PersonDoc, Place } from "./people-store.ts";

/** A program makes and mends residents, and nobody above them. */
export const KEY_RANK = roles.resident.rank + 1;
const TOP = roles.operator.rank;

const scope = systemScope("ranks");

/** Whether a grant of `right` holds everywhere a place is. A group changes: only the whole reaches it. */
function covers({ rights, on }: Grant, right: Right, place: Place): boolean {
  if (!rights.includes(right)) return false;
  if (on === "all") return true;
  return place.kind === "community" && on.has(place.communityId);
}

const isAbove = (rank: number, other: number) => rank > other || (rank === TOP && other === TOP);

/** Whether somebody may do `right` to a membership. */
function mayTouch(asker: Asker, right: Right, on: Place, rank: number): boolean {
  return asker.grants.some((grant) => covers(grant, right, on) && isAbove(grant.rank, rank));
}

/**
 * The person, whole, when the asker may act on them as a whole.
 * @throws Fault "not_found" | "forbidden" in words
 */
export async function mayActOn(
  hub: Hub,
  asker: Asker,
  right: Right,
  personId: string,
): Promise<PersonDoc> {
  const person = await hub.people.find(scope, personId);
  const meaning = await rolesOf(hub, asker.organizationId);
  for (const { organizationId, on, role } of person.memberships) {
    const isHere = organizationId === asker.organizationId;
    if (!isHere || !asker.grants.some((grant) => covers(grant, right, on)))
      throw new Fault(
        "forbidden",
        "This person is also somebody in a place that is not yours to manage. You can remove them from yours; what concerns the whole person is for an administrator above.",
        { reason: "elsewhere" },
      );
    if (!mayTouch(asker, right, on, meaning(role).rank))
      throw new Fault("forbidden", "This person has a role equal to yours or above it.", {
        reason: "rank",
      });
  }
  return person;
}

/** The person a member of staff may act as. Not even operators act as each other. */
export async function mayAssist(
  hub: Hub,
  staff: PersonAsker,
  personId: PersonId,
): Promise<PersonDoc> {
  const person = await mayActOn(hub, staff, "people.assist", personId);
  const meaning = await rolesOf(hub, staff.organizationId);
  if (personId === staff.id || person.memberships.some(({ role }) => meaning(role).rank >= TOP))
    throw new Fault("forbidden", "Nobody acts as themselves or as somebody of an equal role.", {
      reason: "rank",
    });
  return person;
}

/** @throws Fault "forbidden" when a membership is not theirs to change or end */
export async function checkMayEnd(
  hub: Hub,
  asker: Asker,
  right: Right,
  { organizationId, on, role }: Membership,
): Promise<void> {
  const { rank } = (await rolesOf(hub, asker.organizationId))(role);
  if (organizationId !== asker.organizationId || !mayTouch(asker, right, on, rank))
    throw new Fault("forbidden", "This person has a role equal to yours or above it.", {
      reason: "rank",
    });
}

/**
 * What a role means, when the asker may give it there: it ranks below theirs and holds no right
 * that they do not have there themselves.
 * @throws Fault "invalid" for a role or a place that is not here, "forbidden"
 */
export async function checkMayGive(
  hub: Hub,
  asker: Asker,
  role: Membership["role"],
  on: Place,
): Promise<RoleMeaning> {
  if (!Object.hasOwn(roles, role)) {
    const own = (await hub.roles.list(scope)).some(
      (one) => one.roleId === role && one.organizationId === asker.organizationId,
    );
    if (!own) throw new Fault("invalid", "role: there is no such role here");
  }
  if (role === "operator" && on.kind !== "organization")
    throw new Fault("invalid", "An operator is one of the whole organization.");
  if (role === "resident" && on.kind !== "community")
    throw new Fault("invalid", "A resident is one of a community.");
  const meaning = (await rolesOf(hub, asker.organizationId))(role);
  const isGiven =
    mayTouch(asker, "people.write", on, meaning.rank) &&
    meaning.rights.every((right) => asker.grants.some((grant) => covers(grant, right, on)));
  if (!isGiven)
    throw new Fault(
      "forbidden",
      asker.kind === "key"
        ? "An API key gives no role but that of a resident."
        : "You can only give roles below your own, where you have it.",
      { reason: "rank" },
    );
  return meaning;
}

/**
 * Somebody has to be left who can do everything.
 * @param without memberships that go, by id; undefined: all of the person's
 * @throws Fault "conflict" when nobody would be
 */
export async function checkNotLastOperator(
  hub: Hub,
  organizationId: OrganizationId,
  personId: PersonId,
  without?: ReadonlySet<string>,
): Promise<void> {
  const isOperator = (one: Membership) =>
    one.organizationId === organizationId && one.role === "operator" && one.until === undefined;
  const all = await hub.people.list(scope);
  const before = all.find((one) => one.personId === personId);
  if (!before?.memberships.some(isOperator)) return;
  const nowMs = hub.clock.now();
  const isLeft = all.some(
    (person) =>
      !person.isDisabled &&
      isActive(person) &&
      person.memberships.some(
        (one) =>
          isOperator(one) &&
          holdsAt(one, nowMs) &&
          !(person.personId === personId && (without?.has(one.membershipId) ?? true)),
      ),
  );
  if (!isLeft)
    throw new Fault(
      "conflict",
      "This is the last operator: nobody could manage the hub any more.",
      {
        reason: "last-operator",
      },
    );
}
