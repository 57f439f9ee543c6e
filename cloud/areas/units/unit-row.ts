/** `unit-row`: a home as the operator's pages are told of it. */
import { indexText } from "#shared/model/decimal-index.ts";
import type { UnitItem } from "#cloud/hub/unit-index.ts";
import { livingIn } from "#cloud/hub/tenancies.ts";
import type { MoveRow, UnitDetails, UnitRow } from "#shared/api/units.ts";
import { zoneAt } from "#shared/series/calendar.ts";
import type { Move } from "./unit-store.ts";
import type { WhoLives } from "#cloud/hub/who-lives.ts";

/** @param at the moment it is shown as of, ISO 8601 UTC */
export function unitRow(item: UnitItem, who: WhoLives, at: string): UnitRow {
  const { unit, community, building, devices } = item;
  const living = livingIn(unit, at);
  const { communityId: id, name, tenant: tenant_name } = community;
  return {
    id: unit.unitId,
    name: unit.name,
    community: { id, name, tenant_name },
    building: building ? { id: building.buildingId, name: building.name } : null,
    floor: unit.floor ?? null,
    external_id: unit.externalId ?? null,
    is_vacant: living.length === 0,
    residents: living.map((tenancy) => who.row(unit, tenancy)),
    devices: devices.filter(({ installations }) =>
      installations.some(
        ({ unitId, from, to }) =>
          unitId === unit.unitId && from <= at && (to === undefined || at < to),
      ),
    ).length,
  };
}

export function unitDetails(item: UnitItem, who: WhoLives, at: string): UnitDetails {
  const { unit, community, devices } = item;
  const zones = community.zones.map(({ from, zone }) => ({ fromMs: Date.parse(from), zone }));
  return {
    ...unitRow(item, who, at),
    zone: zoneAt(zones, Date.parse(at)),
    tenancies: unit.tenancies.map((tenancy) => who.row(unit, tenancy)),
    installations: devices
      .flatMap(({ deviceId, name, kind, installations }) =>
        installations
          .filter(({ unitId }) => unitId === unit.unitId)
          .map(({ from, to }) => ({ device: deviceId, name, kind, from, to: to ?? null })),
      )
      .sort((a, b) => (a.from < b.from ? -1 : 1)),
    moves: (unit.moves ?? []).map(moveRow),
  };
}

export function moveRow({ moveId, at, out, in: came, indexes, note }: Move): MoveRow {
  return {
    id: moveId,
    at,
    out,
    in: came,
    indexes: indexes.map(({ deviceId, n, scale, unit }) => ({
      device: deviceId,
      index: indexText(n, scale),
      unit: unit ?? null,
    })),
    note: note ?? null,
  };
}
