/** `one-unit`: the home a call names, its community, and how it is told. */
import type { AreaParts } from "#cloud/api/area-parts.ts";
import type { Asker } from "#cloud/api/asker.ts";
import type { CommunityDoc, Hub, UnitDoc } from "#cloud/hub/hub.ts";
import { archived } from "#cloud/hub/scoped-documents.ts";
import type { UnitDetails } from "#shared/api/units.ts";
import { Fault } from "#shared/model/fault.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { unitDetails } from "./unit-row.ts";
import { whoLives } from "#cloud/hub/who-lives.ts";

/** @throws Fault "not_found" */
export async function toldUnit(
  { hub, units }: AreaParts,
  scope: HubScope,
  asker: Asker,
  id: string,
): Promise<UnitDetails> {
  const item = (await units(scope)).find(({ unit }) => unit.unitId === id);
  if (!item) throw new Fault("not_found", "There is no such home here.");
  return unitDetails(item, await whoLives(hub, asker), new Date(hub.clock.now()).toISOString());
}

/** A home somebody wants to change, with its community. @throws Fault "not_found", "conflict" when that is archived */
export async function unitToChange(
  hub: Hub,
  scope: HubScope,
  id: string,
): Promise<{ unit: UnitDoc; community: CommunityDoc }> {
  const unit = await hub.units.units.find(scope, id);
  return { unit, community: await communityToChange(hub, scope, unit.communityId) };
}

/** @throws Fault "not_found", "conflict" when it is archived */
export async function communityToChange(
  hub: Hub,
  scope: HubScope,
  id: string,
): Promise<CommunityDoc> {
  const community = await hub.communities.find(scope, id);
  if (community.archivedAt !== undefined) throw archived(community.name);
  return community;
}
