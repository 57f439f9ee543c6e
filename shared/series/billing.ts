/**
 * `billing`: what a bill is made from: per installation the index at its begin and end within a
 * period, the difference, and everything that has to be said beside it.
 *
 * Knows no prices and no people. Every number comes out of the reading store in the asker's own
 * scope; exchanges are two lines of one home, whose sum goes on across them.
 */
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { Mark } from "#shared/model/marks.ts";
import { meterKinds, type MeterKindId } from "#shared/model/meter-kinds.ts";
import type { RegisterId, Unit } from "#shared/model/registers.ts";
import type { Scope } from "#shared/model/scope.ts";
import type { DeviceDoc } from "#shared/model/site.ts";
import { breathe } from "./breathe.ts";
import { startOfDay, type Zones } from "./calendar.ts";
import type { BorderIndex } from "./consumption.ts";
import type { ReadingStore } from "./reading-store.ts";
import { windowOf, type Installation } from "./window.ts";

/** A device as `site` and the hub's master both hold it. */
export type BilledDevice = Pick<
  DeviceDoc,
  "deviceId" | "kind" | "expectedIntervalMs" | "installations" | "counter"
>;

export interface BilledUnit {
  readonly unitId: string;
  /** Id or name of its building. */
  readonly building?: string | undefined;
}

export interface BillingAsked {
  readonly devices: readonly BilledDevice[];
  readonly units: readonly BilledUnit[];
  readonly zones: Zones;
  /** Local dates, `to` exclusive. */
  readonly from: string;
  readonly to: string;
  readonly nowMs: number;
}

/** One installation within the period. Amounts in `scale` and `unit`. */
export interface BillingLine {
  readonly unitId: string;
  readonly building: string | undefined;
  readonly deviceId: DeviceId;
  readonly installationId: string;
  readonly kind: MeterKindId;
  /** Null when nothing was read in the period: then there are no numbers either. */
  readonly register: RegisterId | null;
  readonly unit: Unit | null;
  readonly scale: number;
  /** The stretch of the period in which it was mounted, epoch ms. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Index at the begin and at the end, with the moment each is from. */
  readonly start: BorderIndex | null;
  readonly end: BorderIndex | null;
  /** `end` − `start` + `adjusted`. */
  readonly consumption: number | null;
  readonly adjusted: number;
  /** Mounted or taken away within the period, with another meter of the home going before or after it. */
  readonly exchange: "none" | "taken_away" | "mounted" | "both";
  /** A border was computed, or nobody knows what passed in some step. */
  readonly isEstimated: boolean;
  /** Reporting intervals that were heard of those that were over. */
  readonly expected: number;
  readonly heard: number;
  readonly marks: readonly Mark[];
}

/** Silence beyond this is a gap: three reports missed, two hours at least. */
export const gapOf = ({ expectedIntervalMs }: Pick<DeviceDoc, "expectedIntervalMs">) =>
  Math.max(3 * expectedIntervalMs, 2 * 3_600_000);

/** Kinds of which a difference is billed. */
export const isCounted = (kind: MeterKindId) => meterKinds[kind].index.length > 0;

/** One that a bill has a line for, before anything is read. */
export interface BilledInstallation<D extends BilledDevice = BilledDevice> {
  readonly device: D;
  readonly installation: Installation;
  readonly unit: BilledUnit;
}

/** Every installation that touches the period, by unit in the order given, then kind, then time. Reads nothing. */
export function billedInstallations<D extends BilledDevice>({
  devices,
  units,
  zones,
  from,
  to,
}: Pick<BillingAsked, "units" | "zones" | "from" | "to"> & {
  readonly devices: readonly D[];
}): BilledInstallation<D>[] {
  const fromMs = startOfDay(zones, from);
  const toMs = startOfDay(zones, to);
  const order = new Map(units.map((unit, place) => [unit.unitId, { unit, place }]));
  const found: (BilledInstallation<D> & { readonly place: number; readonly fromMs: number })[] = [];
  for (const device of devices) {
    if (!isCounted(device.kind)) continue;
    for (const installation of device.installations) {
      const at = order.get(installation.unitId);
      const window = windowOf(installation);
      if (!at || window.fromMs >= toMs || window.toMs <= fromMs) continue;
      found.push({
        device,
        installation,
        unit: at.unit,
        place: at.place,
        fromMs: Math.max(window.fromMs, fromMs),
      });
    }
  }
  return found.sort(
    (a, b) =>
      a.place - b.place ||
      (a.device.kind < b.device.kind
        ? -1
        : a.device.kind > b.device.kind
          ? 1
          : a.fromMs - b.fromMs) ||
      (a.installation.installationId < b.installation.installationId ? -1 : 1),
  );
}

/**
 * The lines of a bill, of every installation that touches the period or of those in `only`.
 *
 * @throws Fault "invalid" for dates that are none; "not_found" when a device is out of the scope's reach
 */
