/**
 * `upload-places`: the communities, buildings, homes and residents that the rows of a file name:
 * found, or made when they are missing. Holds what it made, so that the next row finds it; a dry
 * run makes nothing and finds it all the same.
 */
import { foundCommunity } from "#cloud/hub/found-community.ts";
import type { CommunityDoc, Hub, ResidentDoc, UnitDoc } from "#cloud/hub/hub.ts";
import { livingIn, withTenancy } from "#cloud/hub/tenancies.ts";
import { Fault } from "#shared/model/fault.ts";
import {
  newId,
  TenantName,
  type CommunityId,
  type ResidentId,
  type TenancyId,
  type UnitId,
} from "#shared/model/ids.ts";
import { systemScope, type HubScope } from "#shared/model/scope.ts";

type BuildingDoc = Awaited<ReturnType<Hub["units"]["buildings"]["list"]>>[number];

export interface Places {
  /** @throws Fault "invalid" that says what is missing */
  community(name: string): Promise<CommunityDoc | null>;
  /** @throws Fault "invalid" */
  unit(community: CommunityDoc, building: string, name: string): Promise<UnitDoc>;
  /** By e-mail address. @throws Fault "invalid" */
  resident(community: CommunityDoc, email: string): Promise<ResidentDoc>;
  /** The one home of a resident, made when they have none; a home they are to live in gets them. */
  homeOf(
    community: CommunityDoc,
    resident: ResidentDoc,
    unit: UnitDoc | undefined,
    from: string,
  ): Promise<UnitDoc>;
  /**
   * Lets somebody live in a home in `[from, to)`; one who lives there then already gets the end
   * that is told. @throws Fault "conflict" for a time that overlaps another of theirs there
   */
  moveIn(
    community: CommunityDoc,
    unit: UnitDoc,
    residentId: ResidentId,
    time: { readonly from: string | undefined; readonly to: string | undefined },
  ): Promise<{
    readonly unit: UnitDoc;
    readonly made: TenancyId | undefined;
    readonly isSame: boolean;
  }>;
  /** Writes what was made since; says which homes and buildings are new. */
  flush(): Promise<{ unitIds: string[]; buildingIds: string[] }>;
  /** Communities that were named, to bring their gateways in step. */
  readonly touched: ReadonlySet<CommunityDoc>;
}

export interface PlacesOptions {
  readonly hub: Hub;
  readonly scope: HubScope;
  readonly isDryRun: boolean;
  /** Used where a row names none. */
  readonly fallback: string;
  /** Where communities may be made; undefined: nowhere. */
  readonly founding: HubScope | undefined;
}

interface Estate {
  readonly buildings: BuildingDoc[];
  readonly units: Map<string, UnitDoc>;
  /** Ids of homes by name. */
  readonly byName: Map<string, Set<string>>;
  residents?: ReadonlyMap<string, ResidentDoc>;
}

const key = (text: string) => text.trim().toLowerCase();
const invalid = (field: string, message: string) =>
  new Fault("invalid", message, { fields: { [field]: message } });

