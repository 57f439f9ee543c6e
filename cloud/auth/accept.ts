/**
 * `accept`: somebody who was invited under an address that is theirs already becomes one with who
 * they are: the memberships move over, residents' records follow, the one who was invited is gone.
 */
import type { Hub } from "#cloud/hub/hub.ts";
import type { PersonId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { PersonDoc } from "./people-store.ts";

const scope = systemScope("accept");

/** What is done twice is done once: a cut in between is mended by accepting again. */
export async function acceptInvitation(
  hub: Hub,
  invited: PersonDoc,
  personId: PersonId,
): Promise<void> {
  await hub.people.change(scope, personId, (person) => {
    const ids = new Set(person.memberships.map(({ membershipId }) => membershipId));
    const more = invited.memberships.filter(({ membershipId }) => !ids.has(membershipId));
    return { ...person, memberships: [...person.memberships, ...more] };
  });
  const communities = new Set<string>();
  for (const { on, residentId, organizationId } of invited.memberships) {
    if (on.kind !== "community" || residentId === undefined) continue;
    communities.add(on.communityId);
    const record = (await hub.residents.list(scope, on.communityId)).find(
      (one) => one.residentId === residentId,
    );
    if (record) await hub.residents.save(scope, organizationId, [{ ...record, personId }]);
  }
  await hub.people.remove(scope, invited.personId);
  await hub.links.end(invited.personId);
  for (const community of await hub.communities.list(scope))
    if (communities.has(community.communityId)) await hub.adopt(community);
}
