/**
 * `projection`: writes what a community's gateways need to know into its `site` database.
 *
 * A function of the organization's documents and nothing else; what has not changed is not
 * written again. Last names, e-mail addresses and keys in clear must never get here.
 */
import { isDeepStrictEqual } from "node:util";
import type { CommunityDoc, CommunityStore } from "#cloud/areas/communities/community-store.ts";
import type { ResidentDoc, ResidentStore } from "#cloud/areas/communities/resident-store.ts";
import type { BuildingDoc, UnitDoc, UnitStore } from "#cloud/areas/units/unit-store.ts";
import type { DeviceDoc, DeviceStore } from "#cloud/areas/devices/device-store.ts";
import type { GatewayDoc, GatewayStore } from "#cloud/areas/gateways/gateway-store.ts";
import type { PersonDoc } from "#cloud/auth/people-store.ts";
import type { ApiKeyDoc, ApiKeyStore } from "#cloud/auth/api-key-store.ts";
import { sitePartsOf, type SiteParts } from "#shared/access/site-parts.ts";
import type { Database, Databases, Doc } from "#shared/couch/database.ts";
import type { Clock } from "#shared/model/clock.ts";
import { databaseName } from "#shared/model/database-names.ts";
import type { GatewayId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import {
  OWN_MODELS,
  type ProgramDoc,
  SiteDocument,
  type CodeDoc,
  type DeviceDoc as SiteDeviceDoc,
  type SiteDoc,
  type UnitDoc as SiteUnitDoc,
} from "#shared/model/site.ts";
import { everyDoc } from "./every-doc.ts";
import type { KeyBundles } from "./key-bundles.ts";
import { settingsOf, type OrganizationSettings } from "./organization-settings.ts";
import { ownMappings } from "./mapping-store.ts";
import { ownDecoders } from "./own-decoders.ts";
import type { Registry } from "./registry.ts";
import { contentOf, save } from "./save.ts";

export interface ProjectionParts {
  readonly registry: Registry;
  readonly databases: Databases;
  readonly communities: CommunityStore;
  readonly units: UnitStore;
  readonly residents: ResidentStore;
  readonly devices: DeviceStore;
  readonly gateways: GatewayStore;
  readonly apiKeys: ApiKeyStore;
  readonly bundles: KeyBundles;
  readonly clock: Clock;
}

/** Brings a community's `site` in step. Resolves with the number of documents written or removed. */
export type Project = (community: CommunityDoc) => Promise<number>;

const scope = systemScope("projection");

export function projection(parts: ProjectionParts): Project {
  const {
    registry,
    databases,
    communities,
    units,
    residents,
    devices,
    gateways,
    apiKeys,
    bundles,
    clock,
  } = parts;
  /** One at a time per community: two at once would write the same documents. */
  const running = new Map<string, Promise<unknown>>();

  const project = async ({ communityId }: CommunityDoc): Promise<number> => {
    const community = await communities.find(scope, communityId);
    const { organizationId, tenant, generation } = community;
    const mine = (await gateways.list(scope)).filter(
      (gateway) =>
        gateway.organizationId === organizationId &&
        gateway.communities.includes(communityId) &&
        !gateways.isRevoked(gateway.gatewayId),
    );
    const database = await databases.open(databaseName.site(tenant, generation));
    const stored = new Map<string, Doc>();
    for await (const doc of everyDoc(database)) stored.set(doc._id, doc);

    const buildings = new Map(
      (await units.buildings.list(scope, communityId)).map((one) => [one.buildingId, one]),
    );
    const homes = await units.units.list(scope, communityId);
    const homeIds = new Set(homes.map(({ unitId }) => unitId));
    const held = await devices.everHeldBy(scope, organizationId, communityId);
    const theirs = held.filter((device) => device.communityId === communityId);
    const everybody = await registry.riser.freshOf<PersonDoc>("person");
    const wanted: Doc[] = [
      ...homes.map((unit) => unitOf(unit, buildings)),
      ...held.map((device) => deviceOf(device, community, mine, homeIds)),
      ...(await residents.list(scope, communityId)).flatMap((one) =>
        codeOf(one, everybody.get(`person:${one.personId}`)),
      ),
    ];
    const own = await ownDecoders(registry, organizationId, communityId);
    // What no device here is of, no gateway here has to know.
    for (const model of new Set(theirs.map((device) => device.model))) {
      const decoder = model.startsWith(OWN_MODELS) && own.get(model.slice(OWN_MODELS.length));
      if (decoder) wanted.push(decoder);
    }
    wanted.push(...(await ownMappings(registry, organizationId, communityId)));
    wanted.push(...(await apiKeys.forSite(scope, organizationId, communityId)).map(programOf));
    for (const gateway of mine) {
      const ids = theirs
        .filter((device) => device.isActive && homeOf(device, mine) === gateway.gatewayId)
        .map(({ deviceId }) => deviceId);
      const keys = await bundles.bundle(
        community,
        gateway,
        ids,
        stored.get(`keys:${gateway.gatewayId}`),
      );
      if (keys) wanted.push(keys);
    }
    for (const doc of wanted) SiteDocument.parse(doc);

    const ids = new Set(wanted.map(({ _id }) => _id)).add("site");
    const gone = [...stored.values()].filter(({ _id }) => !ids.has(_id));
    for (const { _id, _rev } of gone) await database.remove(_id, _rev as string);
    // The community's own document comes last: with it a gateway takes the generation for complete.
    const written = gone.length + (await save(database, wanted, stored));
    const settings = settingsOf(await registry.organizationDoc(organizationId));
    const parts = written === 0 ? sitePartsOf(stored.values()) : await partsIn(database);
    const site = siteOf(community, settings, stored.get("site"), clock, written, parts);
    return written + (await save(database, [site]));
  };
  return (community) => {
    const before = running.get(community.communityId) ?? Promise.resolve();
    const next = before.catch(() => {}).then(() => project(community));
    running.set(community.communityId, next);
    return next;
  };
}

/** As it is now: revisions are the engine's to give. */
async function partsIn(database: Database): Promise<SiteParts> {
  const docs: Doc[] = [];
  for await (const { _id, _rev } of everyDoc(database))
    docs.push(_rev === undefined ? { _id } : { _id, _rev });
  return sitePartsOf(docs);
}

/**
 * `projectedAt` moves only when something else did, and then always: by it others tell one state
 * of a site from the next.
 */
function siteOf(
  community: CommunityDoc,
  settings: OrganizationSettings,
  old: Doc | undefined,
  clock: Clock,
  written: number,
  parts: SiteParts,
): SiteDoc {
  const { tenant, generation, name, zones, language } = community;
  const site: SiteDoc = {
    _id: "site",
    type: "site",
    v: 1,
    tenant,
    generation,
    name,
    zones,
    language,
    brand: dressOf(community, settings),
    hourlyDetail: community.hourlyDetail ?? settings.hourlyDetail,
    parts,
    projectedAt: new Date(clock.now()).toISOString(),
  };
  const projectedAt = old?.projectedAt;
  if (!old || typeof projectedAt !== "string") return site;
  const same = { ...site, projectedAt };
  if (written === 0 && isDeepStrictEqual(contentOf(same), contentOf(old))) return same;
  const nextMs = Math.max(clock.now(), Date.parse(projectedAt) + 1);
  return { ...site, projectedAt: new Date(nextMs).toISOString() };
}

/** What a community wears: its own, else the organization's; by name its own. */
function dressOf({ name, brand }: CommunityDoc, settings: OrganizationSettings): SiteDoc["brand"] {
  const colour = brand.colour ?? settings.brand.colour;
  const logo = brand.logo ?? settings.brand.logo;
  return {
    name: brand.name ?? settings.brand.name ?? name,
    ...(colour === undefined ? {} : { colour }),
    ...(logo === undefined ? {} : { logo }),
  };
}

function programOf({ keyId, secretHash, expiresAt }: ApiKeyDoc): ProgramDoc {
  return {
    _id: `program:${keyId}`,
    type: "program",
    v: 1,
    keyId,
    secretHash,
    ...(expiresAt === null ? {} : { expiresAt }),
  };
}

function unitOf(unit: UnitDoc, buildings: ReadonlyMap<string, BuildingDoc>): SiteUnitDoc {
  const { unitId, name, tenancies } = unit;
  const building = unit.buildingId && buildings.get(unit.buildingId)?.name;
  return {
    _id: `unit:${unitId}`,
    type: "unit",
    v: 1,
    unitId,
    name,
    ...(building ? { building } : {}),
    tenancies: tenancies.map(({ partOf: _, ...tenancy }) => tenancy),
  };
}

/** The gateway that answers a device's joins, if any. `gateways` in the order they were enrolled. */
export function homeOf(device: DeviceDoc, gateways: readonly GatewayDoc[]): GatewayId | undefined {
  const { homeGateway } = device;
  if (homeGateway === undefined) return undefined;
  if (homeGateway === true) return gateways[0]?.gatewayId;
  return gateways.find(({ gatewayId }) => gatewayId === homeGateway)?.gatewayId;
}

/** A device as one community's gateways need to know it: what it was elsewhere is not theirs. */
function deviceOf(
  device: DeviceDoc,
  { communityId }: CommunityDoc,
  gateways: readonly GatewayDoc[],
  homeIds: ReadonlySet<string>,
): SiteDeviceDoc {
  const { deviceId, name, kind, model, serial, expectedIntervalMs, counter } = device;
  const isHeld = device.communityId === communityId;
  const homeGatewayId = isHeld ? homeOf(device, gateways) : undefined;
  return {
    _id: `device:${deviceId}`,
    type: "device",
    v: 1,
    deviceId,
    name,
    kind,
    model,
    ...(serial === undefined ? {} : { serial }),
    expectedIntervalMs,
    held: device.held
      .filter((one) => one.communityId === communityId)
      .map(({ from, to }) => ({ from, ...(to === undefined ? {} : { to }) })),
    ...(homeGatewayId === undefined ? {} : { homeGatewayId }),
    ...(counter === undefined ? {} : { counter }),
    installations: device.installations.filter(({ unitId }) => homeIds.has(unitId)),
  };
}

/** Without their person nobody has a code: what a start cut off in between left opens nothing. */
function codeOf(
  { code, residentId, hoursAgreedAt }: ResidentDoc,
  person: PersonDoc | undefined,
): CodeDoc[] {
  if (!code || !person) return [];
  const { finder, secretHash, expiresAt } = code;
  const { firstName, language, isDisabled } = person;
  return [
    {
      _id: `code:${finder}`,
      type: "code",
      v: 1,
      finder,
      secretHash,
      residentId,
      firstName,
      language,
      isDisabled,
      ...(hoursAgreedAt === undefined ? {} : { hasAgreedToHours: true }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    },
  ];
}
