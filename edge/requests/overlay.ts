/**
 * `overlay`: a `site` as it is with what was asked for here and the hub has not taken in yet. Pure.
 *
 * What no longer fits (a device or a home that is gone) changes nothing: the hub will say why.
 */
import { kindOf, modelOf } from "#shared/devices/device-model.ts";
import { isIn, type Site } from "#shared/access/site.ts";
import { withReadOffs } from "#shared/model/index-reading.ts";
import type { DeviceId, GatewayId } from "#shared/model/ids.ts";
import type { Asked, RequestKind } from "#shared/model/requests.ts";
import type { CodeDoc, DeviceDoc } from "#shared/model/site.ts";
import { acts, type SiteRequest } from "./site-request.ts";

/** How often a meter reports of which nothing else is known. */
const INTERVAL_MS = 3_600_000;

type Laid<K extends RequestKind> = (
  site: Site,
  asked: Asked<K>,
  request: SiteRequest,
  gatewayId: GatewayId,
) => Site;

const layers: { readonly [K in RequestKind]: Laid<K> } = {
  register(site, { deviceId, name, kind, model: printed, serial, from }, _request, homeGatewayId) {
    if (site.devices.has(deviceId)) return site;
    const found = modelOf({ model: printed, kind }, (slug) => site.decoders.has(slug));
    if ("wrong" in found) return site;
    return withDevice(site, {
      _id: `device:${deviceId}`,
      type: "device",
      v: 1,
      deviceId,
      name,
      kind: kindOf({ kind }, found.model),
      model: found.model,
      ...(serial === undefined ? {} : { serial }),
      expectedIntervalMs: INTERVAL_MS,
      held: [{ from }],
      homeGatewayId,
      installations: [],
    });
  },
  mount(site, { installationId, deviceId, unitId, from, startIndex, indexUnit }) {
    const device = site.devices.get(deviceId);
    if (!device || !site.units.has(unitId)) return site;
    const fromMs = Date.parse(from);
    if (device.installations.some((one) => one.installationId === installationId)) return site;
    if (device.installations.some((one) => one.unitId === unitId && isIn(one, fromMs))) return site;
    const before = device.installations.flatMap((one) =>
      Date.parse(one.from) >= fromMs ? [] : [isIn(one, fromMs) ? { ...one, to: from } : one],
    );
    const readOff = withReadOffs({}, { start: startIndex, unit: indexUnit });
    const installation = { installationId, unitId, from, ...readOff };
    return withDevice(site, {
      ...device,
      held: heldFrom(device, from),
      installations: [...before, installation],
    });
  },
  unmount(site, { deviceId, unitId, to, endIndex, indexUnit }) {
    const device = site.devices.get(deviceId);
    if (!device) return site;
    const installations = device.installations.map((one) =>
      one.unitId === unitId && isIn(one, Date.parse(to))
        ? { ...one, to, ...withReadOffs(one, { end: endIndex, unit: indexUnit }) }
        : one,
    );
    return withDevice(site, { ...device, installations });
  },
  "resident-settings"(site, { language, hours }, { by }) {
    const codes = new Map<string, CodeDoc>();
    for (const [finder, code] of site.codes)
      codes.set(
        finder,
        code.residentId === by
          ? {
              ...code,
              ...(language === undefined ? {} : { language }),
              ...(hours === undefined ? {} : { hasAgreedToHours: hours }),
            }
          : code,
      );
    return { ...site, codes };
  },
};

/** @param requests in the order they were made */
export function overlaid(site: Site, requests: readonly SiteRequest[], gatewayId: GatewayId): Site {
  let now = site;
  for (const request of requests)
    if (acts(request, site.community.projectedAt)) {
      const lay = layers[request.kind] as Laid<RequestKind>;
      now = lay(now, request.asked, request, gatewayId);
    }
  return now;
}

function withDevice(site: Site, device: DeviceDoc): Site {
  return {
    ...site,
    devices: new Map<DeviceId, DeviceDoc>(site.devices).set(device.deviceId, device),
  };
}

/** Whoever mounts a device holds it. */
function heldFrom({ held }: DeviceDoc, from: string): DeviceDoc["held"] {
  return held.some((one) => isIn(one, Date.parse(from))) ? held : [...held, { from }];
}
