/**
 * `accept`: heard devices become registered ones, each with its home in one step. What was heard of
 * them before is theirs: they are held from the first time somebody heard them.
 */
import type { AreaParts } from "#cloud/api/area-parts.ts";
import { route } from "#cloud/api/route.ts";
import { adoptThose } from "#cloud/hub/devices/adopt-those.ts";
import { communityFor } from "#cloud/hub/devices/community-for.ts";
import { drawDevice, type DrawContext, type Drawn } from "#cloud/hub/devices/draw-device.ts";
import { homeAt, placeOf } from "#cloud/hub/devices/home-for.ts";
import { installed } from "#cloud/hub/devices/installing.ts";
import { drawContext, registerDevices } from "#cloud/hub/devices/register-devices.ts";
import type { Sighting } from "#cloud/hub/gateway-reports.ts";
import { momentOf } from "#cloud/hub/moment.ts";
import {
  AcceptSightings,
  SightingOutcomes,
  type AcceptSighting,
  type SightingOutcome,
} from "#shared/api/unregistered.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import { newId, type CommunityId, type DeviceId, type InstallationId } from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";

/** A session somebody else's network server began: of whom, nobody can say. */
const SESSION = "x-devaddr-";

export const accept = route({
  method: "post",
  path: "/unregistered/accept",
  right: "devices.write",
  title:
    "Registers heard devices, with community and home where they are said: each row has its own outcome. What was heard before is kept.",
  body: AcceptSightings,
  answer: { data: SightingOutcomes },
  open:
    (parts) =>
    async ({ scope, body, trail }) => {
      const { hub, reports, news } = parts;
      const heard = new Map<DeviceId, Sighting>();
      for (const which of ["rejected", "open"] as const)
        for (const one of await reports.sightings(scope, which)) heard.set(one.deviceId, one);
      const context = await drawContext(hub, scope);
      const outcomes = new Map<number, SightingOutcome>();
      const tell = (row: number, dev_eui: string, why?: Fault) =>
        outcomes.set(row, {
          row,
          dev_eui,
          ok: why === undefined,
          error: why ? { code: why.code, message: why.message } : null,
        });
      const drawn = new Map<DeviceId, { row: number; drawn: Drawn }>();
      for (const [row, wish] of body.rows.entries())
        try {
          const deviceId = wish.dev_eui as DeviceId;
          if (drawn.has(deviceId)) throw new Fault("conflict", "It is in the list twice.");
          drawn.set(deviceId, {
            row,
            drawn: await drawnFrom(parts, scope, wish, heard.get(deviceId), context),
          });
        } catch (error) {
          if (!isFault(error)) throw error;
          tell(row, wish.dev_eui, error);
        }
      const all = [...drawn.values()];
      const refused = await registerDevices(
        hub,
        scope,
        all.map((one) => one.drawn),
      );
      const taken: Drawn[] = [];
      for (const { row, drawn: one } of all) {
        const { deviceId, communityId, name } = one.device;
        const why = refused.get(deviceId);
        tell(row, deviceId, why);
        if (why) continue;
        taken.push(one);
        trail.note({
          what: "unregistered accepted",
          communityId,
          target: { type: "device", id: deviceId },
          after: { name, units: one.device.installations.map(({ unitId }) => unitId) },
        });
      }
      await hub.rejections.restore(
        scope,
        taken.map(({ device }) => device.deviceId),
      );
      await adoptThose(
        hub,
        scope,
        taken.map(({ device }) => device.communityId),
      );
      if (taken.length > 0) {
        news.tell(scope.organizationId, "devices");
        news.tell(scope.organizationId, "unregistered");
      }
      const rows = [...outcomes.values()].sort((a, b) => a.row - b.row);
      return { done: taken.length, failed: rows.length - taken.length, rows };
    },
});

/** What a row makes of a device that was heard. @throws Fault that says why it cannot be */
async function drawnFrom(
  { hub }: Pick<AreaParts, "hub">,
  scope: HubScope,
  wish: AcceptSighting,
  sighting: Sighting | undefined,
  context: DrawContext,
): Promise<Drawn> {
  const { dev_eui, community, unit_id, end_user_id, valid_from, start_index, ...said } = wish;
  if (dev_eui.startsWith(SESSION))
    throw new Fault("invalid", "Of this one only a session is known: register it by its DevEUI.");
  if (!sighting) throw new Fault("not_found", "Nobody heard such a device here.");
  const hasHome = unit_id !== undefined || end_user_id !== undefined;
  const place = hasHome ? await placeOf(hub, scope, { unit_id, end_user_id }) : undefined;
  const communityId = place?.community.communityId ?? (await communityFor(hub, scope, community));
  if (place && community !== undefined && community !== "") {
    const named = await communityFor(hub, scope, community);
    if (named !== communityId)
      throw new Fault("invalid", "The home is in another community.", {
        fields: { community: "is not the home's" },
      });
  }
  const guess = sighting.last.guess?.model;
  const { last } = sighting;
  const model = said.decoder ?? ((said.model ?? null) === null ? guess : undefined);
  const keyed = said.app_key !== undefined || said.nwk_key !== undefined;
  const made = drawDevice(
    {
      ...said,
      ...(model === undefined ? {} : { decoder: model }),
      // A join told it: with the key that is all a home network server needs.
      ...(keyed && said.join_eui === undefined && last.joinEui !== undefined
        ? { join_eui: last.joinEui }
        : {}),
      dev_eui,
      device_name: said.device_name ?? said.serial_number ?? dev_eui,
      device_type: said.device_type ?? said.kind ?? "device",
    },
    communityId,
    context,
  );
  if (communityId === null) return made;
  const now = new Date(context.nowMs).toISOString();
  const from =
    place === undefined || valid_from === undefined ? now : momentOf(place.community, valid_from);
  const device = heldSince(made.device, communityId, [sighting.firstAt, from, now]);
  if (!place) return { ...made, device };
  const mounting = {
    communityId,
    from,
    startIndex: start_index === undefined ? undefined : String(start_index),
  };
  const id = newId<InstallationId>("i", hub.random);
  // A dry run first: a refusal must not leave a home behind that was made for it.
  installed(device, id, { ...mounting, unitId: "u-0000000000000000" as never });
  const { unitId } = await homeAt(hub, scope, place, from);
  return { ...made, device: installed(device, id, { ...mounting, unitId }) };
}

function heldSince(
  device: Drawn["device"],
  communityId: CommunityId,
  moments: readonly string[],
): Drawn["device"] {
  const [from] = moments.toSorted();
  return { ...device, held: [{ communityId, from: from as string }] };
}
