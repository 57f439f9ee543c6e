/**
 * `left-behind-store`: which radio sessions a gateway did not get of the machine it replaces, and
 * why: written down, so that each is counted once and pages name its device until it joined anew.
 */
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { GatewayDoc } from "#cloud/areas/gateways/gateway-store.ts";
import type { Database } from "#shared/couch/database.ts";
import { CommunityId, DeviceId, GatewayId } from "#shared/model/ids.ts";
import { leftBehindReasons, type LeftBehind } from "#shared/model/left-behind.ts";
import type { Tally } from "#shared/model/refusals.ts";
import { save } from "./save.ts";

/**
 * `left-behind:{communityId}:{gatewayId}` in `riser`.
 *
 * History: 1 = first release.
 */
const LeftBehindDoc = z.object({
  _id: z.string().startsWith("left-behind:"),
  type: z.literal("left-behind"),
  v: z.literal(1),
  communityId: CommunityId,
  gatewayId: GatewayId,
  sessions: z.array(
    z.object({
      deviceId: DeviceId,
      why: z.enum(leftBehindReasons),
      /** It has its session for life: without its counters it is heard all the same. */
      neverJoins: z.literal(true).optional(),
    }),
  ),
});

export interface LeftBehindStore {
  /** Takes all that a gateway cannot be handed of a community now; counts those it did not know. */
  note(
    communityId: CommunityId,
    gatewayId: GatewayId,
    sessions: readonly LeftBehind[],
    neverJoin: ReadonlySet<DeviceId>,
  ): Promise<void>;
  /** What a gateway was not handed of these communities: devices that have to join anew. */
  of(
    gateway: Pick<GatewayDoc, "gatewayId" | "replaces">,
    communityIds: readonly CommunityId[],
  ): Promise<LeftBehind[]>;
}

const idOf = (communityId: CommunityId, gatewayId: GatewayId) =>
  `left-behind:${communityId}:${gatewayId}`;

export function leftBehindStore(riser: Database, tally?: Tally): LeftBehindStore {
  const read = async (ids: readonly string[]) =>
    (await riser.getMany([...ids])).flatMap((doc) => LeftBehindDoc.parse(doc).sessions);
  return {
    async note(communityId, gatewayId, leftBehind, neverJoin) {
      const sessions = leftBehind.map((one) =>
        neverJoin.has(one.deviceId) ? { ...one, neverJoins: true } : one,
      );
      const _id = idOf(communityId, gatewayId);
      const before = await read([_id]);
      if (isDeepStrictEqual(before, sessions)) return;
      const doc = { _id, type: "left-behind" as const, v: 1 as const, communityId, gatewayId };
      await save(riser, [{ ...doc, sessions }]);
      const known = new Map(before.map(({ deviceId, why }) => [deviceId, why]));
      for (const { deviceId, why } of sessions)
        if (known.get(deviceId) !== why) tally?.refused(why);
    },
    async of({ gatewayId, replaces }, communityIds) {
      if (replaces === undefined) return [];
      const all = await read(communityIds.map((communityId) => idOf(communityId, gatewayId)));
      return all.filter(({ neverJoins }) => neverJoins !== true);
    },
  };
}
