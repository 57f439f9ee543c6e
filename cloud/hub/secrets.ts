/**
 * `secrets`: what makes this hub this hub: its id, the keys it signs with and the master key it
 * seals devices' keys with.
 *
 * Files of the folder `secrets`, readable by their owner alone, made at the first start. They are
 * never in a database, so that a copy of the databases opens nothing. Must never be logged.
 */
import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "#shared/model/fault.ts";
import { heldFile } from "./held-file.ts";
import { hubKey, newPem, type HubKey } from "./hub-key.ts";
import { openTokenKeys, type TokenKeys } from "./token-keys.ts";

export interface HubSecrets {
  /** 16 hex digits. */
  readonly hubId: string;
  /** What gateways' access tokens are signed with; rotated. */
  readonly tokenKeys: TokenKeys;
  /** Signs what the hub says of itself to gateways, which remember the public half for good (ES256). */
  readonly identity: HubKey;
  /** Gateways seal for it what only the hub may read (ECDH-ES+A256KW). */
  readonly sealing: HubKey;
  /** 32 bytes. */
  readonly masterKey: Uint8Array;
}

/** Reads the secrets in `folder`, making those that are missing. @throws Fault "unavailable" for a file others may read */
export async function openSecrets(
  folder: string,
  random: (size: number) => Uint8Array,
  nowMs: number,
): Promise<HubSecrets> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const hubId = await heldFile(join(folder, "hub-id"), () =>
    Buffer.from(random(8)).toString("hex"),
  );
  const masterText = await heldFile(join(folder, "master-key"), () =>
    Buffer.from(random(32)).toString("base64url"),
  );
  const masterKey = new Uint8Array(Buffer.from(masterText, "base64url"));
  if (masterKey.length !== 32 || !/^[0-9a-f]{16}$/.test(hubId))
    throw new Fault("unavailable", `A file in ${folder} is damaged: restore it from the backup.`);
  return {
    hubId,
    tokenKeys: await openTokenKeys(join(folder, "token-keys"), nowMs),
    identity: await hubKey(await heldFile(join(folder, "identity-key.pem"), newPem)),
    sealing: await hubKey(await heldFile(join(folder, "sealing-key.pem"), newPem)),
    masterKey,
  };
}
