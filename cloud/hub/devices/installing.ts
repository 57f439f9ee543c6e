/**
 * `installing`: how a device's installations change. Pure: a device in, a device out, so that
 * whoever writes it decides when, and two that change it at once are told apart by its revision.
 *
 * A device is in one place at a time: what would overlap is refused, naming the other.
 */
import type { DeviceDoc } from "#cloud/areas/devices/device-store.ts";
import { Fault } from "#shared/model/fault.ts";
import type { CommunityId, InstallationId, UnitId } from "#shared/model/ids.ts";
import type { Unit } from "#shared/model/registers.ts";
import type { Multiplier } from "#shared/series/index-series.ts";
import { withReadOffs } from "#shared/model/index-reading.ts";

export type Installation = DeviceDoc["installations"][number];

export interface Mounting {
  readonly communityId: CommunityId;
  readonly unitId: UnitId;
  /** ISO 8601 UTC. */
  readonly from: string;
  readonly to?: string | undefined;
  /** As read off the counter. */
  readonly startIndex?: string | undefined;
  readonly indexUnit?: Unit | undefined;
  readonly multiplier?: Multiplier | undefined;
}

const isOpenAt = ({ from, to }: Pick<Installation, "from" | "to">, at: string) =>
  from <= at && (to === undefined || at < to);

/** Where it is mounted at a moment. */
export function mountedAt(device: DeviceDoc, at: string): Installation | undefined {
  return device.installations.find((one) => isOpenAt(one, at));
}

/** Puts a device into a home. @throws Fault "invalid" | "conflict" that names the other */
export function installed(
  device: DeviceDoc,
  installationId: InstallationId,
  mounting: Mounting,
): DeviceDoc {
  const { communityId, unitId, from, to, startIndex, indexUnit, multiplier } = mounting;
  if (!device.isActive) throw new Fault("conflict", "It is retired. Take it back into use first.");
  const holding = heldDuring(device, communityId, from, to);
  const unit = indexUnit ?? device.mounting?.indexUnit;
  const factor = multiplier ?? device.mounting?.multiplier;
  const installation: Installation = {
    installationId,
    unitId,
    from,
    ...(to === undefined ? {} : { to }),
    ...withReadOffs({}, { start: startIndex, unit }),
    ...(factor ? { multiplier: factor } : {}),
  };
  return { ...device, ...holding, installations: placed(device, installation) };
}

/** Ends the installation that is open at `at`. @throws Fault "not_found" | "conflict" */
export function removedAt(
  device: DeviceDoc,
  at: string,
  told: { readonly endIndex?: string | undefined; readonly indexUnit?: Unit | undefined } = {},
): { readonly device: DeviceDoc; readonly installation: Installation } {
  const open = mountedAt(device, at) ?? device.installations.find((one) => one.from > at);
  if (!open) throw new Fault("not_found", "It is assigned to nobody then.");
  if (open.from >= at) {
    // Taken back before it began: it never was.
    const installations = device.installations.filter((one) => one !== open);
    return { device: { ...device, installations }, installation: open };
  }
  const installation: Installation = {
    ...open,
    to: at,
    ...withReadOffs(open, { end: told.endIndex, unit: told.indexUnit }),
  };
  const installations = device.installations.map((one) => (one === open ? installation : one));
  return { device: { ...device, installations }, installation };
}

/** What is told anew of an installation; what is not stays. */
export interface Correction {
  readonly unitId?: UnitId | undefined;
  readonly from?: string | undefined;
  /** Null: it goes on. */
  readonly to?: string | null | undefined;
  readonly startIndex?: string | null | undefined;
  readonly endIndex?: string | null | undefined;
  readonly indexUnit?: Unit | undefined;
  readonly multiplier?: Multiplier | null | undefined;
}

