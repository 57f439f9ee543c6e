/**
 * `backup-file`: a backup as one file: lines of JSON, packed (gzip) and sealed with a passphrase
 * (scrypt, AES-256-GCM). It holds people's data and the hub's keys: without the passphrase it is
 * nothing, and one that was changed or cut off anywhere is noticed before a line of it is used.
 *
 * First a line in clear: `riser-backup`, version, salt, iv, and when it was made of which hub. Then
 * the sealed bytes, and the tag (16 bytes) at the end.
 */
import { createCipheriv, createDecipheriv, scrypt, type CipherGCM } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { open, rename, stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { once } from "node:events";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { createGunzip, createGzip } from "node:zlib";
import { Writable } from "node:stream";
import { z } from "zod";
import { Fault } from "#shared/model/fault.ts";

const derive = promisify(
  scrypt as (
    secret: string,
    salt: Uint8Array,
    length: number,
    options: { N: number; maxmem: number },
    done: (error: Error | null, key: Buffer) => void,
  ) => void,
);
/** OWASP's cost for scrypt; 128 × N × 8 bytes of memory. */
const COST = { N: 2 ** 17, maxmem: 256 * 2 ** 20 };
const TAG_BYTES = 16;
const MOST_HEADER = 4_096;
export const LEAST_PASSPHRASE = 12;

export const BackupHeader = z.object({
  format: z.literal("riser-backup"),
  v: z.literal(1),
  hubId: z.string(),
  at: z.string(),
  salt: z.string(),
  iv: z.string(),
});
export type BackupHeader = z.infer<typeof BackupHeader>;

/** What stands in it, a line each. */
export const BackupLine = z.union([
  z.object({ secret: z.string(), base64: z.string() }),
  z.object({ database: z.string() }),
  z.object({ docs: z.array(z.looseObject({ _id: z.string(), _rev: z.string() })) }),
  /** The last one. */
  z.object({ end: z.object({ databases: z.number(), docs: z.number() }) }),
]);
export type BackupLine = z.infer<typeof BackupLine>;

/** @throws Fault "invalid" for a passphrase that is too short to protect anything */
export function checkPassphrase(passphrase: string): void {
  if (passphrase.trim().length < LEAST_PASSPHRASE)
    throw new Fault(
      "invalid",
      `The passphrase has at least ${LEAST_PASSPHRASE} characters: a backup holds people's data and keys.`,
    );
}

/** Writes a backup beside `path` and moves it there when all of it is on the disk. Resolves with its bytes. */
export async function writeBackup(
  path: string,
  about: { readonly hubId: string; readonly at: string; readonly passphrase: string },
  random: (size: number) => Uint8Array,
  lines: AsyncIterable<BackupLine>,
): Promise<number> {
  checkPassphrase(about.passphrase);
  const [salt, iv] = [random(16), random(12)];
  const key = await derive(about.passphrase.trim(), salt, 32, COST);
  const header: BackupHeader = {
    format: "riser-backup",
    v: 1,
    hubId: about.hubId,
    at: about.at,
    salt: Buffer.from(salt).toString("base64url"),
    iv: Buffer.from(iv).toString("base64url"),
  };
  const head = Buffer.from(`${JSON.stringify(header)}\n`);
  const part = `${path}.part`;
  const out = createWriteStream(part, { mode: 0o600 });
  out.write(head);
  const cipher: CipherGCM = createCipheriv("aes-256-gcm", key, iv);
  cipher.setAAD(head);
  const text = async function* () {
    for await (const line of lines) yield `${JSON.stringify(line)}\n`;
  };
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (out.write(chunk)) done();
      else out.once("drain", () => done());
    },
  });
  out.on("error", (error) => sink.destroy(error));
  await pipeline(text, createGzip(), cipher, sink);
  out.end(cipher.getAuthTag());
  await once(out, "close");
  const file = await open(part, "r+");
  await file.sync();
  await file.close();
  await rename(part, path);
  return (await stat(path)).size;
}

export async function readHeader(path: string): Promise<{ header: BackupHeader; bytes: number }> {
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    throw new Fault("invalid", `${path} cannot be read: ${error.code ?? error.message}`);
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_HEADER), 0, MOST_HEADER, 0);
    const end = buffer.subarray(0, bytesRead).indexOf("\n");
    const text = end < 0 ? "" : buffer.subarray(0, end).toString("utf8");
    const parsed = BackupHeader.safeParse(jsonOf(text));
    if (!parsed.success) throw new Fault("invalid", `${path} is no backup of a hub.`);
    return { header: parsed.data, bytes: end + 1 };
  } finally {
    await file.close();
  }
}

/**
 * The lines of a backup. Nothing it gives may be used before it has ended: only then is it sure that
 * all of it is as it was written. Read it once to see that, and once more to use it.
 *
 * @throws Fault "invalid" for a wrong passphrase, and for a file that was changed or cut off
 */
export async function* readBackup(path: string, passphrase: string): AsyncGenerator<BackupLine> {
  const { header, bytes } = await readHeader(path);
  const { size } = await stat(path);
  const damaged = new Fault(
    "invalid",
    "The passphrase is another one, or the file was changed or cut off.",
  );
  if (size < bytes + TAG_BYTES) throw damaged;
  const file = await open(path, "r");
  const [head, tag] = [Buffer.alloc(bytes), Buffer.alloc(TAG_BYTES)];
  await file.read(head, 0, bytes, 0);
  await file.read(tag, 0, TAG_BYTES, size - TAG_BYTES);
  await file.close();
  const salt = Buffer.from(header.salt, "base64url");
  const key = await derive(passphrase.trim(), salt, 32, COST);
  const cipher = createDecipheriv("aes-256-gcm", key, Buffer.from(header.iv, "base64url"));
  cipher.setAAD(head);
  cipher.setAuthTag(tag);
  const sealed = createReadStream(path, { start: bytes, end: size - TAG_BYTES - 1 });
  const plain = createGunzip();
  const running = pipeline(sealed, cipher, plain);
  // Told by whoever reads the lines.
  running.catch(() => {});
  let isWhole = false;
  try {
    for await (const text of createInterface({ input: plain, crlfDelay: Infinity })) {
      const line = BackupLine.safeParse(jsonOf(text));
      if (!line.success) throw damaged;
      isWhole = "end" in line.data;
      yield line.data;
    }
    await running;
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault("invalid", damaged.message, {}, error);
  }
  if (!isWhole) throw damaged;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
