/**
 * `unit-store`: buildings and units. A unit holds its tenancies and moves, so that what must agree
 * about one home is one document.
 */
import { z } from "zod";
import type { Registry } from "#cloud/hub/registry.ts";
import { scopedDocuments, type ScopedDocuments } from "#cloud/hub/scoped-documents.ts";
import { CommunityId, DeviceId, TenancyId, UnitId } from "#shared/model/ids.ts";
import { ExternalId } from "#shared/model/place.ts";
import { units } from "#shared/model/registers.ts";
import { At, UnitDoc as SiteUnitDoc } from "#shared/model/site.ts";

/** A random id beginning with `b-`. */
export const BuildingId = z.string().regex(/^b-[0-9a-hjkmnp-tv-z]{16}$/);

/**
 * `building:{buildingId}` in `o-{organization}`.
 *
 * History: 1 = first release.
 */
export const BuildingDoc = z.object({
  _id: z.string().startsWith("building:"),
  type: z.literal("building"),
  v: z.literal(1),
  communityId: CommunityId,
  buildingId: BuildingId,
  name: z.string(),
  address: z.string().optional(),
  externalId: ExternalId.optional(),
});
export type BuildingDoc = z.infer<typeof BuildingDoc>;

/** Somebody moved out, or in: when, who, and what the counters showed. */
export const Move = z.object({
  moveId: z.string(),
  at: At,
  /** Tenancies that ended with it. */
  out: z.array(TenancyId),
  /** Tenancies that began with it. */
  in: z.array(TenancyId),
  /** Read off the display: n × 10^scale of the unit, of the register's own without one. */
  indexes: z.array(
    z.object({
      deviceId: DeviceId,
      n: z.number().int(),
      scale: z.number().int(),
      unit: z.enum(units).optional(),
    }),
  ),
  note: z.string().optional(),
  notedAt: At,
});
export type Move = z.infer<typeof Move>;

/** As the sites know it, and on whose it hangs. */
const Tenancy = SiteUnitDoc.shape.tenancies.element.extend({
  /** The tenancy of the one who let them in as one of the household: theirs follows it. */
  partOf: TenancyId.optional(),
});

/**
 * `unit:{unitId}` in `o-{organization}`. Tenancies may overlap: a couple has two. Those of one
 * person do not.
 *
 * History: 1 = first release.
 */
export const UnitDoc = z.object({
  _id: z.string().startsWith("unit:"),
  type: z.literal("unit"),
  v: z.literal(1),
  communityId: CommunityId,
  unitId: UnitId,
  name: z.string(),
  buildingId: BuildingId.optional(),
  floor: z.string().optional(),
  externalId: ExternalId.optional(),
  tenancies: z.array(Tenancy),
  moves: z.array(Move).optional(),
});
export type UnitDoc = z.infer<typeof UnitDoc>;

export interface UnitStore {
  readonly buildings: ScopedDocuments<BuildingDoc>;
  readonly units: ScopedDocuments<UnitDoc>;
}

export function unitStore(registry: Registry): UnitStore {
  return {
    buildings: scopedDocuments<BuildingDoc>(
      registry,
      "building",
      "There is no such building here.",
    ),
    units: scopedDocuments<UnitDoc>(registry, "unit", "There is no such home here."),
  };
}
