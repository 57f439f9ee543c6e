/** `gateway-health`: the newest a gateway said of itself, from its own database. */
import { databaseName } from "#shared/model/database-names.ts";
import { HealthDoc } from "#shared/model/gateway-docs.ts";
import type { GatewayId } from "#shared/model/ids.ts";
import type { Hub } from "./hub.ts";

/** Undefined when it never said anything, or nothing that can be read. */
export async function healthOf(
  { databases }: Pick<Hub, "databases">,
  gatewayId: GatewayId,
): Promise<HealthDoc | undefined> {
  const database = await databases.openExisting(databaseName.gateway(gatewayId));
  const prefix = `health:${gatewayId}:`;
  const newest = await database?.list({
    from: prefix,
    to: `${prefix}\uffff`,
    descending: true,
    limit: 1,
  });
  const parsed = HealthDoc.safeParse(newest?.[0]);
  return parsed.success ? parsed.data : undefined;
}
