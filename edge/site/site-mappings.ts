/**
 * `site-mappings`: the formats that the communities' operators wrote themselves, for messages that
 * nothing else makes a reading of.
 *
 * Several communities may have a mapping for one message: the one that holds the device it finds
 * is right; where none does, the first, and the reading waits as a stranger's.
 */
import type { FormatResult, Message } from "#shared/formats/format.ts";
import { mappedFormat } from "#shared/formats/json-mapping.ts";
import type { Clock } from "#shared/model/clock.ts";
import { isFault } from "#shared/model/fault.ts";
import type { JsonMapping } from "#shared/model/json-mapping.ts";
import type { Site } from "#shared/access/site.ts";
import type { Sites } from "./sites.ts";

type Mapped = FormatResult & { readonly via: string };
type Format = ReturnType<typeof mappedFormat>;

/** @throws Fault "invalid" when the only mapping for a message cannot read it */
export function siteMappings(
  sites: Pick<Sites, "all" | "holder">,
  clock: Pick<Clock, "now">,
): (message: Message) => Mapped | undefined {
  const made = new WeakMap<JsonMapping, Format>();
  const formatOf = (mapping: JsonMapping): Format => {
    const format = made.get(mapping) ?? mappedFormat(mapping);
    made.set(mapping, format);
    return format;
  };
  const isHeldBy = (site: Site, { measured }: Mapped, heardAt: number) =>
    measured.some(
      ({ deviceId, reading }) =>
        sites.holder(deviceId, Math.min(reading.time, heardAt))?.site.tenant === site.tenant,
    );
  return (message) => {
    const heardAt = clock.now();
    let first: Mapped | undefined;
    let failure: unknown;
    for (const site of sites.all())
      for (const mapping of site.mappings) {
        const format = formatOf(mapping);
        if (!format.recognises(message)) continue;
        try {
          const mapped = { ...format.parse(message, { heardAt }), via: format.name };
          if (isHeldBy(site, mapped, heardAt)) return mapped;
          first ??= mapped;
        } catch (error) {
          if (!isFault(error)) throw error;
          failure ??= error;
        }
      }
    if (first === undefined && failure !== undefined) throw failure;
    return first;
  };
}
