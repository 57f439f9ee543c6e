/**
 * `after-restore`: what is done before a hub serves, so that databases from a backup bring nobody
 * back: the deny journal is applied, and after a restore every `site` gets a new generation, since
 * gateways may hold later revisions of the old one.
 *
 * Every step may be done again at any time; without a restore they find nothing to do.
 */
import { systemScope } from "#shared/model/scope.ts";
import { parseDatabaseName } from "#shared/model/database-names.ts";
import { carryOut, deletionFrom, returnDevices } from "./deletion.ts";
import type { Denial } from "./deny-journal.ts";
import { denialOf, removeDevice } from "./devices/remove-device.ts";
import type { DeviceDoc, Hub } from "./hub.ts";
import { codeDenialOf, endLanCode } from "./lan-code.ts";
import { leave } from "./leave.ts";
import { withdraw } from "./withdraw.ts";

const scope = systemScope("after-restore");

/** What holds of each kind; a kind without a line here does not compile. */
const enforce: Record<Denial, (hub: Hub, ids: ReadonlySet<string>) => Promise<number>> = {
  /** The deny list itself asks the journal: what else goes with it, and that people see it. */
  async gateway(hub, ids) {
    let changed = 0;
    for (const { gatewayId, withdrawn } of await hub.gateways.list(scope))
      if (ids.has(gatewayId) && !withdrawn) {
        const isReplaced = hub.journal.isDenied("replaced", gatewayId);
        await withdraw(hub, scope, gatewayId, isReplaced ? "replaced" : "revoked");
        changed++;
      }
    return changed;
  },
  // Says why of a gateway.
  replaced: async () => 0,
  // Whoever brings a code asks the journal.
  claim: async () => 0,
  async person(hub, ids) {
    let changed = 0;
    for (const person of await hub.people.list(scope))
      if (ids.has(person.personId) && !person.isDisabled) {
        await hub.people.change(scope, person.personId, (one) => ({ ...one, isDisabled: true }));
        changed++;
      }
    return changed;
  },
  async membership(hub, ids) {
    let changed = 0;
    for (const { personId, memberships } of await hub.people.list(scope)) {
      const going = memberships.filter(({ membershipId }) => ids.has(membershipId));
      if (going.length === 0) continue;
      await leave(hub, personId, new Set(going.map(({ membershipId }) => membershipId)));
      changed++;
    }
    return changed;
  },
  async key(hub, ids) {
    const open = (await hub.apiKeys.list(scope)).filter(
      ({ keyId, revokedAt }) => ids.has(keyId) && revokedAt === null,
    );
    for (const { keyId } of open) await hub.apiKeys.revoke(scope, keyId);
    return open.length;
  },
  /** Of a person or resident by id. */
  async erased(hub, ids) {
    let changed = 0;
    for (const person of await hub.people.list(scope))
      if (ids.has(person.personId)) {
        await hub.people.remove(scope, person.personId);
        changed++;
      }
    for (const resident of await hub.residents.list(scope))
      if (ids.has(resident.residentId)) {
        const community = await hub.communities.find(scope, resident.communityId);
        const image = await hub.registry.organization(community.organizationId);
        const doc = (await image.fresh()).get(resident._id);
        if (doc) await image.database.remove(doc._id, doc._rev as string);
        changed++;
      }
    return changed;
  },
  async code(hub, ids) {
    let changed = 0;
    const communities = await hub.communities.list(scope);
    for (const resident of await hub.residents.list(scope)) {
      const { code, communityId } = resident;
      if (!code || !ids.has(codeDenialOf(resident, code.finder))) continue;
      const community = communities.find((one) => one.communityId === communityId);
      if (community && (await endLanCode(hub, scope, community.organizationId, resident)))
        changed++;
    }
    return changed;
  },
  link: (hub, ids) => hub.links.endThese(ids),
  async device(hub, ids) {
    let changed = 0;
    for (const { organizationId } of await hub.registry.organizations()) {
      const image = await hub.registry.organization(organizationId);
      for (const device of (await image.freshOf<DeviceDoc>("device")).values())
        if (ids.has(denialOf(device))) {
          await removeDevice(hub, scope, organizationId, device);
          changed++;
        }
    }
    return changed;
  },
  /** Communities by `tenant_name`: they can still be brought back, and the time for it begins anew. */
  async closed(hub, ids) {
    let changed = 0;
    for (const community of await hub.communities.list(scope))
      if (ids.has(community.tenant)) {
        const closed = { ...community, deletion: deletionFrom(hub.clock.now(), "after-restore") };
        await hub.communities.save(scope, community.organizationId, [closed]);
        await carryOut(hub, closed);
        changed++;
      }
    return changed;
  },
  /** Communities by `tenant_name`. */
  async tenant(hub, ids) {
    let changed = 0;
    const here = await hub.communities.list(scope);
    for (const community of [...here, ...(await hub.deletedCommunities.list(scope))])
      if (ids.has(community.tenant)) {
        // Meters are the organization's, whoever had them.
        await returnDevices(hub, community);
        const { database } = await hub.registry.organization(community.organizationId);
        const image = await (await hub.registry.organization(community.organizationId)).fresh();
        for (const doc of image.values())
          if (doc.communityId === community.communityId)
            await database.remove(doc._id, doc._rev as string);
        changed++;
      }
    for (const name of await hub.databases.names()) {
      const parsed = parseDatabaseName(name);
      if (parsed && "tenant" in parsed && ids.has(parsed.tenant)) {
        await hub.databases.destroy(name);
        changed++;
      }
    }
    return changed;
  },
};

/** Applies the journal. Resolves with how many things were shut out again, by kind. */
export async function applyJournal(hub: Hub): Promise<Partial<Record<Denial, number>>> {
  const done: Partial<Record<Denial, number>> = {};
  for (const [what, work] of Object.entries(enforce) as [Denial, (typeof enforce)[Denial]][]) {
    const ids = new Set(hub.journal.denied(what));
    if (ids.size === 0) continue;
    const changed = await work(hub, ids);
    if (changed > 0) done[what] = changed;
  }
  return done;
}

/**
 * Gives every community's `site` a new generation. Gateways may hold any that was given since the backup: what
 * is counted in seconds since 1970 is beyond them all.
 */
export async function renewSites(hub: Hub): Promise<void> {
  const beyond = Math.floor(hub.clock.now() / 1000);
  for (const community of await hub.communities.list(scope))
    await hub.renewSite(community.communityId, beyond);
}
