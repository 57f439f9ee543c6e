/**
 * `apply-devices`: rows of devices brought to the hub, a stretch at a time. Each row has its own
 * outcome; one that is wrong disturbs no other. The same file again changes nothing.
 */
import { isDeepStrictEqual } from "node:util";
import {
  drawDevice,
  redrawn,
  type DrawContext,
  type Drawn,
} from "#cloud/hub/devices/draw-device.ts";
import { withUse } from "#cloud/hub/devices/in-use.ts";
import {
  corrected,
  installed,
  mountedAt,
  removedAt,
  type Installation,
} from "#cloud/hub/devices/installing.ts";
import { drawContext, registerDevices } from "#cloud/hub/devices/register-devices.ts";
import type { CommunityDoc, DeviceDoc, DeviceKeys, Hub } from "#cloud/hub/hub.ts";
import { contentOf } from "#cloud/hub/save.ts";
import { indexText } from "#shared/model/decimal-index.ts";
import type { CellError, RowOutcome } from "#shared/api/uploads.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import { newId, type DeviceId, type InstallationId } from "#shared/model/ids.ts";
import { systemScope, type HubScope } from "#shared/model/scope.ts";
import { momentIn } from "./columns.ts";
import type { DeviceWish } from "./device-row.ts";
import type { Places } from "./upload-places.ts";
import type { Done } from "./upload-store.ts";

export interface WishedRow {
  readonly wish: DeviceWish;
  readonly errors: readonly CellError[];
}

export interface ApplyParts {
  readonly hub: Hub;
  readonly scope: HubScope;
  readonly places: Places;
  readonly isDryRun: boolean;
  /** Lines in which a device was met already. */
  readonly met: Map<string, number>;
}

interface Plan {
  readonly wish: DeviceWish;
  readonly before: DeviceDoc | undefined;
  readonly drawn: Drawn;
  readonly notes: string[];
}

export interface Applied {
  readonly outcomes: RowOutcome[];
  readonly done: Done;
}

