/**
 * `identity`: who this gateway is: two P-256 key pairs, made at its first start and never again.
 *
 * The private halves are in one file of mode 0600 beside the databases, not in one of them: a
 * damaged store must not cost the gateway its name. The public halves are in `gateway.json`, which
 * is what an operator enrols.
 */
import { mkdir, open, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  compactDecrypt,
  exportJWK,
  generateKeyPair,
  importJWK,
  type CryptoKey,
  type JWK,
} from "jose";
import { z } from "zod";
import { gatewayIdOf } from "#shared/auth/gateway-id.ts";
import { Fault } from "#shared/model/fault.ts";
import { GatewayIdentity } from "#shared/model/gateway-identity.ts";
import type { DeviceId, GatewayId } from "#shared/model/ids.ts";
import { KeyBundle } from "#shared/model/site.ts";

const PrivateFile = z.object({
  v: z.literal(1),
  signing: z.looseObject({ d: z.string() }),
  encryption: z.looseObject({ d: z.string() }),
});

export interface Identity {
  readonly gatewayId: GatewayId;
  readonly public: GatewayIdentity;
  /** Signs assertions, ES256. */
  readonly signingKey: CryptoKey;
  /** Opens a bundle of device keys. @throws Fault "invalid" when it is not for this gateway or damaged */
  openKeys(jwe: string): Promise<ReadonlyMap<DeviceId, KeyBundle["devices"][DeviceId]>>;
  /** The sessions in it, of the machine whose place this one takes. @throws the same */
  openSessions(jwe: string): Promise<ReadonlyMap<DeviceId, unknown>>;
}

/** The identity in `folder`; made when there is none. @throws Fault "invalid" when the file is damaged */
export async function identityIn(folder: string): Promise<Identity> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "identity.json");
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  const keys = text === undefined ? await make(file) : parse(file, text);
  const identity = await load(keys);
  await writeFile(join(folder, "gateway.json"), `${JSON.stringify(identity.public, null, 2)}\n`);
  return identity;
}

type Keys = z.infer<typeof PrivateFile>;

function parse(file: string, text: string): Keys {
  try {
    return PrivateFile.parse(JSON.parse(text));
  } catch (error) {
    throw new Fault(
      "invalid",
      `${file} is damaged: bring it back from a backup, or remove it and enrol this gateway anew`,
      {},
      error,
    );
  }
}

async function make(file: string): Promise<Keys> {
  const pair = async (alg: string) => {
    const { privateKey } = await generateKeyPair(alg, { crv: "P-256", extractable: true });
    return (await exportJWK(privateKey)) as Keys["signing"];
  };
  const keys: Keys = {
    v: 1,
    signing: await pair("ES256"),
    encryption: await pair("ECDH-ES+A256KW"),
  };
  const handle = await open(`${file}.new`, "w", 0o600);
  await handle.writeFile(JSON.stringify(keys));
  await handle.sync();
  await handle.close();
  await rename(`${file}.new`, file);
  return keys;
}

function publicHalf({ kty, crv, x, y }: JWK) {
  return { kty, crv, x, y };
}

async function load(keys: Keys): Promise<Identity> {
  const [signing, encryption] = [keys.signing as JWK, keys.encryption as JWK];
  const gatewayId = await gatewayIdOf(publicHalf(signing) as JWK);
  const encryptionKey = await importJWK(encryption, "ECDH-ES+A256KW");
  const shown = GatewayIdentity.parse({
    gatewayId,
    signing: publicHalf(signing),
    encryption: publicHalf(encryption),
  });
  const opened = async (jwe: string): Promise<KeyBundle> => {
    try {
      const { plaintext } = await compactDecrypt(jwe, encryptionKey, {
        keyManagementAlgorithms: ["ECDH-ES+A256KW"],
        contentEncryptionAlgorithms: ["A256GCM"],
      });
      return KeyBundle.parse(JSON.parse(new TextDecoder().decode(plaintext)));
    } catch (error) {
      throw new Fault("invalid", "the bundle of device keys cannot be opened", {}, error);
    }
  };
  return {
    gatewayId: shown.gatewayId,
    public: shown,
    signingKey: (await importJWK(signing, "ES256")) as CryptoKey,
    openKeys: async (jwe) =>
      new Map(
        Object.entries((await opened(jwe)).devices) as [DeviceId, KeyBundle["devices"][DeviceId]][],
      ),
    openSessions: async (jwe) =>
      new Map(Object.entries((await opened(jwe)).sessions ?? {}) as [DeviceId, unknown][]),
  };
}
