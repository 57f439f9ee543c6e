/**
 * `decoding`: what decodes the devices of each community on the hub, the same as on its gateways.
 */
import type { FindDecoder } from "#shared/devices/decode-uplink.ts";
import { decodersOf, type Scripts } from "#shared/devices/own-decoders.ts";
import { redecoder } from "#shared/devices/redecoder.ts";
import type { TenantName } from "#shared/model/ids.ts";
import type { Redecoder } from "#shared/model/redecoder.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { DecoderDoc } from "#shared/model/site.ts";
import type { CommunityDoc, Hub } from "./hub.ts";
import { ownDecoders } from "./own-decoders.ts";

const scope = systemScope("decoding");

/** Reads kept uplinks again by the organizations' devices and decoders as they are now. */
export function hubRedecoder(hub: Hub, scripts: Scripts): Redecoder {
  const again = redecoder(async (tenant: TenantName) => {
    const community = (await hub.communities.list(scope)).find((one) => one.tenant === tenant);
    if (!community) return undefined;
    const { organizationId, communityId } = community;
    const devices = await hub.devices.everHeldBy(scope, organizationId, communityId);
    const own = await ownDecoders(hub.registry, organizationId, communityId);
    return {
      models: new Map(devices.map(({ deviceId, model }) => [deviceId, model])),
      find: decodersOf(() => own, scripts),
    };
  });
  hub.onAdopted(({ tenant }) => again.changed(tenant));
  return again;
}

/** What decodes a community's models as its devices are heard. A decoder that was revised is in force with the next uplink. */
export async function hubFinders(
  hub: Hub,
  scripts: Scripts,
): Promise<(tenant: TenantName) => FindDecoder> {
  const owned = new Map<TenantName, ReadonlyMap<string, DecoderDoc>>();
  const finders = new Map<TenantName, FindDecoder>();
  const none: ReadonlyMap<string, DecoderDoc> = new Map();
  const look = async ({ tenant, organizationId, communityId }: CommunityDoc) =>
    void owned.set(tenant, await ownDecoders(hub.registry, organizationId, communityId));
  for (const community of await hub.communities.list(scope)) await look(community);
  hub.onAdopted((community) => {
    // A look that fails leaves the decoders of before in force.
    look(community).catch(() => {});
  });
  return (tenant) => {
    let find = finders.get(tenant);
    if (!find) {
      find = decodersOf(() => owned.get(tenant) ?? none, scripts);
      finders.set(tenant, find);
    }
    return find;
  };
}
