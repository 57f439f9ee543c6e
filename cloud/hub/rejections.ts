/**
 * `rejections`: heard devices that somebody said are not theirs: they stay quiet. What is heard of
 * them is kept as before, so that one who was rejected by mistake comes back whole.
 */
import type { CommunityId, DeviceId } from "#shared/model/ids.ts";
import type { HubScope, Scope } from "#shared/model/scope.ts";
import type { Registry } from "./registry.ts";
import {
  organizationsOf,
  reachesCommunity,
  scopedDocuments,
  type MasterDoc,
} from "./scoped-documents.ts";

/**
 * `rejected:{deviceId}:{communityId or "all"}` in `o-{organization}`: for the whole organization, or
 * for those who look after one community only.
 *
 * History: 1 = first release.
 */
interface RejectedDoc extends MasterDoc {
  readonly type: "rejected";
  readonly v: 1;
  readonly deviceId: DeviceId;
  readonly at: string;
  /** Who said so. */
  readonly by: string;
}

export interface Rejections {
  /** Those that stay quiet for whoever asks. */
  of(scope: Scope): Promise<ReadonlySet<DeviceId>>;
  /** @param by the id of who says so */
  reject(scope: HubScope, deviceIds: readonly DeviceId[], by: string, nowMs: number): Promise<void>;
  /** Takes it back, as far as the scope reaches. */
  restore(scope: HubScope, deviceIds: readonly DeviceId[]): Promise<void>;
}

export function rejections(registry: Registry): Rejections {
  const docs = scopedDocuments<RejectedDoc>(registry, "rejected", "There is no such device here.");
  /** For which places a scope speaks: the organization as a whole, or each of its communities. */
  const placesOf = (scope: HubScope): readonly (CommunityId | null)[] =>
    scope.kind === "communities" ? [...scope.communityIds] : [null];
  const idOf = (deviceId: DeviceId, place: CommunityId | null) =>
    `rejected:${deviceId}:${place ?? "all"}`;
  return {
    async of(scope) {
      const organizations = new Set(await organizationsOf(registry, scope));
      const quiet = new Set<DeviceId>();
      for (const organizationId of organizations) {
        const image = await registry.organization(organizationId);
        for (const { deviceId, communityId } of (
          await image.freshOf<RejectedDoc>("rejected")
        ).values())
          if (
            communityId === null ||
            (scope.kind === "communities" && reachesCommunity(scope, communityId))
          )
            quiet.add(deviceId);
      }
      return quiet;
    },
    async reject(scope, deviceIds, by, nowMs) {
      const at = new Date(nowMs).toISOString();
      await docs.save(
        scope,
        scope.organizationId,
        placesOf(scope).flatMap((communityId) =>
          deviceIds.map((deviceId): RejectedDoc => ({
            _id: idOf(deviceId, communityId),
            type: "rejected",
            v: 1,
            communityId,
            deviceId,
            at,
            by,
          })),
        ),
      );
    },
    async restore(scope, deviceIds) {
      const wanted = new Set(deviceIds);
      const places = new Set(placesOf(scope));
      const said = (await docs.list(scope)).filter(
        ({ deviceId, communityId }) => wanted.has(deviceId) && places.has(communityId),
      );
      await docs.remove(scope, scope.organizationId, said);
    },
  };
}
