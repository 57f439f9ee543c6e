/** `own-homes`: the homes of who asks; under assistance those of the organization it runs in alone. */
import type { AreaParts } from "#cloud/api/area-parts.ts";
import type { PersonAsker } from "#cloud/api/asker.ts";
import type { Viewer } from "#shared/access/homes.ts";
import { Fault } from "#shared/model/fault.ts";

export const viewsOf = (
  { residents }: AreaParts,
  { person, assistant, organizationId }: PersonAsker,
) => residents.of(person, assistant ? organizationId : undefined);

/** The view in which somebody sees a home. @throws Fault "not_found" */
export async function viewOf(
  parts: AreaParts,
  asker: PersonAsker,
  unitId: string,
): Promise<Viewer> {
  const view = (await viewsOf(parts, asker)).find(({ site }) => site.units.has(unitId));
  if (!view) throw new Fault("not_found", "there is no such home here");
  return view;
}
