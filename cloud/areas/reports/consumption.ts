/** `consumption`: what a meter or a home used, by calendar. */
import { z } from "zod";
import { route } from "#cloud/api/route.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import {
  answerOf,
  checkAsked,
  ConsumptionAsked,
  countOf,
  stretchesOf,
  zonesOf,
} from "#cloud/hub/meter-consumption.ts";
import { AnyDeviceId } from "#shared/api/devices.ts";
import { ConsumptionAnswer } from "#shared/api/reports.ts";
import { Fault } from "#shared/model/fault.ts";
import type { CommunityId } from "#shared/model/ids.ts";
import { meterKindIds } from "#shared/model/meter-kinds.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { isCounted } from "#shared/series/billing.ts";
import { startOfDay } from "#shared/series/calendar.ts";
import { virtualConsumption, type VirtualMember } from "#shared/series/virtual-meter.ts";
import { windowOf } from "#shared/series/window.ts";

const ofDevice = route({
  method: "get",
  path: "/devices/:dev_eui/consumption",
  right: "consumption.read",
  title: "What a meter counted, by hour, day or month of its community's calendar.",
  params: z.object({ dev_eui: AnyDeviceId }),
  query: ConsumptionAsked,
  answer: { data: ConsumptionAnswer },
  open:
    (parts) =>
    async ({ scope, params, query }) => {
      checkAsked(query);
      const { device, community } = await parts.inventory.find(scope, params.dev_eui);
      if (!community || !isCounted(device.kind)) return answerOf(undefined, null);
      const zones = zonesOf(community);
      const [fromMs, toMs] = [startOfDay(zones, query.from), startOfDay(zones, query.to)];
      const counted = await Promise.all(
        stretchesOf(device, community.communityId, fromMs, toMs).map(async (window) => {
          const of = { device, tenant: community.tenant, zones, window };
          return { sign: 1, ...window, answer: await countOf(parts, scope, of, query) } as const;
        }),
      );
      const register = counted.find(({ answer }) => answer)?.answer?.register ?? null;
      return answerOf(counted[1] ? virtualConsumption(counted) : counted[0]?.answer, register);
    },
});

const ofUnit = route({
  method: "get",
  path: "/units/:unit_id/consumption",
  right: "consumption.read",
  title: "What a home used of one kind, by calendar: its meters one after the other.",
  params: z.object({ unit_id: z.string().max(64) }),
  query: ConsumptionAsked.extend({ kind: z.enum(meterKindIds).default("cold_water") }),
  answer: { data: ConsumptionAnswer },
  open:
    (parts) =>
    async ({ scope, params, query: { kind, ...query } }) => {
      checkAsked(query);
      const { hub } = parts;
      const { unitId, communityId } = await hub.units.units.find(scope, params.unit_id);
      if (!isCounted(kind))
        throw new Fault("invalid", `kind: of ${kind} nothing is counted.`, {
          fields: { kind: "nothing is counted of it" },
        });
      const community = await hub.communities.find(scope, communityId);
      const zones = zonesOf(community);
      const members: VirtualMember[] = [];
      for (const device of await devicesOf(hub, scope, communityId))
        for (const installation of device.installations) {
          if (device.kind !== kind || installation.unitId !== unitId) continue;
          const window = windowOf(installation);
          const of = { device, tenant: community.tenant, zones, window };
          const answer = await countOf(parts, scope, of, query);
          members.push({ sign: 1, fromMs: window.fromMs, toMs: window.toMs, answer });
        }
      return answerOf(virtualConsumption(members), null);
    },
});

async function devicesOf(hub: Hub, scope: HubScope, communityId: CommunityId) {
  return hub.devices.everHeldBy(scope, scope.organizationId, communityId);
}

export const consumptionRoutes = [ofDevice, ofUnit];
