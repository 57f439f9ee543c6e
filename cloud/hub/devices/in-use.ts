/** `in-use`: a device is retired or taken back into use, and carries the moment it was changed last. */
import type { DeviceDoc, Hub } from "#cloud/hub/hub.ts";
import { contentOf } from "#cloud/hub/save.ts";
import { removedAt } from "./installing.ts";

/** With the moment of its change, when there is one. */
export function stamped(hub: Hub, before: DeviceDoc, after: DeviceDoc): DeviceDoc {
  const same = JSON.stringify(contentOf(before)) === JSON.stringify(contentOf(after));
  return same ? before : { ...after, updatedAt: new Date(hub.clock.now()).toISOString() };
}

/** Retired, or taken back into use. A retired device is in no home any more. */
export function withUse(
  hub: Hub,
  device: DeviceDoc,
  isActive: boolean | undefined,
  told: { readonly endIndex?: string | undefined } = {},
): DeviceDoc {
  if (isActive === undefined || isActive === device.isActive) return device;
  const { retiredAt: _, ...rest } = device;
  if (isActive) return { ...rest, isActive };
  const now = new Date(hub.clock.now()).toISOString();
  const isMounted = device.installations.some(({ to }) => to === undefined || to > now);
  const ended = isMounted ? removedAt(rest, now, told).device : rest;
  return { ...ended, isActive, retiredAt: now };
}
