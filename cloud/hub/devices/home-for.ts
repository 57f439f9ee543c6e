/**
 * `home-for`: the home a device is to be assigned to: one that is named, or that of a resident. A
 * resident without a home gets one: a residence without units works too.
 */
import type { CommunityDoc, Hub, ResidentDoc, UnitDoc } from "#cloud/hub/hub.ts";
import { Fault } from "#shared/model/fault.ts";
import { newId, type TenancyId, type UnitId } from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";

export interface Wanted {
  readonly end_user_id?: string | undefined;
  readonly unit_id?: string | undefined;
}

export interface Place {
  readonly community: CommunityDoc;
  /** Of a resident who has none: made by `homeAt`. */
  readonly unit: UnitDoc | undefined;
  readonly resident: ResidentDoc | undefined;
}

/**
 * Where it is, without the home of a resident: that depends on the moment.
 * @throws Fault "invalid" | "not_found"
 */
export async function placeOf(hub: Hub, scope: HubScope, wanted: Wanted): Promise<Place> {
  const { end_user_id: residentId, unit_id: unitId } = wanted;
  if (residentId === undefined && unitId === undefined)
    throw new Fault("invalid", "Say to whom: end_user_id, or unit_id.", {
      fields: { end_user_id: "or unit_id is needed" },
    });
  const resident =
    residentId === undefined ? undefined : await hub.residents.find(scope, residentId);
  const unit = unitId === undefined ? undefined : await hub.units.units.find(scope, unitId);
  if (resident && unit && resident.communityId !== unit.communityId)
    throw new Fault("not_found", "There is no such home here.");
  const communityId = (unit ?? resident)?.communityId;
  const community = await hub.communities.find(scope, communityId as string);
  return { community, unit, resident };
}

/**
 * The home at a moment (ISO 8601 UTC), made when a resident has none.
 * @throws Fault "conflict" for a resident of several homes, or who is not of the home that is named
 */
export async function homeAt(
  hub: Hub,
  scope: HubScope,
  { community, unit, resident }: Place,
  at: string,
): Promise<UnitDoc> {
  if (!resident) return unit as UnitDoc;
  const { residentId } = resident;
  const livesIn = ({ tenancies }: UnitDoc) =>
    tenancies.some((one) => one.residentId === residentId && (one.to === undefined || at < one.to));
  if (unit) {
    if (!livesIn(unit))
      throw new Fault("conflict", "The resident does not live in that home then.", {
        fields: { unit_id: "is not the resident's" },
      });
    return unit;
  }
  // Two at once for the same resident make one home, not two.
  return hub.inTurn(`homes of ${community.communityId}`, async () => {
    const all = await hub.units.units.list(scope, community.communityId);
    const homes = all.filter(livesIn);
    if (homes.length > 1)
      throw new Fault("conflict", "The resident has several homes: say which one, by unit_id.", {
        units: homes.map(({ unitId, name }) => ({ id: unitId, name })),
      });
    if (homes[0]) return homes[0];
    const unitId = newId<UnitId>("u", hub.random);
    const made: UnitDoc = {
      _id: `unit:${unitId}`,
      type: "unit",
      v: 1,
      communityId: community.communityId,
      unitId,
      name: freeName(new Set(all.map(({ name }) => name))),
      tenancies: [{ tenancyId: newId<TenancyId>("t", hub.random), residentId, from: at }],
    };
    await hub.units.units.save(scope, scope.organizationId, [made]);
    return made;
  });
}

/** A name that says nothing of the person: unit names go to gateways and onto pages. */
function freeName(taken: ReadonlySet<string>): string {
  for (let n = 1; ; n++) if (!taken.has(`Home ${n}`)) return `Home ${n}`;
}
