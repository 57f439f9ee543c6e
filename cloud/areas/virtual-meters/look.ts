/** `look`: virtual meters, listed and one alone. */
import { z } from "zod";
import { Paging } from "#cloud/api/paging.ts";
import { route } from "#cloud/api/route.ts";
import type { CommunityDoc, DeviceDoc, Hub } from "#cloud/hub/hub.ts";
import { isFoundIn, searchFor, searchText } from "#cloud/hub/search.ts";
import { AnyDeviceId } from "#shared/api/devices.ts";
import { VirtualMeterRow } from "#shared/api/virtual-meters.ts";
import { Fault } from "#shared/model/fault.ts";
import { meterKindIds } from "#shared/model/meter-kinds.ts";
import type { HubScope } from "#shared/model/scope.ts";
import type { VirtualMeterDoc } from "./virtual-meter-store.ts";

export const VirtualMeterParams = z.object({ id: z.string().max(64) });
const collator = new Intl.Collator("en", { numeric: true });

export const list = route({
  method: "get",
  path: "/virtual-meters",
  right: "devices.read",
  title: "Virtual meters by community and name, searched as one types.",
  query: Paging.extend({
    /** A community by id or `tenant_name`. */
    community: z.string().max(64).optional(),
    kind: z.enum(meterKindIds).optional(),
    /** Those of which a device is a member. */
    dev_eui: AnyDeviceId.optional(),
    /** Name, external id, community. */
    q: z.string().max(200).optional(),
  }),
  answer: { rows: VirtualMeterRow },
  open:
    ({ hub }) =>
    async ({ scope, query: { community, kind, dev_eui: member, q, limit, offset } }) => {
      const communities = await hub.communities.list(scope);
      const byId = new Map(communities.map((each) => [each.communityId, each]));
      const wanted = communities.find(
        ({ communityId, tenant }) => communityId === community || tenant === community,
      );
      if (community && !wanted) throw new Fault("not_found", "There is no such community here.");
      const search = searchFor(q);
      const found = (await hub.virtualMeters.list(scope, wanted?.communityId))
        .flatMap((doc) => {
          const of = byId.get(doc.communityId);
          return of ? [{ doc, of }] : [];
        })
        .filter(
          ({ doc: { name, externalId, kind: its, members }, of }) =>
            (kind === undefined || its === kind) &&
            (member === undefined || members.some(({ deviceId }) => deviceId === member)) &&
            isFoundIn(search, searchText([name, externalId, of.name, of.tenant])),
        )
        .sort(
          (a, b) =>
            collator.compare(a.of.name, b.of.name) || collator.compare(a.doc.name, b.doc.name),
        );
      const rows: VirtualMeterRow[] = [];
      for (const { doc, of } of found.slice(offset, offset + limit))
        rows.push(await rowOf(hub, scope, doc, of));
      return { rows, total: found.length };
    },
});

export const one = route({
  method: "get",
  path: "/virtual-meters/:id",
  right: "devices.read",
  title: "One virtual meter with its members.",
  params: VirtualMeterParams,
  answer: { data: VirtualMeterRow },
  open:
    ({ hub }) =>
    async ({ scope, params: { id } }) => {
      const doc = await hub.virtualMeters.find(scope, id);
      return rowOf(hub, scope, doc, await hub.communities.find(scope, doc.communityId));
    },
});

export async function rowOf(
  hub: Hub,
  scope: HubScope,
  doc: VirtualMeterDoc,
  community: CommunityDoc,
): Promise<VirtualMeterRow> {
  const devices = await heldBy(hub, scope, community);
  return {
    id: doc.virtualMeterId,
    name: doc.name,
    kind: doc.kind,
    community: {
      id: community.communityId,
      name: community.name,
      tenant_name: community.tenant,
    },
    members: doc.members.map(({ deviceId, sign, from, to }) => ({
      dev_eui: deviceId,
      device_name: devices.get(deviceId)?.name ?? null,
      sign: sign === 1 ? "plus" : "minus",
      valid_from: from ?? null,
      valid_to: to ?? null,
    })),
    external_id: doc.externalId ?? null,
    notes: doc.notes ?? null,
    created_at: doc.createdAt,
    updated_at: doc.updatedAt,
  };
}

/** The devices that a community holds or held. */
export async function heldBy(
  hub: Hub,
  scope: HubScope,
  { organizationId, communityId }: CommunityDoc,
): Promise<ReadonlyMap<string, DeviceDoc>> {
  const held = await hub.devices.everHeldBy(scope, organizationId, communityId);
  return new Map(held.map((device) => [device.deviceId, device]));
}
