/** `consumption`: what a virtual meter counted, by calendar; computed now. */
import { route } from "#cloud/api/route.ts";
import {
  answerOf,
  checkAsked,
  ConsumptionAsked,
  countOf,
  stretchesOf,
  zonesOf,
} from "#cloud/hub/meter-consumption.ts";
import { ConsumptionAnswer } from "#shared/api/reports.ts";
import { Fault } from "#shared/model/fault.ts";
import { startOfDay } from "#shared/series/calendar.ts";
import { virtualConsumption, type VirtualMember } from "#shared/series/virtual-meter.ts";
import type { Window } from "#shared/series/window.ts";
import { heldBy, VirtualMeterParams } from "./look.ts";
import type { VirtualMeterDoc } from "./virtual-meter-store.ts";

type Member = VirtualMeterDoc["members"][number];

export const consumption = route({
  method: "get",
  path: "/virtual-meters/:id/consumption",
  right: "consumption.read",
  title:
    "What a virtual meter counted, by hour, day or month: null where a member has no number, never zero.",
  params: VirtualMeterParams,
  query: ConsumptionAsked,
  answer: { data: ConsumptionAnswer },
  open:
    (parts) =>
    async ({ scope, params: { id }, query }) => {
      checkAsked(query);
      const { hub } = parts;
      const { communityId, members } = await hub.virtualMeters.find(scope, id);
      const community = await hub.communities.find(scope, communityId);
      const devices = await heldBy(hub, scope, community);
      const zones = zonesOf(community);
      const [fromMs, toMs] = [startOfDay(zones, query.from), startOfDay(zones, query.to)];
      const counted: VirtualMember[] = [];
      for (const member of members) {
        const device = devices.get(member.deviceId);
        const windows = device ? stretchesOf(device, communityId, fromMs, toMs) : [];
        for (const { window, ...part } of partsOf(member, windows)) {
          const of = device && window && { device, tenant: community.tenant, zones, window };
          const answer = of && (await countOf(parts, scope, of, query));
          counted.push({ sign: member.sign, ...part, answer });
        }
      }
      const answers = counted.flatMap(({ answer }) => answer ?? []);
      const units = [...new Set(answers.map(({ unit }) => unit))];
      if (units.length > 1)
        throw new Fault(
          "conflict",
          `Its members count in ${units.join(" and ")}: that cannot be added.`,
        );
      const registers = [...new Set(answers.map(({ register }) => register))];
      const register = registers.length === 1 ? (registers[0] ?? null) : null;
      return answerOf(virtualConsumption(counted), register);
    },
});

interface Part {
  readonly fromMs: number;
  readonly toMs: number;
  /** What may be seen of it; undefined: nothing is known, and so nothing of the whole. */
  readonly window: Window | undefined;
}

/** A member's time in parts: what lies outside of the windows is missing in them, not left out. */
function partsOf({ from, to }: Member, windows: readonly Window[]): Part[] {
  const beginMs = from === undefined ? -Infinity : Date.parse(from);
  const endMs = to === undefined ? Infinity : Date.parse(to);
  if (windows.length === 0) return [{ fromMs: beginMs, toMs: endMs, window: undefined }];
  return windows.flatMap((window, i) => {
    const fromMs = i === 0 ? beginMs : Math.max(window.fromMs, beginMs);
    const toMs = windows[i + 1] ? Math.min(window.toMs, endMs) : endMs;
    if (fromMs >= toMs) return [];
    const seen = {
      ...window,
      fromMs: Math.max(window.fromMs, fromMs),
      toMs: Math.min(window.toMs, toMs),
    };
    return { fromMs, toMs, window: seen.fromMs < seen.toMs ? seen : undefined };
  });
}
