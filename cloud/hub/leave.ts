/**
 * `leave`: somebody stops being a member; with their last membership the person is gone, with all
 * that let them in. A resident's record goes with the membership that leads to it, and their
 * tenancies end now, and those of whom they let in with them: the home is not theirs any more, and
 * its past stays what it was.
 */
import type { MembershipId, PersonId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { Hub } from "./hub.ts";
import { followed } from "./tenancies.ts";

const scope = systemScope("leave");

/** Returns whether the person is gone. @throws Fault "not_found" */
export async function leave(
  hub: Hub,
  personId: PersonId,
  membershipIds: ReadonlySet<MembershipId>,
): Promise<boolean> {
  const before = await hub.people.find(scope, personId);
  const going = before.memberships.filter((one) => membershipIds.has(one.membershipId));
  for (const { membershipId } of going) await hub.journal.add("membership", membershipId);
  const communities = new Set<string>();
  for (const { residentId, organizationId, on } of going) {
    if (residentId === undefined || on.kind !== "community") continue;
    communities.add(on.communityId);
    const now = new Date(hub.clock.now()).toISOString();
    const changed = (await hub.units.units.list(scope, on.communityId)).flatMap((unit) => {
      const ended = unit.tenancies.flatMap((tenancy) => {
        if (tenancy.residentId !== residentId) return tenancy;
        if (tenancy.from >= now) return [];
        return tenancy.to !== undefined && tenancy.to <= now ? tenancy : { ...tenancy, to: now };
      });
      const tenancies = followed(unit, ended);
      const isSame = JSON.stringify(tenancies) === JSON.stringify(unit.tenancies);
      return isSame ? [] : { ...unit, tenancies };
    });
    if (changed.length > 0) await hub.units.units.save(scope, organizationId, changed);
    const records = await hub.residents.list(scope, on.communityId);
    const record = records.find((one) => one.residentId === residentId);
    if (record) await hub.residents.remove(scope, organizationId, [record]);
  }
  const after = await hub.people.change(scope, personId, (person) => ({
    ...person,
    memberships: person.memberships.filter((one) => !membershipIds.has(one.membershipId)),
  }));
  const isGone = after.memberships.length === 0;
  if (isGone) {
    await hub.people.remove(scope, personId);
    await hub.signIns.endAll(personId);
    await hub.links.end(personId);
    await hub.outbox.forget(personId);
  }
  for (const community of await hub.communities.list(scope))
    if (communities.has(community.communityId)) await hub.adopt(community);
  return isGone;
}
