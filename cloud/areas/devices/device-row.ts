/** `device-row`: a device as the operator's pages are told of it. */
import { healthOf, lastSeenMs, type Fleet } from "#cloud/hub/fleet.ts";
import type { DeviceRow, UplinkRow, ValueShown } from "#shared/api/admin.ts";
import { registers, type Value } from "#shared/model/registers.ts";
import { nothingYet, type Latest } from "#shared/series/latest.ts";
import type { UplinkOfWriter } from "#cloud/hub/recent-uplinks.ts";
import type { Item } from "#cloud/hub/inventory.ts";

/** The newest of a device; of one that no community holds nothing is kept. */
export function latestOf(
  { device, community }: Pick<Item, "device" | "community">,
  fleet: Fleet,
): Latest {
  return community ? fleet.latest(community.tenant, device.deviceId) : nothingYet;
}

export function deviceRow(
  { device, community, units }: Item,
  fleet: Fleet,
  nowMs: number,
): DeviceRow {
  const latest = latestOf({ device, community }, fleet);
  const health = healthOf(latest, device.expectedIntervalMs, nowMs);
  const seenMs = lastSeenMs(latest, nowMs);
  const now = new Date(nowMs).toISOString();
  const place = device.installations.findLast(
    ({ from, to }) => from <= now && (to === undefined || now < to),
  );
  const unit = place && units.get(place.unitId);
  const { heard, reading } = latest;
  return {
    id: device.deviceId,
    dev_eui: device.deviceId,
    device_name: device.name,
    device_type: device.model,
    kind: device.kind,
    status: health === "healthy" || health === "late" ? "online" : "offline",
    health,
    is_active: device.isActive,
    created_at: device.createdAt,
    community: community && {
      id: community.communityId,
      name: community.name,
      tenant_name: community.tenant,
    },
    unit: unit ? { id: unit.unitId, name: unit.name } : null,
    lastSeenAt: seenMs === null ? null : new Date(seenMs).toISOString(),
    lastReading: reading && {
      at: new Date(reading.time).toISOString(),
      timeSource: reading.timeSource,
      values: shown(reading.values),
    },
    radio: heard?.radio
      ? {
          rssi: heard.radio.rssi ?? null,
          snr: heard.radio.snr ?? null,
          sf: heard.radio.sf ?? null,
        }
      : null,
    via: heard?.via ?? null,
  };
}

/** Longest reason shown: a gateway may have written a book. */
const MOST_REASON = 500;

export function uplinkRow(uplink: UplinkOfWriter): UplinkRow {
  const { time, heardAt, timeSource, via, writer, session, fCnt, fPort, undecoded, radio } = uplink;
  return {
    at: new Date(time).toISOString(),
    heardAt: new Date(heardAt).toISOString(),
    timeSource,
    via,
    writer,
    session,
    fCnt,
    fPort,
    payloadHex: Buffer.from(uplink.payload).toString("hex"),
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
