/**
 * `active-devices`: how many devices of a community were read in a month, for an invoice. A device
 * counts once it has a reading in the UTC month, whatever became of it later.
 *
 * A frozen month has its number written down; of the others each device's days are looked for.
 */
import { databaseName } from "#shared/model/database-names.ts";
import type { FrozenMonthDoc } from "#shared/model/frozen.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { CommunityDoc, Hub } from "./hub.ts";

const scope = systemScope("active-devices");

/** @param month `2026-11` */
export async function activeDevices(
  hub: Hub,
  { communityId, organizationId, tenant }: CommunityDoc,
  month: string,
): Promise<number> {
  const hist = await hub.databases.openExisting(databaseName.hist(tenant, month.replace("-", "")));
  const frozen = await hist?.get<FrozenMonthDoc & { _id: string }>("month");
  await hist?.close();
  if (frozen) return frozen.devices;
  const roll = await hub.databases.openShelf(databaseName.roll);
  let active = 0;
  for (const { deviceId } of await hub.devices.everHeldBy(scope, organizationId, communityId)) {
    const days = `day:${tenant}:${deviceId}:${month}-`;
    const [first] = await roll.ids({ from: days, to: `${days}\uffff`, limit: 1 });
    if (first !== undefined) active++;
  }
  return active;
}
