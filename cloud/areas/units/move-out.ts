/**
 * `move-out`: who lives in a home changes, in one call: the final indexes are noted, those who go
 * go, and those who come come, or nobody. All of it stands in the home's one document.
 */
import { z } from "zod";
import type { AreaParts } from "#cloud/api/area-parts.ts";
import { scopeFor, type Asker } from "#cloud/api/asker.ts";
import { route } from "#cloud/api/route.ts";
import type { Trail } from "#cloud/api/trail.ts";
import { invite } from "#cloud/auth/invite.ts";
import { change } from "#cloud/hub/change.ts";
import { indexOf } from "#shared/model/decimal-index.ts";
import type { CommunityDoc, Hub, UnitDoc } from "#cloud/hub/hub.ts";
import { momentOf } from "#cloud/hub/moment.ts";
import { reachesCommunity } from "#cloud/hub/scoped-documents.ts";
import { ended, livingIn, tenancyIn, withTenancy } from "#cloud/hub/tenancies.ts";
import { MoveOut, UnitDetails, type MovesIn } from "#shared/api/units.ts";
import { Fault } from "#shared/model/fault.ts";
import { DevEui, DeviceId, newId, type ResidentId, type TenancyId } from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { toldUnit, unitToChange } from "./one-unit.ts";
import { checkResident } from "./tenancies.ts";
import type { Move } from "./unit-store.ts";
import { whoLives } from "#cloud/hub/who-lives.ts";

export const moveOut = route({
  method: "post",
  path: "/units/:id/move-out",
  right: "units.write",
  title:
    "Notes final indexes, ends the tenancies of those who go and begins those of who comes; without `next` the home is vacant.",
  params: z.object({ id: z.string().max(64) }),
  body: MoveOut,
  answer: { data: UnitDetails },
  open:
    (parts) =>
    async ({ scope, asker, params: { id }, body, trail }) => {
      const { hub } = parts;
      const { unit, community } = await unitToChange(hub, scope, id);
      const at =
        body.at === undefined
          ? new Date(hub.clock.now()).toISOString()
          : momentOf(community, body.at);
      const who = await whoLives(hub, asker);
      const indexes = await readOff(hub, scope, unit, at, body.indexes);
      for (const one of body.next)
        if ("resident" in one) await checkResident(hub, scope, community, one.resident);
      if (body.next.some((one) => !("resident" in one))) checkMayAdd(asker, community);
      // Someone new gets an id now and becomes somebody once it is sure that the move can be.
      const coming = body.next.map((one) => ({
        one,
        tenancyId: newId<TenancyId>("t", hub.random),
        residentId: "resident" in one ? one.resident : newId<ResidentId>("r", hub.random),
      }));
      const moveId = newId<string>("mv", hub.random);
      const moved = (before: UnitDoc): UnitDoc => {
        const going =
          body.tenancies?.map((one) => tenancyIn(before, one).tenancyId) ??
          livingIn(before, at).map(({ tenancyId }) => tenancyId);
        if (going.length === 0 && coming.length === 0)
          throw new Fault("conflict", `Nobody lives in ${before.name} then, and nobody comes.`);
        let after = before;
        for (const tenancyId of new Set(going)) {
          // The household goes with the one who let it in.
          const { partOf } = tenancyIn(before, tenancyId);
          if (partOf === undefined || !going.includes(partOf)) after = ended(after, tenancyId, at);
        }
        for (const { tenancyId, residentId } of coming)
          after = withTenancy(after, { tenancyId, residentId, from: at }, who.whoIs);
        const move: Move = {
          moveId,
          at,
          out: going,
          in: coming.map(({ tenancyId }) => tenancyId),
          indexes,
          ...(body.note === undefined ? {} : { note: body.note }),
          notedAt: new Date(hub.clock.now()).toISOString(),
        };
        return { ...after, moves: [...(after.moves ?? []), move] };
      };
      moved(await hub.units.units.find(scope, id));
      for (const { one, residentId } of coming)
        await welcome(parts, scope, community, { one, residentId, trail });
      const { after } = await change(hub.units.units, scope, id, moved);
      const move = after.moves?.at(-1);
      trail.note({
        what: "unit.move-out",
        communityId: community.communityId,
        target: { type: "unit", id: after.unitId, name: after.name },
        after: { at, out: move?.out, in: move?.in, indexes: move?.indexes },
      });
      await hub.adopt(community);
      return toldUnit(parts, scope, asker, id);
    },
});

/** Counters are read where they hang. @throws Fault "not_found" for a device out of reach, "conflict" for one that hung elsewhere */
async function readOff(
  hub: Hub,
  scope: HubScope,
  unit: UnitDoc,
  at: string,
  told: MoveOut["indexes"],
): Promise<Move["indexes"]> {
  const indexes: Move["indexes"] = [];
  for (const { device: name, index, unit: of } of told) {
    const deviceId = DevEui.safeParse(name).data ?? DeviceId.safeParse(name).data ?? "";
    const device = await hub.devices.find(scope, deviceId);
    const hangs = device.installations.some(
      ({ unitId, from, to }) =>
        unitId === unit.unitId && from <= at && (to === undefined || at <= to),
    );
    if (!hangs)
      throw new Fault("conflict", `${device.name} does not hang in ${unit.name} at that time.`);
    indexes.push({
      deviceId: device.deviceId,
      ...indexOf(index),
      ...(of === undefined ? {} : { unit: of }),
    });
  }
  return indexes;
}

/** @throws Fault "forbidden" */
function checkMayAdd(asker: Asker, { communityId }: CommunityDoc): void {
  const scope = scopeFor(asker, "people.write");
  if (!scope || !reachesCommunity(scope, communityId))
    throw new Fault("forbidden", "Your role does not allow adding somebody new.");
}

async function welcome(
  { hub, url }: AreaParts,
  scope: HubScope,
  { communityId, language }: CommunityDoc,
  { one, residentId, trail }: { one: MovesIn; residentId: ResidentId; trail: Trail },
): Promise<void> {
  if ("resident" in one) return;
  const { person } = await invite(
    hub,
    scope,
    {
      organizationId: scope.organizationId,
      email: one.email ?? null,
      firstName: one.first_name,
      lastName: one.last_name,
      phone: one.phone ?? null,
      language: one.language ?? language,
      role: "resident",
      on: { kind: "community", communityId },
      residentId,
    },
    { way: one.invite, hubUrl: url() },
  );
  trail.note({
    what: "person.add",
    communityId,
    target: { type: "person", id: person.personId },
    forWhom: person.personId,
    after: { role: "resident" },
  });
}
