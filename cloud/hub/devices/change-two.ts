/**
 * `change-two`: two devices become what they should be, together: an exchange, a swap. Both are
 * written in one go; when somebody else wrote one of them meanwhile, the other half is not left
 * alone: what is to be is worked out again from what is there, and written until both stand.
 */
import type { DeviceDoc, Hub } from "#cloud/hub/hub.ts";
import { isFault } from "#shared/model/fault.ts";
import type { HubScope } from "#shared/model/scope.ts";

const TRIES = 8;

export interface Pair {
  readonly first: DeviceDoc;
  readonly second: DeviceDoc;
}

/**
 * @param by says what both become; given what it made of them before, it answers the same again
 * @throws Fault "not_found" | "conflict", and what `by` throws
 */
export async function changeTwo(
  hub: Hub,
  scope: HubScope,
  ids: readonly [string, string],
  by: (pair: Pair) => Pair,
): Promise<{ before: Pair; after: Pair }> {
  let before: Pair | undefined;
  for (let tries = 1; ; tries++) {
    const first = await hub.devices.find(scope, ids[0]);
    const second = await hub.devices.find(scope, ids[1]);
    before ??= { first, second };
    const updatedAt = new Date(hub.clock.now()).toISOString();
    const after = by({ first, second });
    const stamp = (device: DeviceDoc, old: DeviceDoc) =>
      device === old ? old : { ...device, updatedAt };
    const docs = [stamp(after.first, first), stamp(after.second, second)] as const;
    try {
      await hub.devices.save(scope, scope.organizationId, docs);
      return { before, after: { first: docs[0], second: docs[1] } };
    } catch (error) {
      if (!isFault(error, "conflict") || error.details.isArchived || tries >= TRIES) throw error;
    }
  }
}
