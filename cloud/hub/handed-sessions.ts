/**
 * `handed-sessions`: LoRaWAN sessions that a gateway brought here sealed, for the machine that takes its
 * place. To the hub they are texts: it opens them only to seal them again.
 */
import { compactDecrypt, decodeProtectedHeader } from "jose";
import type { GatewayDoc } from "#cloud/areas/gateways/gateway-store.ts";
import type { Databases, Doc } from "#shared/couch/database.ts";
import { databaseName } from "#shared/model/database-names.ts";
import { sessionDocId, SessionDoc } from "#shared/model/gateway-docs.ts";
import type { DeviceId, GatewayId } from "#shared/model/ids.ts";
import type { LeftBehind, LeftBehindReason } from "#shared/model/left-behind.ts";
import type { HubKey } from "./hub-key.ts";

export interface HandedSessions {
  /** As the network server of the machine before wrote them. */
  readonly sessions: Readonly<Record<DeviceId, string>>;
  /** Those that cannot be opened: their devices join again. */
  readonly leftBehind: readonly LeftBehind[];
}

const [ALG, ENC] = ["ECDH-ES+A256KW", "A256GCM"];

/** The machines in whose place a gateway stands, the latest first. */
export function predecessorsOf(
  gateway: Pick<GatewayDoc, "gatewayId" | "replaces">,
  all: readonly Pick<GatewayDoc, "gatewayId" | "replaces">[],
): GatewayId[] {
  const byId = new Map(all.map((one) => [one.gatewayId, one]));
  const before = new Set<GatewayId>();
  for (let id = gateway.replaces; id !== undefined && id !== gateway.gatewayId;) {
    if (before.has(id)) break;
    before.add(id);
    id = byId.get(id)?.replaces;
  }
  return [...before];
}

/**
 * What a gateway still needs of the ones before: a device that it brought a session of itself is at
 * home there, and of several the latest that brought one counts, since counters went on there. One
 * that cannot be opened holds up none of the others.
 */
export async function handedSessions(
  databases: Databases,
  sealing: Pick<HubKey, "key" | "kid">,
  gatewayId: GatewayId,
  before: readonly GatewayId[],
  deviceIds: readonly DeviceId[],
): Promise<HandedSessions> {
  const sessions: Record<DeviceId, string> = {};
  const leftBehind: LeftBehind[] = [];
  const own = await brought(databases, gatewayId, deviceIds);
  let away = deviceIds.filter((deviceId) => !own.has(deviceId));
  for (const id of before) {
    const found = await brought(databases, id, away);
    away = away.filter((deviceId) => !found.has(deviceId));
    for (const [deviceId, doc] of found) {
      const { text, why } = await opened(doc, deviceId, sealing);
      if (why === undefined) sessions[deviceId] = text;
      else leftBehind.push({ deviceId, why });
    }
  }
  return { sessions, leftBehind };
}

/** Documents by device, as a gateway wrote them. */
async function brought(
  databases: Databases,
  gatewayId: GatewayId,
  deviceIds: readonly DeviceId[],
): Promise<Map<DeviceId, Doc>> {
  const database = await databases.openExisting(databaseName.gateway(gatewayId));
  const docs = (await database?.getMany<Doc>(deviceIds.map(sessionDocId))) ?? [];
  const byId = new Map(docs.map((doc) => [doc._id, doc]));
  return new Map(
    deviceIds.flatMap((deviceId) => {
      const doc = byId.get(sessionDocId(deviceId));
      return doc ? [[deviceId, doc] as const] : [];
    }),
  );
}

type Opened =
  | { readonly text: string; readonly why?: undefined }
  | { readonly text?: undefined; readonly why: LeftBehindReason };

async function opened(
  doc: Doc,
  deviceId: DeviceId,
  { key, kid }: Pick<HubKey, "key" | "kid">,
): Promise<Opened> {
  if (typeof doc.v === "number" && doc.v > 1) return { why: "session_newer" };
  const parsed = SessionDoc.safeParse(doc);
  if (!parsed.success || parsed.data.deviceId !== deviceId) return { why: "session_damaged" };
  try {
    const header = decodeProtectedHeader(parsed.data.jwe);
    if (header.kid !== undefined && header.kid !== kid) return { why: "session_foreign_key" };
    // Compressed, a short text could be one that no bundle has room for.
    if (header.alg !== ALG || header.enc !== ENC || header.zip !== undefined)
      return { why: "session_newer" };
    const { plaintext } = await compactDecrypt(parsed.data.jwe, key);
    return { text: new TextDecoder().decode(plaintext) };
  } catch {
    return { why: "session_damaged" };
  }
}
