/**
 * `merge`: what one community's documents become when a file is loaded over them. Pure but for the
 * roster, which says who a resident is.
 *
 * What is there keeps its ids; what the file does not speak of stays as it is. Loading the same
 * file again gives the same documents.
 */
import type { CommunityDoc } from "#cloud/areas/communities/community-store.ts";
import type { ResidentDoc } from "#cloud/areas/communities/resident-store.ts";
import type { BuildingDoc, UnitDoc } from "#cloud/areas/units/unit-store.ts";
import type { DeviceDoc } from "#cloud/areas/devices/device-store.ts";
import { newId, type CommunityId, type OrganizationId } from "#shared/model/ids.ts";
import { handedOn } from "#cloud/hub/holding.ts";
import { followed } from "#cloud/hub/tenancies.ts";
import type { Roster } from "./roster.ts";
import { indexOf } from "#shared/model/decimal-index.ts";
import { overlaps, type LoadCommunity, type LoadDevice, type LoadUnit } from "./load-file.ts";

export interface Masters {
  readonly community: CommunityDoc | undefined;
  readonly buildings: readonly BuildingDoc[];
  readonly units: readonly UnitDoc[];
  readonly residents: readonly ResidentDoc[];
  readonly devices: readonly DeviceDoc[];
}

export interface Merged extends Masters {
  readonly community: CommunityDoc;
  /** What cannot be, with its place below the community. */
  readonly wrong: readonly string[];
}

export interface MergeContext {
  readonly organizationId: OrganizationId;
  /** Claimed for it by a load that was cut off before it wrote the community. */
  readonly communityId: CommunityId | undefined;
  readonly random: (size: number) => Uint8Array;
  readonly nowMs: number;
  /** Who a resident of the file is. */
  readonly personFor: Roster["personFor"];
}

export function merge(file: LoadCommunity, before: Masters, context: MergeContext): Merged {
  const community = communityOf(file, before.community, context);
  const { communityId } = community;
  const wrong: string[] = [];
  const buildings = file.buildings.map(({ name }): BuildingDoc => {
    const old = before.buildings.find((one) => one.name === name);
    const buildingId = old?.buildingId ?? newId("b", context.random);
    return {
      ...old,
      _id: `building:${buildingId}`,
      type: "building",
      v: 1,
      communityId,
      buildingId,
      name,
    };
  });
  const known = {
    residents: new Map(before.residents.map((one) => [one.ref, one])),
    devices: new Map(before.devices.map((one) => [one.deviceId as string, one])),
  };
  const residents = file.residents.map((resident): ResidentDoc => {
    const old = known.residents.get(resident.ref);
    const residentId = old?.residentId ?? newId("r", context.random);
    return {
      ...old,
      _id: `resident:${residentId}`,
      type: "resident",
      v: 1,
      communityId,
      residentId,
      ref: resident.ref,
      personId: context.personFor(resident, { communityId, residentId, known: old?.personId }),
    };
  });
  const residentIds = new Map(residents.map(({ ref, residentId }) => [ref, residentId]));
  const units = file.units.map((unit, i): UnitDoc => {
    const buildingId = buildings.find(({ name }) => name === unit.building)?.buildingId;
    const called = before.units.filter(({ name }) => name === unit.name);
    // Elsewhere than in a file, homes of two buildings may be called the same.
    const old = called.length > 1 ? called.find((one) => one.buildingId === buildingId) : called[0];
    if (called.length > 1 && !old && unit.building === undefined)
      wrong.push(
        `units[${i}].building: there are ${called.length} homes called ${JSON.stringify(unit.name)} here, in different buildings`,
      );
    const merged = unitOf(unit, { old, buildingId, residentIds }, communityId, context);
    for (const ref of new Set(unit.tenancies.map(({ resident }) => resident))) {
      const theirs = merged.tenancies.filter((one) => one.residentId === residentIds.get(ref));
      for (const [a, b] of overlaps(theirs))
        wrong.push(
          `units[${i}]: a tenancy from ${theirs[b]?.from} overlaps the one of ${JSON.stringify(ref)} from ${theirs[a]?.from}`,
        );
    }
    return merged;
  });
  const unitIds = new Map(units.map(({ name, unitId }) => [name, unitId]));
  const devices = file.devices.map((device, i): DeviceDoc => {
    const old = known.devices.get(device.dev_eui);
    const merged = deviceOf(device, old, unitIds, communityId, context);
    for (const [a, b] of overlaps(merged.installations))
      wrong.push(
        `devices[${i}]: an installation from ${merged.installations[b]?.from} overlaps the one from ${merged.installations[a]?.from}, which is here already`,
      );
    return merged;
  });
  return { community, buildings, units, residents, devices, wrong };
}

