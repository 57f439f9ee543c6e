/**
 * `site`: what this gateway knows of one community, held in memory as read from one generation of
 * its `site` database. Read only; a new generation makes a new one.
 */
import type { Database } from "#shared/couch/database.ts";
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { JsonMapping } from "#shared/model/json-mapping.ts";
import {
  SiteDocument,
  type CodeDoc,
  type DecoderDoc,
  type DeviceDoc,
  type KeysDoc,
  type ProgramDoc,
  type SiteDoc,
  type UnitDoc,
} from "#shared/model/site.ts";
import { sitePartsOf } from "./site-parts.ts";
import type { Zones } from "#shared/series/calendar.ts";

export interface Site {
  readonly tenant: TenantName;
  readonly generation: number;
  readonly community: SiteDoc;
  readonly zones: Zones;
  readonly units: ReadonlyMap<string, UnitDoc>;
  readonly devices: ReadonlyMap<DeviceId, DeviceDoc>;
  /** By finder. */
  readonly codes: ReadonlyMap<string, CodeDoc>;
  /** The organization's own decoders, by slug. */
  readonly decoders: ReadonlyMap<string, DecoderDoc>;
  /** Formats the organization wrote itself. */
  readonly mappings: readonly JsonMapping[];
  /** Programs that may read here, by key id. */
  readonly programs: ReadonlyMap<string, ProgramDoc>;
  /** By gateway id. */
  readonly keys: ReadonlyMap<string, KeysDoc>;
  /** False while something of this state is missing, or of another state. */
  readonly isWhole: boolean;
  /** Documents that are not as they should be: left out, named in the log. */
  readonly damaged: readonly string[];
}

const PAGE = 500;

/** Reads a generation; undefined while its community document has not arrived. */
export async function readSite(database: Database): Promise<Site | undefined> {
  const [units, devices] = [new Map<string, UnitDoc>(), new Map<DeviceId, DeviceDoc>()];
  const [codes, keys] = [new Map<string, CodeDoc>(), new Map<string, KeysDoc>()];
  const decoders = new Map<string, DecoderDoc>();
  const mappings: JsonMapping[] = [];
  const programs = new Map<string, ProgramDoc>();
  const damaged: string[] = [];
  let community: SiteDoc | undefined;
  const seen: { _id: string; _rev?: string | undefined }[] = [];
  for (let from = ""; ;) {
    const page = await database.list({ from, limit: PAGE });
    for (const raw of page) {
      if (raw._id.startsWith("_")) continue;
      seen.push({ _id: raw._id, _rev: raw._rev });
      const parsed = SiteDocument.safeParse(raw);
      if (!parsed.success) damaged.push(raw._id);
      else if (parsed.data.type === "site") community = parsed.data;
      else if (parsed.data.type === "unit") units.set(parsed.data.unitId, parsed.data);
      else if (parsed.data.type === "device") devices.set(parsed.data.deviceId, parsed.data);
      else if (parsed.data.type === "code") codes.set(parsed.data.finder, parsed.data);
      else if (parsed.data.type === "decoder") decoders.set(parsed.data.slug, parsed.data);
      else if (parsed.data.type === "mapping") mappings.push(parsed.data.mapping);
      else if (parsed.data.type === "program") programs.set(parsed.data.keyId, parsed.data);
      else keys.set(parsed.data.gatewayId, parsed.data);
    }
    const last = page.at(-1);
    if (!last || page.length < PAGE) break;
    from = `${last._id}\u0000`;
  }
  if (!community) return undefined;
  const parts = sitePartsOf(seen);
  return {
    tenant: community.tenant,
    generation: community.generation,
    community,
    zones: community.zones.map(({ from, zone }) => ({ fromMs: Date.parse(from), zone })),
    units,
    devices,
    codes,
    decoders,
    mappings,
    programs,
    keys,
    isWhole: community.parts === undefined || community.parts.digest === parts.digest,
    damaged,
  };
}

/** Whether `timeMs` lies in `[from, to)`. */
export function isIn(
  period: { readonly from: string; readonly to?: string | undefined },
  timeMs: number,
): boolean {
  return (
    Date.parse(period.from) <= timeMs && (period.to === undefined || timeMs < Date.parse(period.to))
  );
}
