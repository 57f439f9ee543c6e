/** `own-homes`: the homes of who asks; under assistance those of the organization it runs in alone. */
import type { AreaParts } from "#cloud/api/area-parts.ts";
import type { PersonAsker } from "#cloud/api/asker.ts";
import type { Viewer } from "#shared/access/homes.ts";
import { Fault } from "#shared/model/fault.ts";

export const viewsOf = (
  { residents }: AreaParts,
  { person, assistant, organizationId }: PersonAsker,
) => residents.of(person, assistant ? organizationId : undefined);

/**
 * The view in which somebody sees a home. Who lived there before and was let in again has two: that of the
 * time that goes on, or ended last. @throws Fault "not_found"
 */
export async function viewOf(
  parts: AreaParts,
  asker: PersonAsker,
  unitId: string,
): Promise<Viewer> {
  const lastMs = ({ site }: Viewer) =>
    Math.max(
      ...(site.units.get(unitId)?.tenancies ?? []).map(({ to }) =>
        to === undefined ? Infinity : Date.parse(to),
      ),
    );
  const [view] = (await viewsOf(parts, asker))
    .filter(({ site }) => site.units.has(unitId))
    .sort((a, b) => (lastMs(a) === lastMs(b) ? 0 : lastMs(b) - lastMs(a)));
  if (!view) throw new Fault("not_found", "there is no such home here");
  return view;
}
