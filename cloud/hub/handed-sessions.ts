/**
 * `handed-sessions`: LoRaWAN sessions that a gateway brought here sealed, for the machine that takes its
 * place. To the hub they are texts: it opens them only to seal them again.
 */
import { compactDecrypt, type CryptoKey } from "jose";
import type { KeyObject } from "node:crypto";
import type { GatewayDoc } from "#cloud/areas/gateways/gateway-store.ts";
import type { Databases, Doc } from "#shared/couch/database.ts";
import { databaseName } from "#shared/model/database-names.ts";
import { sessionDocId, SessionDoc } from "#shared/model/gateway-docs.ts";
import type { DeviceId, GatewayId } from "#shared/model/ids.ts";

/**
 * What a gateway still needs of the one it replaces: a device that it brought a session of itself is
 * at home there. Empty for one that replaces none. What cannot be opened is left out: its device
 * joins again.
 */
export async function handedSessions(
  databases: Databases,
  sealing: KeyObject | CryptoKey,
  { gatewayId, replaces }: Pick<GatewayDoc, "gatewayId" | "replaces">,
  deviceIds: readonly DeviceId[],
): Promise<Record<DeviceId, string>> {
  const found: Record<DeviceId, string> = {};
  if (replaces === undefined) return found;
  const own = await sessionsOf(databases, gatewayId, deviceIds);
  const old = await sessionsOf(
    databases,
    replaces,
    deviceIds.filter((id) => !own.has(id)),
  );
  for (const [deviceId, { jwe }] of old)
    try {
      const { plaintext } = await compactDecrypt(jwe, sealing, {
        keyManagementAlgorithms: ["ECDH-ES+A256KW"],
        contentEncryptionAlgorithms: ["A256GCM"],
      });
      found[deviceId] = new TextDecoder().decode(plaintext);
    } catch {
      continue;
    }
  return found;
}

async function sessionsOf(
  databases: Databases,
  gatewayId: GatewayId,
  deviceIds: readonly DeviceId[],
): Promise<Map<DeviceId, SessionDoc>> {
  const database = await databases.openExisting(databaseName.gateway(gatewayId));
  const docs = (await database?.getMany<Doc>(deviceIds.map(sessionDocId))) ?? [];
  return new Map(
    docs.flatMap((doc) => {
      const parsed = SessionDoc.safeParse(doc).data;
      return parsed ? [[parsed.deviceId, parsed] as const] : [];
    }),
  );
}
