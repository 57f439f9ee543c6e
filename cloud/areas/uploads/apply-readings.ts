/**
 * `apply-readings`: rows of past readings, kept by the hub as a writer of its own, as what somebody
 * told rather than what was heard. The same file again keeps nothing twice. A reading belongs to the
 * community that had the meter then, or first.
 */
import type { AreaParts } from "#cloud/api/area-parts.ts";
import { indexOf } from "#shared/model/decimal-index.ts";
import { readingsOf } from "#cloud/hub/holding.ts";
import type { CommunityDoc, DeviceDoc } from "#cloud/hub/hub.ts";
import { reachesCommunity } from "#cloud/hub/scoped-documents.ts";
import type { CellError, RowOutcome } from "#shared/api/uploads.ts";
import { decodeUplink } from "#shared/devices/decode-uplink.ts";
import { reportedPayload } from "#shared/devices/reported-values/decoder.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { CommunityId } from "#shared/model/ids.ts";
import { meterKinds, type MeterKindId } from "#shared/model/meter-kinds.ts";
import { registers, type RegisterId, type Unit } from "#shared/model/registers.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { fits, misfit } from "#shared/model/unit-families.ts";
import { isCounted } from "#shared/series/billing.ts";
import { identityOf } from "#shared/series/identity.ts";
import { momentIn } from "./columns.ts";
import type { ReadingWish } from "./reading-row.ts";
import type { Done } from "./upload-store.ts";

type Parts = Pick<AreaParts, "hub" | "intake" | "inventory" | "fleet" | "findersOf">;

/** Nobody metered by radio before. */
const EARLIEST_MS = Date.UTC(2000, 0);

/**
 * Where nothing was heard yet: the register that decoders of such meters tell, so that what is
 * heard later goes on from here. A volume register cannot tell hot water from cold.
 */
const USUAL: Readonly<Partial<Record<MeterKindId, RegisterId>>> = {
  cold_water: "8-0:1.0.0",
  hot_water: "8-0:1.0.0",
  heat: "6-0:1.0.0",
  cooling: "6-0:1.0.0",
  gas: "7-0:3.0.0",
  electricity: "1-0:1.8.0",
};

export async function applyReadings(
  parts: Parts,
  scope: HubScope,
  communities: ReadonlyMap<CommunityId, CommunityDoc>,
  isDryRun: boolean,
  rows: readonly { readonly wish: ReadingWish; readonly errors: readonly CellError[] }[],
): Promise<{ outcomes: RowOutcome[]; done: Done }> {
  const outcomes = await Promise.all(
    rows.map(async ({ wish, errors }): Promise<RowOutcome> => {
      const told = (outcome: RowOutcome["outcome"], why: readonly CellError[] = []) => ({
        line: wish.line,
        dev_eui: wish.deviceId,
        person_id: null,
        outcome,
        errors: [...why],
        notes: [],
      });
      if (errors.length > 0) return told("failed", errors);
      try {
        const reading = await readingFrom(parts, scope, communities, wish);
        if (isDryRun) return told("created");
        return told((await kept(parts, reading)) === "kept" ? "created" : "unchanged");
      } catch (error) {
        if (!isFault(error)) throw error;
        return told("failed", errorsOf(error, wish));
      }
    }),
  );
  return { outcomes, done: { devices: [], unitIds: [], buildingIds: [] } };
}

export interface Told {
  readonly community: CommunityDoc;
  readonly device: DeviceDoc;
  readonly time: number;
  readonly register: RegisterId;
  readonly unit: Unit;
  readonly index: string;
}

const wrong = (column: string, message: string) =>
  new Fault("invalid", message, { fields: { [column]: message } });

/** What a row says, of a meter in reach. @throws Fault "invalid" with the column */
export async function readingFrom(
  { hub, inventory, fleet }: Parts,
  scope: HubScope,
  communities: ReadonlyMap<CommunityId, CommunityDoc>,
  wish: ReadingWish,
): Promise<Told> {
  const { device, community: now } = await inventory
    .find(scope, wish.deviceId)
    .catch((error: unknown) => {
      throw isFault(error, "not_found") ? wrong("dev_eui", "is not registered here") : error;
    });
  if (!isCounted(device.kind)) throw wrong("dev_eui", "is no meter: nothing is counted");
  if (!now) throw wrong("dev_eui", "belongs to no community yet: assign it first");
  const zones = now.zones.map(({ from, zone }) => ({ fromMs: Date.parse(from), zone }));
  const moment = momentIn(wish.time, zones);
  if (moment === undefined)
    throw wrong("time", "a time is written 2026-11-23 10:00, or 2026-11-23T10:00:00Z");
  const time = Date.parse(moment);
  if (time > hub.clock.now()) throw wrong("time", "has not come yet");
  if (time < EARLIEST_MS) throw wrong("time", "is before the year 2000");
  const owner = [...new Set(device.held.map(({ communityId }) => communityId))].find((id) =>
    readingsOf(device.held, id).some(({ fromMs, toMs }) => fromMs <= time && time < toMs),
  );
  const community = owner === undefined ? undefined : communities.get(owner);
  if (!community || !reachesCommunity(scope, community.communityId))
    throw wrong("time", "the meter was another community's then");
  const heard = fleet.latest(community.tenant, device.deviceId).reading?.values ?? [];
  const known = meterKinds[device.kind].index as readonly RegisterId[];
  const register =
    wish.register ??
    known.find((one) => heard.some((value) => value.register === one)) ??
    USUAL[device.kind];
  if (register === undefined || !known.includes(register))
    throw wrong("register", `a meter of ${device.kind} counts ${known.join(" or ")}`);
  const usual = registers[register].unit;
  const unit = wish.unit ?? usual;
  if (!fits(register, unit)) throw wrong("unit", misfit(register));
  return { community, device, time, register, unit, index: wish.index };
}

async function kept(
  { hub, intake, findersOf }: Parts,
  { community: { tenant }, device, time, register, unit, index }: Told,
): Promise<"kept" | "repeat"> {
  const uplink = {
    deviceId: device.deviceId,
    session: null,
    fCnt: null,
    fPort: null,
    payload: reportedPayload([{ register, ...indexOf(index), unit }]),
    time,
    timeSource: "server" as const,
    heardAt: hub.clock.now(),
    radio: null,
    via: "import",
  };
  const { decoder, readings, undecoded } = await decodeUplink(
    device.model,
    uplink,
    findersOf(tenant),
  );
  if (undecoded !== null) throw wrong("index", undecoded);
  const whole = { ...uplink, identity: identityOf(uplink), decoder, readings, undecoded };
  for (;;)
    try {
      return await intake.keep(tenant, whole);
    } catch (error) {
      if (!isFault(error, "too_many")) throw error;
      await intake.settle();
    }
}

export function errorsOf(error: Fault, wish: ReadingWish): CellError[] {
  const fields = Object.entries((error.details.fields ?? {}) as Record<string, string>);
  if (fields.length === 0) return [{ column: "", value: "", message: error.message }];
  const values: Readonly<Record<string, string>> = {
    dev_eui: wish.deviceId,
    time: wish.time,
    index: wish.index,
    unit: wish.unit ?? "",
    register: wish.register ?? "",
  };
  return fields.map(([column, message]) => ({
    column,
    value: (values[column] ?? "").slice(0, 80),
    message,
  }));
}