/** Tells an installation anew. @throws Fault "not_found" | "invalid" | "conflict" */
export function corrected(
  device: DeviceDoc,
  installationId: string,
  communityId: CommunityId,
  told: Correction,
): { readonly device: DeviceDoc; readonly before: Installation; readonly after: Installation } {
  const before = device.installations.find((one) => one.installationId === installationId);
  if (!before) throw new Fault("not_found", "There is no such assignment here.");
  const { startN, endN, scale, indexUnit, multiplier, to: oldTo, ...rest } = before;
  const to = told.to === undefined ? oldTo : (told.to ?? undefined);
  const factor = told.multiplier === undefined ? multiplier : (told.multiplier ?? undefined);
  const after: Installation = {
    ...rest,
    ...(told.unitId === undefined ? {} : { unitId: told.unitId }),
    ...(told.from === undefined ? {} : { from: told.from }),
    ...(to === undefined ? {} : { to }),
    ...withReadOffs(
      { startN, endN, scale, indexUnit },
      { start: told.startIndex, end: told.endIndex, unit: told.indexUnit },
    ),
    ...(factor ? { multiplier: factor } : {}),
  };
  const holding = heldDuring(device, communityId, after.from, after.to);
  const others = device.installations.filter((one) => one !== before);
  return {
    device: {
      ...device,
      ...holding,
      installations: placed({ ...device, installations: others }, after),
    },
    before,
    after,
  };
}

/** The installations with one more, in the order of time. @throws Fault "invalid" | "conflict" */
function placed(device: DeviceDoc, one: Installation): Installation[] {
  if (one.to !== undefined && one.to <= one.from)
    throw new Fault("invalid", "It would end before it begins.", {
      fields: { valid_to: "ends before it begins" },
    });
  const other = device.installations.find(
    (known) =>
      (known.to === undefined || one.from < known.to) &&
      (one.to === undefined || known.from < one.to),
  );
  if (other) throw new Overlap(other);
  return [...device.installations, one].sort((a, b) => (a.from < b.from ? -1 : 1));
}

/** Two places at one time. The route says which the other is, as far as the asker may know it. */
export class Overlap extends Fault {
  readonly other: Installation;

  constructor(other: Installation) {
    const { from, to } = other;
    const until = to === undefined ? "" : ` until ${to}`;
    super("conflict", `It is assigned from ${from}${until} already.`, {
      overlaps: { id: other.installationId, valid_from: from, valid_to: to ?? null },
    });
    this.other = other;
  }
}

/**
 * Who holds it, when it is mounted by a community in `[from, to)`: a stretch that is there grows,
 * and what nobody held becomes theirs; for good, when nobody comes after, or until the next, when
 * that is the same community.
 *
 * @throws Fault "conflict" where another community holds it
 */
function heldDuring(
  device: DeviceDoc,
  communityId: CommunityId,
  from: string,
  to: string | undefined,
): Pick<DeviceDoc, "held" | "communityId"> {
  const isIn = (one: DeviceDoc["held"][number]) =>
    (one.to === undefined || from < one.to) && (to === undefined || one.from < to);
  if (device.held.some((one) => one.communityId !== communityId && isIn(one)))
    throw new Fault("conflict", "Another community holds it in that time. Move it first.");
  const own = device.held.filter(isIn);
  const rest = device.held.filter((one) => !own.includes(one));
  const [first, last] = [own[0], own.at(-1)];
  const begin = first !== undefined && first.from < from ? first.from : from;
  const next = rest
    .filter((one) => one.from > from)
    .sort((a, b) => (a.from < b.from ? -1 : 1))
    .at(0);
  // Theirs again before anybody else's: it stays theirs in between.
  const joined = next?.communityId === communityId ? next : undefined;
  const until = last ? later(last.to, to) : next ? to : undefined;
  const end = joined ? joined.to : until;
  const stretch = { communityId, from: begin, ...(end === undefined ? {} : { to: end }) };
  const held = [...rest.filter((one) => one !== joined), stretch].sort((a, b) =>
    a.from < b.from ? -1 : 1,
  );
  const now = held.at(-1);
  return { held, communityId: now !== undefined && now.to === undefined ? now.communityId : null };
}

/** The later end; without one it goes on. */
function later(a: string | undefined, b: string | undefined): string | undefined {
  return a === undefined || b === undefined ? undefined : a > b ? a : b;
}
