/**
 * `site-decoders`: what decodes the models of each community on this gateway.
 *
 * Follows the sites: a decoder that the hub revised is in force with the next uplink.
 */
import type { FindDecoder } from "#shared/devices/decode-uplink.ts";
import { decodersOf, type Scripts } from "#shared/devices/own-decoders.ts";
import type { DecoderDoc } from "#shared/model/site.ts";
import type { TenantName } from "#shared/model/ids.ts";
import { redecoder } from "#shared/devices/redecoder.ts";
import type { Redecoder } from "#shared/model/redecoder.ts";
import type { Sites } from "./sites.ts";

const none: ReadonlyMap<string, DecoderDoc> = new Map();

export function siteDecoders(
  sites: Pick<Sites, "get">,
  scripts: Scripts,
): (tenant: TenantName) => FindDecoder {
  const finders = new Map<TenantName, FindDecoder>();
  return (tenant) => {
    let find = finders.get(tenant);
    if (!find) {
      find = decodersOf(() => sites.get(tenant)?.decoders ?? none, scripts);
      finders.set(tenant, find);
    }
    return find;
  };
}

/** Reads kept uplinks again by the sites as they are now. */
export function siteRedecoder(
  sites: Pick<Sites, "get" | "all" | "onChange">,
  findersOf: (tenant: TenantName) => FindDecoder,
): Redecoder {
  const again = redecoder(async (tenant) => {
    const site = sites.get(tenant);
    if (!site) return undefined;
    const models = new Map([...site.devices].map(([deviceId, { model }]) => [deviceId, model]));
    return { models, find: findersOf(tenant) };
  });
  sites.onChange(() => {
    for (const { tenant } of sites.all()) again.changed(tenant);
  });
  return again;
}
