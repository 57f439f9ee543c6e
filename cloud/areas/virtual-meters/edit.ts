/** `edit`: a new virtual meter, what it is put together from, its end. */
import { route } from "#cloud/api/route.ts";
import type { Trail } from "#cloud/api/trail.ts";
import { change } from "#cloud/hub/change.ts";
import { checkExternalId } from "#cloud/hub/external-id.ts";
import type { CommunityDoc, Hub } from "#cloud/hub/hub.ts";
import { momentOf } from "#cloud/hub/moment.ts";
import { archived } from "#cloud/hub/scoped-documents.ts";
import {
  NewVirtualMeter,
  VirtualMeterChange,
  VirtualMeterRow,
  type MemberGiven,
} from "#shared/api/virtual-meters.ts";
import { Fault } from "#shared/model/fault.ts";
import { newId } from "#shared/model/ids.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { isCounted } from "#shared/series/billing.ts";
import { heldBy, rowOf, VirtualMeterParams } from "./look.ts";
import type { VirtualMeterDoc } from "./virtual-meter-store.ts";

type Members = VirtualMeterDoc["members"];

export const add = route({
  method: "post",
  path: "/virtual-meters",
  right: "devices.write",
  title: "A new virtual meter: some meters plus others, minus others.",
  body: NewVirtualMeter,
  answer: { status: 201, data: VirtualMeterRow },
  open:
    ({ hub }) =>
    async ({ scope, body, trail }) => {
      const community = await hub.communities.find(scope, body.community);
      if (community.archivedAt !== undefined) throw archived(community.name);
      checkKind(body.kind);
      const members = await membersIn(hub, scope, community, body.members);
      const virtualMeterId = newId<string>("vm", hub.random);
      const now = new Date(hub.clock.now()).toISOString();
      const doc: VirtualMeterDoc = {
        _id: `virtual-meter:${virtualMeterId}`,
        type: "virtual-meter",
        v: 1,
        virtualMeterId,
        communityId: community.communityId,
        name: body.name,
        kind: body.kind,
        members,
        ...(body.external_id ? { externalId: body.external_id } : {}),
        ...(body.notes ? { notes: body.notes } : {}),
        createdAt: now,
        updatedAt: now,
      };
      await hub.inTurn(`virtual meters of ${scope.organizationId}`, async () => {
        await checkExternalId(hub, scope.organizationId, doc);
        await hub.virtualMeters.save(scope, scope.organizationId, [doc]);
      });
      note(trail, "virtual-meter.create", doc, { after: shownOf(doc) });
      return rowOf(hub, scope, doc, community);
    },
});

export const edit = route({
  method: "patch",
  path: "/virtual-meters/:id",
  right: "devices.write",
  title: "Changes a virtual meter; members are said all together.",
  params: VirtualMeterParams,
  body: VirtualMeterChange,
  answer: { data: VirtualMeterRow },
  open:
    ({ hub }) =>
    async ({ scope, params: { id }, body, trail }) => {
      const { communityId } = await hub.virtualMeters.find(scope, id);
      const community = await hub.communities.find(scope, communityId);
      if (body.kind) checkKind(body.kind);
      const members = body.members && (await membersIn(hub, scope, community, body.members));
      const { organizationId } = scope;
      const { before, after } = await hub.inTurn(`virtual meters of ${organizationId}`, () =>
        change(hub.virtualMeters, scope, id, async (doc) => {
          const { externalId, notes, ...rest } = doc;
          const [nextId, nextNotes] = [
            body.external_id === undefined ? externalId : body.external_id,
            body.notes === undefined ? notes : body.notes,
          ];
          const next: VirtualMeterDoc = {
            ...rest,
            name: body.name ?? doc.name,
            kind: body.kind ?? doc.kind,
            members: members ?? doc.members,
            ...(nextId ? { externalId: nextId } : {}),
            ...(nextNotes ? { notes: nextNotes } : {}),
            updatedAt: new Date(hub.clock.now()).toISOString(),
          };
          await checkExternalId(hub, organizationId, next);
          return next;
        }),
      );
      note(trail, "virtual-meter.change", after, {
        before: shownOf(before),
        after: shownOf(after),
      });
      return rowOf(hub, scope, after, community);
    },
});

export const remove = route({
  method: "delete",
  path: "/virtual-meters/:id",
  right: "devices.write",
  title: "Removes a virtual meter; its members and what they counted stay.",
  params: VirtualMeterParams,
  answer: { none: true },
  open:
    ({ hub }) =>
    async ({ scope, params: { id }, trail }) => {
      const doc = await hub.virtualMeters.find(scope, id);
      await hub.virtualMeters.remove(scope, scope.organizationId, [doc]);
      note(trail, "virtual-meter.remove", doc, { before: shownOf(doc) });
    },
});

/** @throws Fault "invalid" for a kind that has no index */
function checkKind(kind: MeterKindId): void {
  if (!isCounted(kind))
    throw new Fault("invalid", `kind: of ${kind} nothing is counted.`, {
      fields: { kind: "nothing is counted of it" },
    });
}

/** @throws Fault "not_found" for a device its community never held, "invalid" for one that is in it twice at a time */
async function membersIn(
  hub: Hub,
  scope: HubScope,
  community: CommunityDoc,
  given: readonly MemberGiven[],
): Promise<Members> {
  const devices = await heldBy(hub, scope, community);
  const members: Members = given.map(({ dev_eui: name, sign, valid_from: from, valid_to: to }) => {
    const device = devices.get(name);
    if (!device) throw new Fault("not_found", `There is no device ${name} here.`);
    if (!isCounted(device.kind)) throw wrong(`${device.name} counts nothing`);
    return {
      deviceId: device.deviceId,
      sign: sign === "plus" ? 1 : -1,
      ...(from ? { from: momentOf(community, from) } : {}),
      ...(to ? { to: momentOf(community, to) } : {}),
    };
  });
  for (const [i, { deviceId, from = "", to = "~" }] of members.entries()) {
    if (from >= to) throw wrong(`${deviceId} ends before it begins`);
    for (const other of members.slice(i + 1))
      if (other.deviceId === deviceId && (other.from ?? "") < to && from < (other.to ?? "~"))
        throw wrong(`${deviceId} is in it twice at a time`);
  }
  return members;
}

const wrong = (why: string) =>
  new Fault("invalid", `members: ${why}.`, { fields: { members: why } });

const shownOf = ({ name, kind, members }: VirtualMeterDoc) => ({
  name,
  kind,
  members: members.map(({ deviceId, sign, from, to }) =>
    [`${sign === 1 ? "+" : "-"}${deviceId}`, from ?? "", to ?? ""].join(" ").trim(),
  ),
});

function note(
  trail: Trail,
  what: string,
  { communityId, virtualMeterId, name }: VirtualMeterDoc,
  more: { before?: Record<string, unknown>; after?: Record<string, unknown> },
): void {
  const target = { type: "virtual-meter", id: virtualMeterId, name };
  trail.note({ what, communityId, target, ...more });
}
