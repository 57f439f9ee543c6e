/** `device-row`: a device as the operator's pages are told of it. */
import type { Fleet } from "#cloud/hub/fleet.ts";
import { healthOf, lastSeenMs } from "#shared/series/health.ts";
import type { Item } from "#cloud/hub/inventory.ts";
import type { UplinkOfWriter } from "#cloud/hub/recent-uplinks.ts";
import type { DeviceAlone, DeviceRow, Health, UplinkRow, ValueShown } from "#shared/api/admin.ts";
import { asNumber, registers, type Value } from "#shared/model/registers.ts";
import { zoneAt } from "#shared/series/calendar.ts";
import { newestValues, nothingYet, type Latest } from "#shared/series/latest.ts";

/** The newest of a device; of one that no community holds nothing is kept. */
export function latestOf(
  { device, community }: Pick<Item, "device" | "community">,
  fleet: Fleet,
): Latest {
  return community ? fleet.latest(community.tenant, device.deviceId) : nothingYet;
}

export interface State {
  readonly status: DeviceRow["status"];
  readonly health: Health;
  /** Set by hand, and still so. */
  readonly setAt: string | null;
}

/** What was set by hand holds until the next uplink, maintenance until it is ended. */
export function stateOf(item: Item, latest: Latest, nowMs: number): State {
  const { status, expectedIntervalMs } = item.device;
  const health = healthOf(latest, expectedIntervalMs, nowMs);
  const heardMs = latest.heard?.heardAt ?? -Infinity;
  if (status && (status.is === "maintenance" || heardMs <= Date.parse(status.at)))
    return { status: status.is, health, setAt: status.at };
  const isOnline = health === "healthy" || health === "late";
  return { status: isOnline ? "online" : "offline", health, setAt: null };
}

export function deviceRow(item: Item, fleet: Fleet, nowMs: number): DeviceRow {
  const { device, community, units } = item;
  const latest = latestOf(item, fleet);
  const { status, health, setAt } = stateOf(item, latest, nowMs);
  const seenMs = lastSeenMs(latest, nowMs);
  const place = placeNow(item, nowMs);
  const unit = place && units.get(place.unitId);
  const { heard, reading } = latest;
  return {
    id: device.deviceId,
    dev_eui: device.deviceId,
    device_name: device.name,
    device_type: device.deviceType ?? device.model,
    decoder: device.model,
    model: device.hardware ?? null,
    serial_number: device.serial ?? null,
    external_id: device.externalId ?? null,
    notes: device.notes ?? null,
    calibration_due: device.calibrationDue ?? null,
    expected_interval_s: Math.round(device.expectedIntervalMs / 1000),
    join_eui: device.joinEui ?? null,
    keys_at: device.keysAt ?? null,
    kind: device.kind,
    status,
    status_set_at: setAt,
    health,
    is_active: device.isActive,
    created_at: device.createdAt,
    updated_at: device.updatedAt ?? device.createdAt,
    community: community && {
      id: community.communityId,
      name: community.name,
      tenant_name: community.tenant,
    },
    unit: unit ? { id: unit.unitId, name: unit.name } : null,
    last_seen_at: seenMs === null ? null : new Date(seenMs).toISOString(),
    last_reading: reading && {
      at: new Date(reading.time).toISOString(),
      time_source: reading.timeSource,
      values: [...shown(reading.values), ...earlier(latest)],
    },
    radio: heard?.radio
      ? {
          rssi: heard.radio.rssi ?? null,
          snr: heard.radio.snr ?? null,
          sf: heard.radio.sf ?? null,
        }
      : null,
    via: heard?.via ?? null,
    battery: batteryOf(newestValues(latest)),
  };
}

/** The row of one device alone, with its building's zone and those who live there. */
export function deviceAlone(item: Item, fleet: Fleet, nowMs: number): DeviceAlone {
  const place = placeNow(item, nowMs);
  const now = new Date(nowMs).toISOString();
  const tenancies = (place && item.units.get(place.unitId)?.tenancies) ?? [];
  const zones = item.community?.zones ?? [{ from: new Date(0).toISOString(), zone: "Etc/UTC" }];
  return {
    ...deviceRow(item, fleet, nowMs),
    zone: zoneAt(
      zones.map(({ from, zone }) => ({ fromMs: Date.parse(from), zone })),
      nowMs,
    ),
    end_users: tenancies
      .filter(({ from, to }) => from <= now && (to === undefined || now < to))
      .map(({ residentId }) => ({ end_user_id: residentId })),
  };
}

const earlier = ({ older = [] }: Latest) =>
  older.flatMap((value) =>
    shown([value]).map((one) => ({ ...one, at: new Date(value.time).toISOString() })),
  );

/** Where it is mounted now. */
export function placeNow({ device }: Pick<Item, "device">, nowMs: number) {
  const now = new Date(nowMs).toISOString();
  return device.installations.findLast(
    ({ from, to }) => from <= now && (to === undefined || now < to),
  );
}

function batteryOf(values: readonly Value[]): DeviceRow["battery"] {
  const told = (register: Value["register"]) => {
    const value = values.find((one) => one.register === register);
    return value ? asNumber(value) : null;
  };
  const [pct, volts] = [told("battery"), told("battery_voltage")];
  return pct === null && volts === null ? null : { pct, volts };
}

/** Longest reason shown: a gateway may have written a book. */
const MOST_REASON = 500;

export function uplinkRow(uplink: UplinkOfWriter): UplinkRow {
  const { time, heardAt, timeSource, via, writer, session, fCnt, fPort, undecoded, radio } = uplink;
  return {
    at: new Date(time).toISOString(),
    heard_at: new Date(heardAt).toISOString(),
    time_source: timeSource,
    via,
    writer,
    session,
    f_cnt: fCnt,
    f_port: fPort,
    payload_hex: Buffer.from(uplink.payload).toString("hex"),
    undecoded: undecoded && undecoded.slice(0, MOST_REASON),
    values: shown(uplink.readings[0]?.values ?? []),
    rssi: radio?.rssi ?? null,
    snr: radio?.snr ?? null,
  };
}

export function shown(values: readonly Value[]): ValueShown[] {
  return values.map(({ register, n, scale, unit }) => ({
    register,
    title: registers[register]?.title ?? register,
    n,
    scale,
    unit,
  }));
}
