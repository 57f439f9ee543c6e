/**
 * `register-devices`: new devices of an organization: the DevEUI's claim first, then the sealed
 * keys, then the document. Cut off in between, registering again finishes it.
 */
import type { DeviceKeys } from "#cloud/areas/devices/device-key-store.ts";
import type { DeviceDoc } from "#cloud/areas/devices/device-store.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { contentOf } from "#cloud/hub/save.ts";
import { reachesCommunity } from "#cloud/hub/scoped-documents.ts";
import { Fault } from "#shared/model/fault.ts";
import type { CommunityId, DeviceId } from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";
import type { DrawContext, Drawn } from "./draw-device.ts";

const BATCH = 500;

/** Of whose it is, nothing is said: it may be another organization's. */
const taken = () =>
  new Fault("conflict", "This DevEUI is registered already.", {
    fields: { dev_eui: "is registered already" },
  });

/** What drawing devices of an organization needs to know. */
export async function drawContext(hub: Hub, { organizationId }: HubScope): Promise<DrawContext> {
  const image = await hub.registry.organization(organizationId);
  const own = await image.freshOf("decoder");
  return { nowMs: hub.clock.now(), isOwnDecoder: (slug) => own.has(`decoder:${slug}`) };
}

/**
 * Registers those it can, and says of the others why not. Nobody is told on a gateway yet: `adopt` follows.
 * A dry run says what it would say, and writes nothing.
 * @throws Fault "forbidden" when one would lie outside of the scope
 */
export async function registerDevices(
  hub: Hub,
  scope: HubScope,
  drawn: readonly Drawn[],
  { isDryRun = false }: { readonly isDryRun?: boolean } = {},
): Promise<ReadonlyMap<DeviceId, Fault>> {
  const { organizationId } = scope;
  if (drawn.some(({ device }) => !reachesCommunity(scope, device.communityId)))
    throw new Fault("forbidden", "That lies outside of what you may change.");
  return hub.inTurn(`devices of ${organizationId}`, async () => {
    const refused = new Map<DeviceId, Fault>();
    const image = await hub.registry.organization(organizationId);
    const known = await image.freshOf<DeviceDoc>("device");
    const ids = drawn.map(({ device }) => device.deviceId);
    for (const id of ids) if (known.has(`device:${id}`)) refused.set(id, taken());
    for (const [id, fault] of await overQuota(hub, scope, drawn, known)) refused.set(id, fault);
    for (const [id, fault] of doubleNames(drawn, known)) refused.set(id, fault);
    const free = ids.filter((id) => !refused.has(id));
    if (isDryRun) {
      for (const id of await hub.claims.foreign(organizationId, free)) refused.set(id, taken());
      return refused;
    }
    for (const id of await hub.claims.claim(organizationId, free)) refused.set(id, taken());
    const wanted = drawn.filter(({ device }) => !refused.has(device.deviceId));
    const keys = new Map<DeviceId, DeviceKeys>();
    for (const one of wanted) if (one.keys) keys.set(one.device.deviceId, one.keys);
    await hub.keys.write(scope, organizationId, keys);
    for (let from = 0; from < wanted.length; from += BATCH) {
      const docs = wanted.slice(from, from + BATCH).map(({ device }) => ({
        ...contentOf(device),
        _id: device._id,
      }));
      for (const outcome of await image.database.bulk(docs)) {
        if (outcome.ok) continue;
        const id = outcome.id.slice("device:".length) as DeviceId;
        refused.set(
          id,
          outcome.reason === "conflict"
            ? taken()
            : new Fault("unavailable", "The hub could not write the device. Try again."),
        );
      }
    }
    return refused;
  });
}

/** Those for which a community has no room left. */
async function overQuota(
  hub: Hub,
  scope: HubScope,
  drawn: readonly Drawn[],
  known: ReadonlyMap<string, DeviceDoc>,
): Promise<[DeviceId, Fault][]> {
  const left = new Map<CommunityId, number>();
  for (const { communityId, quotas } of await hub.communities.list(scope))
    if (quotas?.devices !== undefined) left.set(communityId, quotas.devices);
  if (left.size === 0) return [];
  for (const { communityId, isActive } of known.values()) {
    const room = communityId !== null && isActive ? left.get(communityId) : undefined;
    if (communityId !== null && room !== undefined) left.set(communityId, room - 1);
  }
  return drawn.flatMap(({ device: { communityId, deviceId } }): [DeviceId, Fault][] => {
    const room = communityId === null ? undefined : left.get(communityId);
    if (communityId === null || room === undefined) return [];
    left.set(communityId, room - 1);
    return room > 0
      ? []
      : [[deviceId, new Fault("conflict", "The community has as many devices as it may have.")]];
  });
}

/** Those whose external id another device has. */
function doubleNames(
  drawn: readonly Drawn[],
  known: ReadonlyMap<string, DeviceDoc>,
): [DeviceId, Fault][] {
  if (!drawn.some(({ device }) => device.externalId !== undefined)) return [];
  const owners = new Map<string, string>();
  for (const { externalId, _id } of known.values())
    if (externalId !== undefined) owners.set(externalId, _id);
  return drawn.flatMap(({ device: { externalId, _id, deviceId } }): [DeviceId, Fault][] => {
    if (externalId === undefined) return [];
    const owner = owners.get(externalId);
    if (owner === undefined || owner === _id) {
      owners.set(externalId, _id);
      return [];
    }
    return [
      [
        deviceId,
        new Fault("conflict", `The external id ${JSON.stringify(externalId)} is taken already.`, {
          fields: { external_id: "is taken" },
        }),
      ],
    ];
  });
}