export async function uploadPlaces(options: PlacesOptions): Promise<Places> {
  const { hub, scope, isDryRun, fallback, founding } = options;
  const known = new Map<string, CommunityDoc>();
  const know = (community: CommunityDoc) => {
    // Ids and tenant names before names: a name may be anybody's.
    for (const name of [community.communityId, community.tenant]) known.set(key(name), community);
    if (!known.has(key(community.name))) known.set(key(community.name), community);
  };
  for (const community of await hub.communities.list(scope)) know(community);
  const estates = new Map<CommunityId, Promise<Estate>>();
  const touched = new Set<CommunityDoc>();
  const fresh = { buildings: new Map<string, BuildingDoc>(), units: new Map<string, UnitDoc>() };
  const changed = new Map<string, UnitDoc>();

  const estateOf = ({ communityId }: CommunityDoc) => {
    let estate = estates.get(communityId);
    if (!estate) {
      estate = (async () => ({
        buildings: await hub.units.buildings.list(scope, communityId),
        ...indexed(await hub.units.units.list(scope, communityId)),
      }))();
      estates.set(communityId, estate);
    }
    return estate;
  };
  const replace = (estate: Estate, unit: UnitDoc) => {
    const isNew = !estate.units.has(unit.unitId);
    add(estate, unit);
    if (fresh.units.has(unit.unitId) || isNew) fresh.units.set(unit.unitId, unit);
    else changed.set(unit.unitId, unit);
    return unit;
  };
  const newUnit = (community: CommunityDoc, name: string, buildingId?: string): UnitDoc => {
    const unitId = newId<UnitId>("u", hub.random);
    return {
      _id: `unit:${unitId}`,
      type: "unit",
      v: 1,
      communityId: community.communityId,
      unitId,
      name,
      ...(buildingId === undefined ? {} : { buildingId }),
      tenancies: [],
    };
  };
  const found = async (name: string): Promise<CommunityDoc> => {
    if (!founding)
      throw invalid(
        "community",
        "there is no such community; make_communities=true makes those that are missing",
      );
    const tenant = TenantName.safeParse(slugOf(name));
    if (!tenant.success)
      throw invalid("community", "no tenant_name can be made of this name: make it first");
    if (!isDryRun) return foundCommunity(hub, founding, { name, tenant_name: tenant.data });
    const { organizationId } = scope;
    const settings = { from: new Date(0).toISOString(), zone: "Etc/UTC" };
    const communityId = newId<CommunityId>("c", hub.random);
    return {
      _id: `community:${communityId}`,
      type: "community",
      v: 1,
      communityId,
      organizationId,
      tenant: tenant.data,
      name,
      zones: [settings],
      language: "en",
      brand: {},
      adminEmail: null,
      isActive: true,
      createdAt: new Date(hub.clock.now()).toISOString(),
      generation: 1,
    };
  };

  return {
    touched,
    async community(named) {
      const name = named === "" ? fallback : named;
      if (name === "") {
        if (scope.kind === "organization") return null;
        const [only, ...more] = scope.communityIds;
        const one = only === undefined || more.length > 0 ? undefined : known.get(key(only));
        if (!one) throw invalid("community", "say which community it is for");
        touched.add(one);
        return one;
      }
      let community = known.get(key(name));
      if (!community) know((community = await found(name)));
      touched.add(community);
      return community;
    },
    async unit(community, buildingName, name) {
      const estate = await estateOf(community);
      let building =
        buildingName === ""
          ? undefined
          : estate.buildings.find((one) => key(one.name) === key(buildingName));
      if (buildingName !== "" && !building) {
        const buildingId = newId<string>("b", hub.random);
        building = {
          _id: `building:${buildingId}`,
          type: "building",
          v: 1,
          communityId: community.communityId,
          buildingId,
          name: buildingName,
        };
        estate.buildings.push(building);
        fresh.buildings.set(buildingId, building);
      }
      const named = [...(estate.byName.get(key(name)) ?? [])].flatMap(
        (id) => estate.units.get(id) ?? [],
      );
      const here = building
        ? named.filter(({ buildingId }) => buildingId === building.buildingId)
        : named;
      if (here.length > 1)
        throw invalid("unit", "several homes are called so: say in which building");
      return here[0] ?? replace(estate, newUnit(community, name, building?.buildingId));
    },
    async resident(community, email) {
      const estate = await estateOf(community);
      estate.residents ??= await residentsByEmail(hub, scope, community.communityId);
      const resident = estate.residents.get(key(email));
      if (!resident)
        throw invalid("resident_email", "nobody with this address is a resident of the community");
      return resident;
    },
    async homeOf(community, { residentId }, unit, from) {
      const estate = await estateOf(community);
      const lives = (one: UnitDoc) =>
        one.tenancies.some(
          (it) => it.residentId === residentId && (it.to === undefined || from < it.to),
        );
      const moveIn = (home: UnitDoc) =>
        replace(
          estate,
          withTenancy(home, { tenancyId: newId<TenancyId>("t", hub.random), residentId, from }),
        );
      if (unit)
        return livingIn(unit, from).some((one) => one.residentId === residentId)
          ? unit
          : moveIn(unit);
      const homes = [...estate.units.values()].filter(lives);
      if (homes.length > 1) throw invalid("unit", "the resident has several homes: say which");
      if (homes[0]) return homes[0];
      let n = 1;
      while (estate.byName.has(`home ${n}`)) n++;
      return moveIn(newUnit(community, `Home ${n}`));
    },
    async moveIn(community, unit, residentId, { from, to }) {
      const estate = await estateOf(community);
      const now = estate.units.get(unit.unitId) ?? unit;
      const at = from ?? new Date(hub.clock.now()).toISOString();
      const there = now.tenancies.find(
        (one) =>
          one.residentId === residentId &&
          (from === undefined ? one.to === undefined || at < one.to : one.from === from),
      );
      if (there) {
        const isSame = to === undefined || there.to === to;
        const after = isSame ? now : replace(estate, withTenancy(now, { ...there, to }));
        return { unit: after, made: undefined, isSame };
      }
      const tenancyId = newId<TenancyId>("t", hub.random);
      const tenancy = { tenancyId, residentId, from: at, ...(to === undefined ? {} : { to }) };
      return {
        unit: replace(estate, withTenancy(now, tenancy)),
        made: tenancyId,
        isSame: false,
      };
    },
    async flush() {
      const { organizationId } = scope;
      const units = [...fresh.units.values()];
      const buildings = [...fresh.buildings.values()];
      if (!isDryRun) {
        if (buildings.length > 0) await hub.units.buildings.save(scope, organizationId, buildings);
        if (units.length + changed.size > 0)
          await hub.units.units.save(scope, organizationId, [...units, ...changed.values()]);
        // Read again with the revisions they were given, when they are looked at next.
        if (units.length + buildings.length + changed.size > 0) estates.clear();
        fresh.units.clear();
        fresh.buildings.clear();
        changed.clear();
      }
      return {
        unitIds: isDryRun ? [] : units.map(({ unitId }) => unitId),
        buildingIds: isDryRun ? [] : buildings.map(({ buildingId }) => buildingId),
      };
    },
  };
}

function add({ units, byName }: Pick<Estate, "units" | "byName">, unit: UnitDoc): void {
  units.set(unit.unitId, unit);
  const same = byName.get(key(unit.name));
  if (same) same.add(unit.unitId);
  else byName.set(key(unit.name), new Set([unit.unitId]));
}

function indexed(all: readonly UnitDoc[]): Pick<Estate, "units" | "byName"> {
  const estate = { units: new Map<string, UnitDoc>(), byName: new Map<string, Set<string>>() };
  for (const unit of all) add(estate, unit);
  return estate;
}

async function residentsByEmail(
  hub: Hub,
  scope: HubScope,
  communityId: CommunityId,
): Promise<Map<string, ResidentDoc>> {
  const people = await hub.people.list(systemScope("uploads"));
  const emails = new Map(people.map(({ personId, email }) => [personId, email]));
  const found = new Map<string, ResidentDoc>();
  for (const resident of await hub.residents.list(scope, communityId)) {
    const email = emails.get(resident.personId);
    if (email) found.set(key(email), resident);
  }
  return found;
}

/** `Río Verde 3` is `rio-verde-3`. */
function slugOf(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replaceAll(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[-0-9]+|-+$/g, "");
  return plain.slice(0, 39).replace(/-+$/, "");
}
