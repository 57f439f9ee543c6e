/**
 * `end-deleted`: destroys what belonged to communities whose time to be brought back is over. A
 * chore of the process. Every step finds nothing to do the second time, and the community's own
 * document goes last: what is cut off is finished the next time.
 */
import { buryTenantName } from "./tenant-name.ts";
import { databaseName, parseDatabaseName } from "#shared/model/database-names.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { Doc, Shelf } from "#shared/couch/database.ts";
import { carryOut } from "./deletion.ts";
import { everyDoc } from "./every-doc.ts";
import type { CommunityDoc, DeviceDoc, Hub } from "./hub.ts";
import { leave } from "./leave.ts";
import { removeAll } from "./remove-all.ts";

const scope = systemScope("end-deleted");
const BATCH = 500;

/** Resolves with the tenants that are gone for good. */
export async function endDeleted(hub: Hub): Promise<string[]> {
  const gone: string[] = [];
  for (const community of await hub.deletedCommunities.list(scope)) {
    // A deletion that was cut off.
    await carryOut(hub, community);
    const { deletion, tenant } = community;
    if (!deletion || Date.parse(deletion.endsAt) > hub.clock.now()) continue;
    await destroy(hub, community);
    gone.push(tenant);
  }
  return gone;
}

async function destroy(hub: Hub, community: CommunityDoc): Promise<void> {
  const { communityId, organizationId, tenant } = community;
  // First: databases that come back from a backup do not bring it back, and gateways let go of it.
  await hub.journal.add("tenant", tenant);
  await hub.tellDestroyed(tenant);
  await endMemberships(hub, community);
  await endKeys(hub, community);
  for (const gateway of await hub.gateways.list(scope))
    if (gateway.communities.includes(communityId))
      await hub.gateways.change(scope, gateway.gatewayId, (now) => ({
        ...now,
        communities: now.communities.filter((id) => id !== communityId),
      }));
  for (const name of await hub.databases.names()) {
    const parsed = parseDatabaseName(name);
    if (parsed && "tenant" in parsed && parsed.tenant === tenant) await hub.databases.destroy(name);
  }
  hub.months.forget(tenant);
  await emptyRollup(await hub.databases.openShelf(databaseName.roll), tenant);
  await buryTenantName(hub, tenant);
  const riser = hub.registry.riser.database;
  for (const prefix of [`bundle:${communityId}:`, `left-behind:${communityId}:`])
    await removeAll(riser, await riser.list({ from: prefix, to: `${prefix}\uffff` }));

  const image = await hub.registry.organization(organizationId);
  const docs = [...(await image.fresh()).values()];
  const released = docs.flatMap((doc) => {
    const { formerly, ...device } = doc as unknown as DeviceDoc;
    return doc.type === "device" && formerly?.communityId === communityId ? device : [];
  });
  await hub.devices.save(scope, organizationId, released);
  const theirs = docs.filter(
    (doc) => doc.communityId === communityId && doc._id !== community._id && doc.type !== "device",
  );
  await removeAll(image.database, theirs);
  const last = await image.database.get(community._id);
  if (last) await removeAll(image.database, [last]);
  await hub.journal.lift("closed", tenant);
}

/** Whoever was somebody there is it no more; with their last membership they go. */
async function endMemberships(hub: Hub, { communityId }: CommunityDoc): Promise<void> {
  for (const { personId, memberships } of await hub.people.list(scope)) {
    const theirs = memberships.filter(
      ({ on }) => on.kind === "community" && on.communityId === communityId,
    );
    if (theirs.length > 0)
      await leave(hub, personId, new Set(theirs.map(({ membershipId }) => membershipId)));
  }
}

/** Keys for this community alone end. */
async function endKeys(hub: Hub, { communityId, organizationId }: CommunityDoc): Promise<void> {
  const there = new Set((await hub.communities.list(scope)).map((one) => one.communityId));
  for (const key of await hub.apiKeys.list(scope)) {
    const { keyId, communities, revokedAt } = key;
    if (key.organizationId !== organizationId || revokedAt !== null) continue;
    if (!communities?.includes(communityId)) continue;
    if (!communities.some((id) => there.has(id))) await hub.apiKeys.revoke(scope, keyId);
  }
}

/** Takes a tenant's documents out of the rollup, whatever kinds there are: `kind:tenant` and `kind:tenant:…`. */
async function emptyRollup(roll: Shelf, tenant: string): Promise<void> {
  for (let from = ""; ;) {
    const [first] = await roll.ids({ from, limit: 1 });
    if (first === undefined) return;
    const kind = first.slice(0, first.indexOf(":"));
    const exact = `${kind}:${tenant}`;
    const one = await roll.get(exact);
    if (one) await removeAll(roll, [one]);
    let batch: Doc[] = [];
    for await (const doc of everyDoc(roll, { from: `${exact}:`, to: `${exact}:\uffff` })) {
      batch.push(doc);
      if (batch.length < BATCH) continue;
      await removeAll(roll, batch);
      batch = [];
    }
    await removeAll(roll, batch);
    // What comes behind a colon: the next kind.
    from = `${kind};`;
  }
}
