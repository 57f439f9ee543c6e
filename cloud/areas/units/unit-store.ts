/**
 * `unit-store`: buildings and units. A unit holds its tenancies, so that what must agree about one
 * home is one document.
 */
import { z } from "zod";
import type { Registry } from "#cloud/hub/registry.ts";
import { scopedDocuments, type ScopedDocuments } from "#cloud/hub/scoped-documents.ts";
import { CommunityId, UnitId } from "#shared/model/ids.ts";
import { UnitDoc as SiteUnitDoc } from "#shared/model/site.ts";

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
});
export type BuildingDoc = z.infer<typeof BuildingDoc>;

/**
 * `unit:{unitId}` in `o-{organization}`. Tenancies may overlap: a couple has two.
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
  tenancies: SiteUnitDoc.shape.tenancies,
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
