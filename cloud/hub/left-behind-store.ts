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
import type { Scope, SystemScope } from "#shared/model/scope.ts";
import { save } from "./save.ts";
import { reachesCommunity, reachesOrganization } from "./scoped-documents.ts";

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
    scope: SystemScope,
    communityId: CommunityId,
    gatewayId: GatewayId,
    sessions: readonly LeftBehind[],
    neverJoin: ReadonlySet<DeviceId>,
  ): Promise<void>;
  /** What a gateway was not handed of these communities, as far as they are in reach: devices that have to join anew. */
  of(
    scope: Scope,
    gateway: Pick<GatewayDoc, "gatewayId" | "organizationId" | "replaces">,
    communityIds: readonly CommunityId[],
  ): Promise<LeftBehind[]>;
}

const idOf = (communityId: CommunityId, gatewayId: GatewayId) =>
  `left-behind:${communityId}:${gatewayId}`;

export function leftBehindStore(riser: Database, tally?: Tally): LeftBehindStore {
  const read = async (ids: readonly string[]) =>
    // One that cannot be read is written again with the next site.
    (await riser.getMany([...ids])).flatMap(
      (doc) => LeftBehindDoc.safeParse(doc).data?.sessions ?? [],
    );
  return {
    async note(_scope, communityId, gatewayId, leftBehind, neverJoin) {
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
    async of(scope, { gatewayId, organizationId, replaces }, communityIds) {
      if (replaces === undefined || !reachesOrganization(scope, organizationId)) return [];
      const reached = communityIds.filter((communityId) => reachesCommunity(scope, communityId));
      const all = await read(reached.map((communityId) => idOf(communityId, gatewayId)));
      return all.filter(({ neverJoins }) => neverJoins !== true);
    },
  };
}