function communityOf(
  file: LoadCommunity,
  old: CommunityDoc | undefined,
  { organizationId, communityId: claimed, random, nowMs }: MergeContext,
): CommunityDoc {
  const communityId = old?.communityId ?? claimed ?? newId<CommunityId>("c", random);
  const now = new Date(nowMs).toISOString();
  const zones = old?.zones ?? [{ from: new Date(0).toISOString(), zone: file.zone }];
  const isMoved = zones.at(-1)?.zone !== file.zone;
  return {
    // What a file does not speak of stays: address, owner, quotas.
    ...old,
    _id: `community:${communityId}`,
    type: "community",
    v: 1,
    communityId,
    organizationId,
    tenant: file.tenant_name,
    name: file.name,
    // Another zone takes effect from now: what was counted by the old one stays counted.
    zones: isMoved ? [...zones, { from: now, zone: file.zone }] : zones,
    language: file.language,
    brand: file.brand ?? old?.brand ?? {},
    adminEmail: old?.adminEmail ?? null,
    isActive: old?.isActive ?? true,
    createdAt: old?.createdAt ?? now,
    generation: old?.generation ?? 1,
  };
}

function unitOf(
  unit: LoadUnit,
  {
    old,
    buildingId,
    residentIds,
  }: {
    old: UnitDoc | undefined;
    buildingId: BuildingDoc["buildingId"] | undefined;
    residentIds: ReadonlyMap<string, ResidentDoc["residentId"]>;
  },
  communityId: CommunityId,
  { random }: MergeContext,
): UnitDoc {
  const unitId = old?.unitId ?? newId("u", random);
  const tenancies = [...(old?.tenancies ?? [])];
  for (const { resident, from, to } of unit.tenancies) {
    const residentId = residentIds.get(resident);
    if (!residentId) continue;
    const at = tenancies.findIndex((one) => one.residentId === residentId && one.from === from);
    const before = tenancies[at];
    const tenancy = {
      // An end that was noted here stays: who has moved out does not come back by an older file.
      ...before,
      tenancyId: before?.tenancyId ?? newId<never>("t", random),
      residentId,
      from,
      ...(to === undefined ? {} : { to }),
    };
    if (at < 0) tenancies.push(tenancy);
    else tenancies[at] = tenancy;
  }
  return {
    ...old,
    _id: `unit:${unitId}`,
    type: "unit",
    v: 1,
    communityId,
    unitId,
    name: unit.name,
    ...(buildingId === undefined ? {} : { buildingId }),
    tenancies: old ? followed(old, tenancies) : tenancies,
  };
}

function deviceOf(
  device: LoadDevice,
  old: DeviceDoc | undefined,
  unitIds: ReadonlyMap<string, UnitDoc["unitId"]>,
  communityId: CommunityId,
  { random, nowMs }: MergeContext,
): DeviceDoc {
  const installations = [...(old?.installations ?? [])];
  for (const { unit, from, to, start_index } of device.installations) {
    const unitId = unitIds.get(unit);
    if (!unitId) continue;
    const at = installations.findIndex((one) => one.unitId === unitId && one.from === from);
    const before = installations[at];
    const installation = {
      ...before,
      installationId: before?.installationId ?? newId<never>("i", random),
      unitId,
      from,
      ...(to === undefined ? {} : { to }),
      ...(start_index === undefined ? {} : startOf(start_index)),
    };
    if (at < 0) installations.push(installation);
    else installations[at] = installation;
  }
  const now = new Date(nowMs).toISOString();
  const earliest = device.installations.map(({ from }) => from).sort()[0];
  return {
    // What the file does not speak of stays as it is.
    ...old,
    _id: `device:${device.dev_eui}`,
    type: "device",
    v: 1,
    communityId,
    deviceId: device.dev_eui as DeviceDoc["deviceId"],
    name: device.name,
    kind: device.kind,
    model: device.model,
    ...(device.serial === undefined ? {} : { serial: device.serial }),
    expectedIntervalMs: device.expected_interval_s * 1000,
    held:
      old && old.communityId === communityId
        ? [...old.held]
        : handedOn(old?.held ?? [], communityId, device.held_from ?? earliest ?? now),
    ...(device.home_gateway === undefined ? {} : { homeGateway: device.home_gateway }),
    installations,
    isActive: old?.isActive ?? true,
    createdAt: old?.createdAt ?? now,
  };
}

function startOf(text: string): { startN: number; scale: number } {
  const { n, scale } = indexOf(text);
  return { startN: n, scale };
}
