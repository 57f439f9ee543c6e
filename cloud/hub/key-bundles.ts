/**
 * `key-bundles`: the keys of a gateway's devices, sealed for that gateway alone.
 *
 * A sealed bundle is another one each time, so what it was made of is remembered as a digest
 * (HMAC with the master key, in the hub's own database): the same content is not sealed again.
 */
import { createHmac } from "node:crypto";
import { CompactEncrypt, importJWK } from "jose";
import type { CommunityDoc } from "#cloud/areas/communities/community-store.ts";
import type { DeviceKeyStore } from "#cloud/areas/devices/device-key-store.ts";
import type { GatewayDoc } from "#cloud/areas/gateways/gateway-store.ts";
import type { Database, Doc } from "#shared/couch/database.ts";
import type { DeviceId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import { KeyBundle, type KeysDoc } from "#shared/model/site.ts";
import { save } from "./save.ts";

export interface KeyBundles {
  /** The bundle as it should stand in `site`: what `stored` is, when that still holds. Undefined when there are no keys. */
  bundle(
    community: CommunityDoc,
    gateway: GatewayDoc,
    deviceIds: readonly DeviceId[],
    stored: Doc | undefined,
  ): Promise<KeysDoc | undefined>;
}

/**
 * `bundle:{communityId}:{gatewayId}` in `riser`.
 *
 * History: 1 = first release.
 */
interface DigestDoc {
  readonly _id: string;
  readonly type: "bundle";
  readonly v: 1;
  /** Of the content and the key it was sealed for. */
  readonly digest: string;
  /** Of the sealed text, so that the two are known to belong together. */
  readonly sealed: string;
  readonly [field: string]: unknown;
}

export function keyBundles(
  riser: Database,
  keys: DeviceKeyStore,
  masterKey: Uint8Array,
  /** Sessions of the machine whose place a gateway takes; `neverJoin` those with a session for life. */
  sessionsFor: (
    community: CommunityDoc,
    gateway: GatewayDoc,
    deviceIds: readonly DeviceId[],
    neverJoin: ReadonlySet<DeviceId>,
  ) => Promise<Record<DeviceId, string>>,
): KeyBundles {
  const digestOf = (text: string) =>
    createHmac("sha256", masterKey).update("key-bundle\0").update(text).digest("base64url");
  return {
    async bundle(community, gateway, deviceIds, stored) {
      const { communityId, organizationId } = community;
      const ids = [...deviceIds].sort();
      const opened = await keys.open(systemScope("key-bundles"), organizationId, ids);
      if (opened.size === 0) return undefined;
      const devices = Object.fromEntries(
        ids.flatMap((id) => (opened.has(id) ? [[id, opened.get(id)]] : [])),
      );
      const neverJoin = new Set(
        [...opened].flatMap(([id, keys]) => ("devAddr" in keys ? [id] : [])),
      );
      const sessions = await sessionsFor(community, gateway, ids, neverJoin);
      const some = Object.keys(sessions).length > 0;
      const plain = JSON.stringify(KeyBundle.parse({ devices, ...(some && { sessions }) }));
      const digest = digestOf(`${JSON.stringify(gateway.encryption)}\n${plain}`);
      const _id = `bundle:${communityId}:${gateway.gatewayId}`;
      const known = await riser.get<DigestDoc>(_id);
      const doc = (jwe: string): KeysDoc => ({
        _id: `keys:${gateway.gatewayId}`,
        type: "keys",
        v: 1,
        gatewayId: gateway.gatewayId,
        jwe,
      });
      const old = typeof stored?.jwe === "string" ? stored.jwe : undefined;
      if (old !== undefined && known?.digest === digest && known.sealed === digestOf(old))
        return doc(old);
      const jwe = await new CompactEncrypt(new TextEncoder().encode(plain))
        .setProtectedHeader({ alg: "ECDH-ES+A256KW", enc: "A256GCM", kid: gateway.gatewayId })
        .encrypt(await importJWK(gateway.encryption, "ECDH-ES+A256KW"));
      const remembered: DigestDoc = { _id, type: "bundle", v: 1, digest, sealed: digestOf(jwe) };
      await save(riser, [remembered]);
      return doc(jwe);
    },
  };
}
