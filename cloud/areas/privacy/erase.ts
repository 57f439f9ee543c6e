/**
 * `erase`: a person is erased: on the hub at once, on gateways with the next generation of their
 * `site`, and each gateway's confirmation is written down. What was measured stays, and stays
 * nobody's.
 */
import { z } from "zod";
import { Paging } from "#cloud/api/paging.ts";
import { route } from "#cloud/api/route.ts";
import type { PersonDoc } from "#cloud/auth/people-store.ts";
import { checkNotLastOperator, mayActOn } from "#cloud/auth/ranks.ts";
import { erasureStore, type ErasureDoc } from "#cloud/hub/erasure-store.ts";
import type { CommunityDoc, Hub } from "#cloud/hub/hub.ts";
import { leave } from "#cloud/hub/leave.ts";
import { databaseName } from "#shared/model/database-names.ts";
import { ErasurePreview, ErasureRow } from "#shared/api/privacy.ts";
import { Fault } from "#shared/model/fault.ts";
import { PersonId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";

const Params = z.object({ person: PersonId });
const system = systemScope("privacy");

/** The communities whose gateways know somebody as a resident. */
async function communitiesOf(hub: Hub, { memberships }: PersonDoc): Promise<CommunityDoc[]> {
  const ids = new Set(
    memberships.flatMap(({ on, residentId }) =>
      on.kind === "community" && residentId !== undefined ? [on.communityId as string] : [],
    ),
  );
  return (await hub.communities.list(system)).filter(({ communityId }) => ids.has(communityId));
}

async function gatewaysOf(hub: Hub, communities: readonly CommunityDoc[]) {
  const all = (await hub.gateways.list(system)).filter(
    ({ gatewayId }) => !hub.gateways.isRevoked(gatewayId),
  );
  return communities.flatMap((community) =>
    all
      .filter((one) => one.communities.includes(community.communityId))
      .map((gateway) => ({ gateway, community })),
  );
}

/** What has to be typed: the address, or the name of somebody without one. */
const wordOf = ({ email, firstName, lastName, personId }: PersonDoc) =>
  email ?? (`${firstName} ${lastName}`.trim() || personId);

export const previewErasure = route({
  method: "get",
  path: "/people/:person/erasure",
  right: "privacy.write",
  title: "What would go with a person's erasure, what stays, and which gateways have to confirm.",
  params: Params,
  answer: { data: ErasurePreview },
  open:
    ({ hub }) =>
    async ({ params, scope, asker }) => {
      await hub.people.find(scope, params.person);
      const person = await mayActOn(hub, asker, "privacy.write", params.person);
      const communities = await communitiesOf(hub, person);
      const residents = new Set(person.memberships.flatMap(({ residentId }) => residentId ?? []));
      let tenancies = 0;
      for (const { communityId } of communities)
        for (const unit of await hub.units.units.list(system, communityId))
          tenancies += unit.tenancies.filter((one) => residents.has(one.residentId)).length;
      const { personId, firstName, lastName, memberships } = person;
      return {
        person: { id: personId, name: `${firstName} ${lastName}`.trim() },
        memberships: memberships.length,
        tenancies,
        sign_ins: (await hub.signIns.of(personId, person.signInEpoch ?? 0)).length,
        gateways: (await gatewaysOf(hub, communities)).map(({ gateway, community }) => ({
          gateway_id: gateway.gatewayId,
          name: gateway.name,
          community: community.name,
        })),
        stays: [
          "What the meters of their homes counted: it belongs to the home.",
          "That somebody lived there and when, without who it was.",
          "The audit, in which people stand by numbers that lead to nobody any more.",
        ],
        confirm: wordOf(person),
      };
    },
});

export const erasePerson = route({
  method: "post",
  path: "/people/:person/erasure",
  right: "privacy.write",
  title: "Erases a person, here and on every gateway. Cannot be taken back.",
  params: Params,
  body: z.strictObject({
    /** As the preview says. */
    confirm: z.string().max(300),
    reason: z.string().trim().min(1).max(500).optional(),
  }),
  answer: { data: ErasureRow },
  open:
    ({ hub, news }) =>
    async ({ params, scope, asker, body, trail }) => {
      await hub.people.find(scope, params.person);
      const person = await mayActOn(hub, asker, "privacy.write", params.person);
      const { personId, memberships } = person;
      if (personId === asker.id)
        throw new Fault("conflict", "Nobody erases themselves: ask another administrator.");
      if (body.confirm.trim().toLowerCase() !== wordOf(person).trim().toLowerCase())
        throw new Fault("invalid", "confirm: type what the preview says.", {
          fields: { confirm: "is not what the preview says" },
        });
      await checkNotLastOperator(hub, scope.organizationId, personId);
      trail.note({
        what: "person.erase",
        target: { type: "person", id: personId },
        forWhom: personId,
        ...(body.reason === undefined ? {} : { reason: body.reason }),
      });
      const communities = await communitiesOf(hub, person);
      const concerned = await gatewaysOf(hub, communities);
      // First the word that outlives a backup: whatever is cut off from here on is done again.
      for (const { residentId } of memberships)
        if (residentId !== undefined) await hub.journal.add("erased", residentId);
      await hub.journal.add("erased", personId);
      await leave(hub, personId, new Set(memberships.map(({ membershipId }) => membershipId)));
      const generations = new Map<string, number>();
      for (const { communityId } of communities) {
        // A new database: of the old one nothing is left, no revision and no tombstone.
        await hub.renewSite(communityId);
        const { generation } = await hub.communities.find(system, communityId);
        generations.set(communityId, generation);
      }
      await hub.databases.compact(databaseName.hub);
      for (const organizationId of new Set(memberships.map((one) => one.organizationId)))
        await hub.databases.compact(databaseName.organization(organizationId));
      const doc = await erasureStore(hub).add({
        organizationId: scope.organizationId,
        personId,
        at: new Date(hub.clock.now()).toISOString(),
        by: asker.id,
        ...(body.reason === undefined ? {} : { reason: body.reason }),
        gateways: concerned.map(({ gateway, community }) => ({
          gatewayId: gateway.gatewayId,
          communityId: community.communityId,
          generation: generations.get(community.communityId) ?? 0,
        })),
      });
      news.tell(scope.organizationId, "devices");
      return rowOf(hub, doc);
    },
});

export const listErasures = route({
  method: "get",
  path: "/erasures",
  right: "privacy.write",
  title: "Who was erased and which gateways have confirmed it, newest first.",
  query: Paging,
  answer: { rows: ErasureRow },
  open:
    ({ hub }) =>
    async ({ scope, query: { limit, offset } }) => {
      const all = await erasureStore(hub).list(scope);
      const rows = await Promise.all(
        all.slice(offset, offset + limit).map((doc) => rowOf(hub, doc)),
      );
      return { rows, total: all.length };
    },
});

async function rowOf(hub: Hub, doc: ErasureDoc): Promise<ErasureRow> {
  const names = new Map<string, string>(
    (await hub.gateways.list(system)).map((one) => [one.gatewayId, one.name]),
  );
  const communities = new Map<string, string>(
    (await hub.communities.list(system)).map((one) => [one.communityId, one.name]),
  );
  const gateways = doc.gateways.map(({ gatewayId, communityId, confirmedAt }) => ({
    gateway_id: gatewayId,
    name: names.get(gatewayId) ?? "",
    community: communities.get(communityId) ?? "",
    confirmed_at: confirmedAt ?? null,
  }));
  return {
    id: doc._id.split(":").at(-1) ?? doc._id,
    person_id: doc.personId,
    at: doc.at,
    by: doc.by,
    reason: doc.reason ?? null,
    gateways,
    is_done: gateways.every((one) => one.confirmed_at !== null),
  };
}