/** One stretch of rows. @throws what the store throws when nothing can be written at all */
export async function applyDevices(
  parts: ApplyParts,
  rows: readonly WishedRow[],
): Promise<Applied> {
  const { hub, scope, places, isDryRun } = parts;
  const image = await hub.registry.organization(scope.organizationId);
  const known = await image.freshOf<DeviceDoc>("device");
  const context = await drawContext(hub, scope);
  const kept = await hub.keys.open(
    systemScope("uploads"),
    scope.organizationId,
    rows.flatMap(({ wish }) =>
      known.get(`device:${wish.deviceId}`)?.keysAt === undefined ? [] : [wish.deviceId as DeviceId],
    ),
  );
  const outcomes = new Map<number, RowOutcome>();
  const tell = (
    wish: DeviceWish,
    outcome: RowOutcome["outcome"],
    errors: readonly CellError[] = [],
    notes: readonly string[] = [],
  ) =>
    void outcomes.set(wish.line, {
      line: wish.line,
      dev_eui: wish.deviceId,
      person_id: null,
      outcome,
      errors: [...errors],
      notes: [...notes],
    });
  const plans: Plan[] = [];
  for (const { wish, errors } of rows) {
    if (wish.action === "skip") {
      tell(wish, "skipped");
      continue;
    }
    const first = parts.met.get(wish.deviceId);
    const double: CellError[] =
      first === undefined || errors.some(({ column }) => column === "dev_eui")
        ? []
        : [{ column: "dev_eui", value: wish.deviceId, message: `is in line ${first} already` }];
    if (errors.length + double.length > 0) {
      tell(wish, "failed", [...errors, ...double]);
      continue;
    }
    parts.met.set(wish.deviceId, wish.line);
    try {
      const before = known.get(`device:${wish.deviceId}`);
      plans.push(await planOf(parts, wish, before, context, kept));
    } catch (error) {
      tell(wish, "failed", errorsOf(error, wish));
    }
  }
  const { unitIds, buildingIds } = await places.flush();
  const done: Mutable<Done> = { devices: [], unitIds, buildingIds };
  const fresh = plans.filter(({ before }) => before === undefined);
  const refused = await registerDevices(
    hub,
    scope,
    fresh.map(({ drawn }) => drawn),
    { isDryRun },
  );
  for (const { wish, drawn, notes } of fresh) {
    const why = refused.get(drawn.device.deviceId);
    if (why) tell(wish, "failed", errorsOf(why, wish), notes);
    else {
      tell(wish, "created", [], notes);
      done.devices.push({
        deviceId: wish.deviceId,
        before: null,
        updatedAt: drawn.device.updatedAt,
      });
    }
  }
  const changing: Plan[] = [];
  for (const plan of plans) {
    if (plan.before === undefined) continue;
    if (isSame(plan.before, plan.drawn.device) && !plan.drawn.keys)
      tell(plan.wish, "unchanged", [], plan.notes);
    else changing.push(plan);
  }
  const failed = isDryRun ? new Map<string, Fault>() : await write(parts, changing);
  for (const { wish, before, drawn, notes } of changing) {
    const why = failed.get(wish.deviceId);
    if (why) {
      tell(wish, "failed", errorsOf(why, wish), notes);
      continue;
    }
    tell(wish, "updated", [], notes);
    const { _rev: _, ...was } = before as DeviceDoc & { _rev?: string };
    done.devices.push({
      deviceId: wish.deviceId,
      before: was,
      updatedAt: drawn.device.updatedAt,
    });
  }
  const inOrder = [...outcomes.values()].sort((a, b) => a.line - b.line);
  return { outcomes: inOrder, done: isDryRun ? { ...done, devices: [] } : done };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/** What a row makes of its device. @throws Fault that names the column */
async function planOf(
  { hub, places }: ApplyParts,
  wish: DeviceWish,
  before: DeviceDoc | undefined,
  context: DrawContext,
  kept: ReadonlyMap<DeviceId, DeviceKeys>,
): Promise<Plan> {
  const notes: string[] = [];
  const { action, said } = wish;
  if (action === "add" && before) throw wrong("action", "it is registered already");
  const needsOne = action === "update" || action === "unassign" || action === "retire";
  if (needsOne && !before) throw wrong("dev_eui", "is not registered");
  const community = await communityOf(places, wish, before);
  const updatedAt = new Date(context.nowMs).toISOString();
  let drawn = before
    ? redrawn(before, said, context)
    : drawDevice(
        {
          ...said,
          dev_eui: wish.deviceId as DeviceId,
          device_name: said.device_name ?? said.serial_number ?? wish.deviceId,
          device_type: said.device_type ?? said.kind ?? "device",
        },
        community?.communityId ?? null,
        context,
      );
  if (before && drawn.keys) drawn = withoutSameKeys(before, drawn, kept);
  let { device } = drawn;
  const zones = (community?.zones ?? UTC).map(({ from, zone }) => ({
    fromMs: Date.parse(from),
    zone,
  }));
  const told = wish.validFrom === "" ? undefined : momentIn(wish.validFrom, zones);
  if (wish.validFrom !== "" && told === undefined)
    throw wrong(
      "valid_from",
      "a date is written 2026-11-23 or 23.11.2026, a time 2026-11-23T10:00:00Z",
    );
  if (action === "retire") device = withUse(hub, device, false);
  else if (action === "unassign") device = removedAt(device, told ?? updatedAt).device;
  else if (wish.unit !== "" || wish.residentEmail !== "") {
    if (!community) throw wrong("community", "a home is in a community: say in which one");
    device = await mounted(hub, places, wish, { device, community, told, updatedAt, notes });
  } else if (wish.building !== "") throw wrong("unit", "is missing: a building has many");
  else if (community && device.communityId === null)
    device = {
      ...device,
      communityId: community.communityId,
      held: [...device.held, { communityId: community.communityId, from: told ?? updatedAt }],
    };
  return { wish, before, drawn: { ...drawn, device: { ...device, updatedAt } }, notes };
}

const UTC = [{ from: new Date(0).toISOString(), zone: "Etc/UTC" }];
const wrong = (column: string, message: string) =>
  new Fault("invalid", message, { fields: { [column]: message } });

/** The row's community; a device that one holds stays there. */
async function communityOf(
  places: Places,
  wish: DeviceWish,
  before: DeviceDoc | undefined,
): Promise<CommunityDoc | null> {
  const holder = before?.communityId ?? undefined;
  if (wish.community === "" && holder !== undefined) return places.community(holder);
  const community = await places.community(wish.community);
  if (holder !== undefined && community?.communityId !== holder)
    throw wrong("dev_eui", "is registered in another community: move it first");
  return community;
}

/** Keys that are kept already are not written again. */
function withoutSameKeys(
  before: DeviceDoc,
  drawn: Drawn,
  kept: ReadonlyMap<DeviceId, DeviceKeys>,
): Drawn {
  const old = kept.get(before.deviceId);
  if (!isDeepStrictEqual(old, drawn.keys)) return drawn;
  const keysAt = before.keysAt === undefined ? {} : { keysAt: before.keysAt };
  return { device: { ...drawn.device, ...keysAt }, keys: undefined };
}

/** The device in the home that the row names. @throws Fault "conflict" for two places at one time */
async function mounted(
  hub: Hub,
  places: Places,
  wish: DeviceWish,
  now: {
    device: DeviceDoc;
    community: CommunityDoc;
    told: string | undefined;
    updatedAt: string;
    notes: string[];
  },
): Promise<DeviceDoc> {
  const { device, community, told, updatedAt, notes } = now;
  const from = told ?? updatedAt;
  let unit = wish.unit === "" ? undefined : await places.unit(community, wish.building, wish.unit);
  if (wish.residentEmail !== "") {
    const resident = await places.resident(community, wish.residentEmail);
    const home = await places.homeOf(community, resident, unit, from);
    if (home !== unit) notes.push(`the resident lives in ${home.name}`);
    unit = home;
  }
  if (!unit) throw wrong("unit", "is missing");
  const { unitId } = unit;
  const same = device.installations.find(
    (one) =>
      one.unitId === unitId && (told === undefined ? one.to === undefined : one.from === told),
  );
  if (same) return withIndex(device, same, community, wish);
  const there = mountedAt(device, from);
  if (there)
    throw wrong(
      "unit",
      "the device is in another home then: end that first, or say action=unassign",
    );
  return installed(device, newId<InstallationId>("i", hub.random), {
    communityId: community.communityId,
    unitId,
    from,
    startIndex: wish.initialIndex,
  });
}

/** What the counter showed at mounting, when the row tells it otherwise than it is kept. */
function withIndex(
  device: DeviceDoc,
  one: Installation,
  { communityId }: CommunityDoc,
  { initialIndex }: DeviceWish,
): DeviceDoc {
  const { startN, scale = 0, installationId } = one;
  if (initialIndex === undefined) return device;
  const isSaid = startN !== undefined && Number(indexText(startN, scale)) === Number(initialIndex);
  return isSaid
    ? device
    : corrected(device, installationId, communityId, { startIndex: initialIndex }).device;
}

function isSame(before: DeviceDoc, after: DeviceDoc): boolean {
  const content = (device: DeviceDoc) => {
    const { updatedAt: _, ...rest } = contentOf(device);
    return JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
  };
  return content(before) === content(after);
}

/** Writes devices that were there; those that somebody else changed meanwhile are told. */
async function write(
  { hub, scope }: ApplyParts,
  plans: readonly Plan[],
): Promise<Map<string, Fault>> {
  const failed = new Map<string, Fault>();
  const { organizationId } = scope;
  const keys = new Map<DeviceId, DeviceKeys>();
  for (const { drawn } of plans) if (drawn.keys) keys.set(drawn.device.deviceId, drawn.keys);
  const devices = plans.map(({ drawn }) => drawn.device);
  try {
    await hub.keys.write(scope, organizationId, keys);
    await hub.devices.save(scope, organizationId, devices);
  } catch (error) {
    if (!isFault(error)) throw error;
    // One of them stands in the way of all: each by itself.
    for (const device of devices)
      try {
        await hub.devices.save(scope, organizationId, [device]);
      } catch (one) {
        if (!isFault(one)) throw one;
        const now = await hub.devices.find(scope, device.deviceId).catch(() => undefined);
        if (!now || !isSame(now, device)) failed.set(device.deviceId, one);
      }
  }
  return failed;
}

/** A refusal as errors of cells: by the columns it names. */
function errorsOf(error: unknown, wish: DeviceWish): CellError[] {
  if (!isFault(error)) throw error;
  const fields = Object.entries((error.details.fields ?? {}) as Record<string, string>);
  if (fields.length === 0) return [{ column: "", value: "", message: error.message }];
  const values: Readonly<Record<string, string>> = {
    dev_eui: wish.deviceId,
    community: wish.community,
    building: wish.building,
    unit: wish.unit,
    resident_email: wish.residentEmail,
    valid_from: wish.validFrom,
    initial_index: wish.initialIndex ?? "",
    action: wish.action,
    decoder: wish.said.decoder ?? "",
    external_id: wish.said.external_id ?? "",
  };
  return fields.map(([column, message]) => ({ column, value: values[column] ?? "", message }));
}
