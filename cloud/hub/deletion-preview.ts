/** `deletion-preview`: what would go with a community, counted before anybody deletes it. */
import type { DeletionPreview } from "#shared/api/communities.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { Shelf } from "#shared/couch/database.ts";
import { readingsIn, type DayDoc } from "#shared/series/day.ts";
import { UNDO_DAYS } from "./deletion.ts";
import { everyDoc } from "./every-doc.ts";
import type { CommunityDoc, Hub } from "./hub.ts";

const scope = systemScope("deletion-preview");

/** Counts for somebody who may delete it; ids and numbers of people, no names. */
export async function deletionPreview(
  hub: Hub,
  roll: Shelf,
  community: CommunityDoc,
): Promise<DeletionPreview> {
  const { communityId, tenant, name } = community;
  const units = await hub.units.units.list(scope, communityId);
  let memberships = 0;
  let going = 0;
  for (const person of await hub.people.list(scope)) {
    const theirs = person.memberships.filter(
      ({ on }) => on.kind === "community" && on.communityId === communityId,
    );
    memberships += theirs.length;
    if (theirs.length > 0 && theirs.length === person.memberships.length) going++;
  }
  const prefix = `day:${tenant}:`;
  let readings = 0;
  for await (const day of everyDoc<DayDoc>(roll, { from: prefix, to: `${prefix}\uffff` }))
    readings += readingsIn(day);
  return {
    id: communityId,
    name,
    tenant_name: tenant,
    units: units.length,
    tenancies: units.reduce((sum, { tenancies }) => sum + tenancies.length, 0),
    memberships,
    people_who_go: going,
    readings,
    devices: (await hub.devices.list(scope, communityId)).length,
    gateways: (await hub.gateways.list(scope))
      .filter(({ communities }) => communities.includes(communityId))
      .map(({ gatewayId, name: called }) => ({ id: gatewayId, name: called })),
    sub_communities: (await hub.communities.list(scope))
      .filter(({ parentId }) => parentId === communityId)
      .map((one) => ({ id: one.communityId, name: one.name })),
    undo_days: UNDO_DAYS,
  };
}
