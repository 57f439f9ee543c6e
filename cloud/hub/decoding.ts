/**
 * `decoding`: what decodes the devices of each community on the hub, the same as on its gateways.
 */
import { decodersOf, type Scripts } from "#shared/devices/own-decoders.ts";
import { redecoder } from "#shared/devices/redecoder.ts";
import type { TenantName } from "#shared/model/ids.ts";
import type { Redecoder } from "#shared/model/redecoder.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { Hub } from "./hub.ts";
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
