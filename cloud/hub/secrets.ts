/**
 * `secrets`: what makes this hub this hub: its id, the key it signs gateways' tokens with and the
 * master key it seals devices' keys with.
 *
 * Files of the folder `secrets`, readable by their owner alone, made at the first start. They are
 * never in a database, so that a copy of the databases opens nothing. Must never be logged.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from "node:crypto";
import { chmod, link, mkdir, open, readFile, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { calculateJwkThumbprint, type JWK } from "jose";
import { Fault } from "#shared/model/fault.ts";

export interface HubSecrets {
  /** 16 hex digits. */
  readonly hubId: string;
  /** ES256. `kid` is the key's thumbprint (RFC 7638). */
  readonly signing: { readonly key: KeyObject; readonly kid: string; readonly publicJwk: JWK };
  /** 32 bytes. */
  readonly masterKey: Uint8Array;
}

/** Reads the secrets in `folder`, making those that are missing. @throws Fault "unavailable" for a file others may read */
export async function openSecrets(
  folder: string,
  random: (size: number) => Uint8Array,
): Promise<HubSecrets> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const hubId = await held(join(folder, "hub-id"), () => Buffer.from(random(8)).toString("hex"));
  const masterText = await held(join(folder, "master-key"), () =>
    Buffer.from(random(32)).toString("base64url"),
  );
  const pem = await held(join(folder, "token-signing-key.pem"), () =>
    String(
      generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
        type: "pkcs8",
        format: "pem",
      }),
    ),
  );
  const masterKey = new Uint8Array(Buffer.from(masterText, "base64url"));
  if (masterKey.length !== 32 || !/^[0-9a-f]{16}$/.test(hubId))
    throw new Fault("unavailable", `A file in ${folder} is damaged: restore it from the backup.`);
  const key = createPrivateKey(pem);
  const { kty, crv, x, y } = createPublicKey(key).export({ format: "jwk" });
  const publicJwk = { kty, crv, x, y } as JWK;
  return {
    hubId,
    signing: { key, kid: await calculateJwkThumbprint(publicJwk), publicJwk },
    masterKey,
  };
}

/** The content of a file, which is made, durably and whole, when there is none. */
async function held(path: string, make: () => string): Promise<string> {
  const found = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (found !== undefined) {
    if (((await stat(path)).mode & 0o077) !== 0)
      throw new Fault("unavailable", `${path} can be read by others: chmod 600 ${path}`);
    return found.trim();
  }
  const text = make();
  const fresh = `${path}.${process.pid}.new`;
  const file = await open(fresh, "w", 0o600);
  try {
    await file.writeFile(`${text.trim()}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  // Never over one that another process has made meanwhile: it may have sealed something already.
  const isFirst = await link(fresh, path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") return false;
      throw error;
    },
  );
  await unlink(fresh);
  if (!isFirst) return held(path, make);
  const folder = await open(join(path, ".."), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
  return text.trim();
}