export async function billingLines(
  readings: ReadingStore,
  scope: Scope,
  tenant: TenantName,
  asked: BillingAsked,
  only: readonly BilledInstallation[] = billedInstallations(asked),
): Promise<BillingLine[]> {
  const lines: BillingLine[] = [];
  for (const { device, installation, unit } of only) {
    await breathe();
    lines.push(await lineOf(readings, scope, tenant, { asked, device, installation, unit }));
  }
  const [fromMs, toMs] = [startOfDay(asked.zones, asked.from), startOfDay(asked.zones, asked.to)];
  return withExchanges(lines, asked, fromMs, toMs);
}

async function lineOf(
  readings: ReadingStore,
  scope: Scope,
  tenant: TenantName,
  one: {
    asked: BillingAsked;
    device: BilledDevice;
    installation: Installation;
    unit: BilledUnit;
  },
): Promise<BillingLine> {
  const { asked, device, installation, unit } = one;
  const { zones, from, to, nowMs } = asked;
  const window = windowOf(installation);
  const answer = await readings.consumption(scope, tenant, device.deviceId, {
    registers: meterKinds[device.kind].index,
    zones,
    from,
    to,
    step: "whole",
    nowMs,
    gapMs: gapOf(device),
    expectedMs: device.expectedIntervalMs,
    counter: device.counter,
    window,
  });
  const period = answer?.periods[0];
  const known = answer && answer.total !== null ? answer : undefined;
  return {
    unitId: installation.unitId,
    building: unit.building,
    deviceId: device.deviceId,
    installationId: installation.installationId,
    kind: device.kind,
    register: known?.register ?? null,
    unit: known?.unit ?? null,
    scale: known?.scale ?? 0,
    fromMs: Math.max(window.fromMs, startOfDay(zones, from)),
    toMs: Math.min(window.toMs, startOfDay(zones, to)),
    start: answer?.start ?? null,
    end: answer?.end ?? null,
    consumption: answer?.total ?? null,
    adjusted: answer?.adjusted ?? 0,
    exchange: "none",
    isEstimated: known !== undefined && period?.quality !== "measured",
    expected: answer?.expected ?? 0,
    heard: answer?.heard ?? 0,
    marks: period?.marks ?? [],
  };
}

/** A home's meters of one kind, one after the other. */
function withExchanges(
  lines: readonly BillingLine[],
  { devices }: BillingAsked,
  fromMs: number,
  toMs: number,
): BillingLine[] {
  const places = new Map<string, { fromMs: number; toMs: number }[]>();
  const placeOf = (kind: string, unitId: string) => `${kind} ${unitId}`;
  for (const { kind, installations } of devices)
    for (const installation of installations) {
      const place = placeOf(kind, installation.unitId);
      places.set(place, [...(places.get(place) ?? []), windowOf(installation)]);
    }
  return lines.map((line) => {
    const others = places.get(placeOf(line.kind, line.unitId)) ?? [];
    const isBegun = line.fromMs > fromMs && others.some((one) => one.toMs <= line.fromMs);
    const isEnded = line.toMs < toMs && others.some((one) => one.fromMs >= line.toMs);
    if (!isBegun && !isEnded) return line;
    const exchange = isBegun && isEnded ? "both" : isBegun ? "mounted" : "taken_away";
    return { ...line, exchange, marks: [...new Set<Mark>(["exchange", ...line.marks])] };
  });
}

/** Lines without a number, or heard less than `share` of the time they should have been (0–1). */
export function missingMeters(lines: readonly BillingLine[], share = 0.9): BillingLine[] {
  return lines.filter(
    ({ consumption, expected, heard }) =>
      consumption === null || (expected > 0 && heard < share * expected),
  );
}

export interface BillingTotal {
  readonly key: string;
  readonly kind: MeterKindId;
  readonly unit: Unit;
  readonly n: number;
  readonly scale: number;
  /** Lines in it, how many of them have no number, and how many are estimates. */
  readonly meters: number;
  readonly missing: number;
  readonly estimated: number;
}

/** Sums per unit, building or kind; kinds and units that cannot be added stand apart. */
export function billingTotals(
  lines: readonly BillingLine[],
  by: "unit" | "building" | "kind",
): BillingTotal[] {
  const keyOf = (line: BillingLine) =>
    by === "unit" ? line.unitId : by === "building" ? (line.building ?? "") : line.kind;
  const groups = new Map<string, BillingLine[]>();
  for (const line of lines) {
    const key = `${keyOf(line)}\n${line.kind}`;
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return [...groups.values()].flatMap((group) => {
    const missing = group.filter(({ consumption }) => consumption === null);
    const units = new Set(group.flatMap(({ unit }) => (unit === null ? [] : [unit])));
    return [...units].map((unit): BillingTotal => {
      const known = group.filter((line) => line.unit === unit);
      const scale = Math.min(...known.map((line) => line.scale));
      const first = group[0] as BillingLine;
      return {
        key: keyOf(first),
        kind: first.kind,
        unit,
        n: known.reduce(
          (sum, line) => sum + (line.consumption ?? 0) * 10 ** (line.scale - scale),
          0,
        ),
        scale,
        meters: known.length + missing.length,
        missing: missing.length,
        estimated: known.filter(({ isEstimated }) => isEstimated).length,
      };
    });
  });
}
