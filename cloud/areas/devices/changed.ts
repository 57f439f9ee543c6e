/**
 * `changed`: what follows when devices changed: their communities' gateways are brought in step,
 * open pages ask again, and the audit is told what was and what is.
 */
import type { AreaParts } from "#cloud/api/area-parts.ts";
import { differences } from "#cloud/api/differences.ts";
import type { Deed, Trail } from "#cloud/api/trail.ts";
import { adoptThose } from "#cloud/hub/devices/adopt-those.ts";
import type { DeviceDoc } from "#cloud/hub/hub.ts";
import type { HubScope } from "#shared/model/scope.ts";

export interface Change {
  readonly before: DeviceDoc;
  readonly after: DeviceDoc;
}

/** Notes the deed on one device for the audit. */
export function noteChange(
  trail: Trail,
  what: string,
  { before, after }: Change,
  more: Pick<Deed, "reason"> = {},
): void {
  trail.note({
    what,
    communityId: after.communityId ?? before.communityId,
    target: { type: "device", id: after.deviceId },
    ...differences(before, after, ["notes"]),
    ...more,
  });
}

export async function afterChanges(
  { hub, news }: Pick<AreaParts, "hub" | "news">,
  scope: HubScope,
  changes: readonly Change[],
): Promise<void> {
  await adoptThose(
    hub,
    scope,
    changes.flatMap(({ before, after }) => [
      before.communityId,
      after.communityId,
      // A past that was corrected may be a former holder's.
      ...after.held.map((one) => one.communityId),
    ]),
  );
  news.tell(scope.organizationId, "devices");
}
