/**
 * `gateway-reports`: what gateways say of themselves and of devices nobody has registered, read
 * from their own databases. Damaged reports are left out.
 */
import type { GatewayDoc, GatewayStore } from "#cloud/areas/gateways/gateway-store.ts";
import type { DeviceStore } from "#cloud/areas/devices/device-store.ts";
import type { Database, Databases } from "#shared/couch/database.ts";
import { databaseName } from "#shared/model/database-names.ts";
import { SightingDoc, type HealthDoc } from "#shared/model/gateway-docs.ts";
import type { DeviceId, GatewayId, OrganizationId } from "#shared/model/ids.ts";
import type { Scope } from "#shared/model/scope.ts";
import { healthOf } from "./gateway-health.ts";
import { databaseImage, type Image } from "./image.ts";
import type { Rejections } from "./rejections.ts";

/** An unregistered device over all days and gateways; `last` is the newest report of it. */
export interface Sighting {
  readonly deviceId: DeviceId;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly count: number;
  readonly last: SightingDoc;
}

export interface GatewayReports {
  /**
   * Newest first, without those that were registered meanwhile, and without those that were
   * rejected, or these alone.
   */
  sightings(scope: Scope, which?: "open" | "rejected"): Promise<Sighting[]>;
  /** The newest report on a gateway's health. */
  health(gateway: GatewayDoc): Promise<HealthDoc | undefined>;
}

export function gatewayReports(
  databases: Databases,
  gateways: GatewayStore,
  devices: DeviceStore,
  rejected: Rejections,
  /** What an organization's webhooks told of; undefined where none ever did. */
  ownOf: (organizationId: OrganizationId) => Promise<Database | undefined> = async () => undefined,
): GatewayReports {
  const images = new Map<GatewayId, Image>();
  const imageOf = async (gatewayId: GatewayId) => {
    const known = images.get(gatewayId);
    if (known) return known;
    const database = await databases.openExisting(databaseName.gateway(gatewayId));
    if (!database) return undefined;
    const image = databaseImage(database, (doc) => SightingDoc.safeParse(doc).success);
    images.set(gatewayId, image);
    return image;
  };
  const ownImages = new Map<OrganizationId, Image>();
  const ownImageOf = async (organizationId: OrganizationId) => {
    const known = ownImages.get(organizationId);
    if (known) return known;
    const database = await ownOf(organizationId);
    if (!database) return undefined;
    const image = databaseImage(database, (doc) => SightingDoc.safeParse(doc).success);
    ownImages.set(organizationId, image);
    return image;
  };
  /** The places in which sightings in reach are written down. */
  const imagesFor = async (scope: Scope) => {
    const ids = (await gateways.list(scope)).map(({ gatewayId }) => gatewayId);
    const theirs = await Promise.all(ids.map(imageOf));
    // Of no community yet: for those who see what is the organization's own.
    const own = scope.kind === "organization" ? await ownImageOf(scope.organizationId) : undefined;
    return [...theirs, own].filter((image) => image !== undefined);
  };
  return {
    async sightings(scope, which = "open") {
      const quiet = await rejected.of(scope);
      const registered = new Set((await devices.list(scope)).map(({ deviceId }) => deviceId));
      const found = new Map<DeviceId, Sighting>();
      for (const image of await imagesFor(scope)) {
        const docs = await image.freshOf<SightingDoc & { _id: string }>("sighting");
        for (const doc of docs.values()) {
          if (registered.has(doc.deviceId)) continue;
          if (quiet.has(doc.deviceId) !== (which === "rejected")) continue;
          const before = found.get(doc.deviceId);
          found.set(doc.deviceId, before ? joined(before, doc) : first(doc));
        }
      }
      return [...found.values()].sort((a, b) => (a.lastAt > b.lastAt ? -1 : 1));
    },
    health: ({ gatewayId }) => healthOf({ databases }, gatewayId),
  };
}

function first(doc: SightingDoc): Sighting {
  const { deviceId, firstAt, lastAt, count } = doc;
  return { deviceId, firstAt, lastAt, count, last: doc };
}

function joined(before: Sighting, doc: SightingDoc): Sighting {
  return {
    deviceId: before.deviceId,
    firstAt: doc.firstAt < before.firstAt ? doc.firstAt : before.firstAt,
    lastAt: doc.lastAt > before.lastAt ? doc.lastAt : before.lastAt,
    count: before.count + doc.count,
    last: doc.lastAt > before.lastAt ? doc : before.last,
  };
}
