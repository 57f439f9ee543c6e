/**
 * `device-key-store`: the root keys of devices, sealed with the hub's master key.
 *
 * Write-only for people: no scope but the process's own ever gets a key back, and no route leads
 * here. Keys must never be logged, nor kept in an image.
 */
import { isDeepStrictEqual } from "node:util";
import { CompactEncrypt, compactDecrypt } from "jose";
import { z } from "zod";
import { docsById } from "#cloud/hub/every-doc.ts";
import type { Registry } from "#cloud/hub/registry.ts";
import { reachesOrganization } from "#cloud/hub/scoped-documents.ts";
import { save } from "#cloud/hub/save.ts";
import { Fault } from "#shared/model/fault.ts";
import type { DeviceId, OrganizationId } from "#shared/model/ids.ts";
import type { Scope, SystemScope } from "#shared/model/scope.ts";
import { KeyBundle } from "#shared/model/site.ts";

/** What a device joins with, or its session for life. */
export type DeviceKeys = KeyBundle["devices"][DeviceId];
const DeviceKeys = KeyBundle.shape.devices.valueType;

/**
 * `key:{deviceId}` in `o-{organization}`: a compact JWE (dir, A256GCM) of `DeviceKeys` and the device's id.
 *
 * History: 1 = first release.
 */
export const KeyDoc = z.object({
  _id: z.string().startsWith("key:"),
  type: z.literal("key"),
  v: z.literal(1),
  jwe: z.string(),
});
export type KeyDoc = z.infer<typeof KeyDoc>;

export interface DeviceKeyStore {
  /** Seals and writes those that differ from what is kept. @throws Fault "forbidden" out of reach */
  write(
    scope: Scope,
    organizationId: OrganizationId,
    keys: ReadonlyMap<DeviceId, DeviceKeys>,
  ): Promise<number>;
  /** Forgets them. @throws Fault "forbidden" out of reach */
  remove(
    scope: Scope,
    organizationId: OrganizationId,
    deviceIds: readonly DeviceId[],
  ): Promise<void>;
  /** For sealing them again for a gateway, by the process itself. */
  open(
    scope: SystemScope,
    organizationId: OrganizationId,
    deviceIds: readonly DeviceId[],
  ): Promise<Map<DeviceId, DeviceKeys>>;
}

export function deviceKeyStore(registry: Registry, masterKey: Uint8Array): DeviceKeyStore {
  const sealed = (deviceId: DeviceId, keys: DeviceKeys) =>
    new CompactEncrypt(new TextEncoder().encode(JSON.stringify({ deviceId, ...keys })))
      .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
      .encrypt(masterKey);

  const opened = async (deviceId: string, doc: KeyDoc): Promise<DeviceKeys> => {
    try {
      const { plaintext } = await compactDecrypt(doc.jwe, masterKey, {
        keyManagementAlgorithms: ["dir"],
        contentEncryptionAlgorithms: ["A256GCM"],
      });
      const content = JSON.parse(new TextDecoder().decode(plaintext)) as { deviceId?: unknown };
      // A document copied over another one must not give a device a stranger's key.
      if (content.deviceId !== deviceId) throw new Error("the key belongs to another device");
      return DeviceKeys.parse(content);
    } catch (error) {
      throw new Fault(
        "unavailable",
        `The key of device ${deviceId} cannot be opened: is this the hub's own master key?`,
        {},
        error,
      );
    }
  };

  const stored = async (organizationId: OrganizationId, deviceIds: readonly DeviceId[]) => {
    const { database } = await registry.organization(organizationId);
    const found = new Map<DeviceId, DeviceKeys>();
    const docs = await docsById<KeyDoc>(
      database,
      deviceIds.map((id) => `key:${id}`),
    );
    for (const doc of docs.values()) {
      const deviceId = doc._id.slice("key:".length) as DeviceId;
      found.set(deviceId, await opened(deviceId, doc));
    }
    return found;
  };

  return {
    async write(scope, organizationId, keys) {
      if (!reachesOrganization(scope, organizationId))
        throw new Fault("forbidden", "That lies outside of what you may change.");
      const before = await stored(organizationId, [...keys.keys()]);
      const docs: KeyDoc[] = [];
      for (const [deviceId, wanted] of keys) {
        const old = before.get(deviceId);
        if (old !== undefined && isDeepStrictEqual(old, wanted)) continue;
        const jwe = await sealed(deviceId, wanted);
        docs.push({ _id: `key:${deviceId}`, type: "key", v: 1, jwe });
      }
      return save((await registry.organization(organizationId)).database, docs);
    },
    async remove(scope, organizationId, deviceIds) {
      if (!reachesOrganization(scope, organizationId))
        throw new Fault("forbidden", "That lies outside of what you may change.");
      const { database } = await registry.organization(organizationId);
      const docs = await docsById(
        database,
        deviceIds.map((id) => `key:${id}`),
      );
      await database.removeMany([...docs.values()]);
    },
    open: (_scope, organizationId, deviceIds) => stored(organizationId, deviceIds),
  };
}
