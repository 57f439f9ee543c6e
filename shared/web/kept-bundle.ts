/**
 * `kept-bundle`: what was made of a page, kept beside the packages until one of its sources changes:
 * bundling takes a process of its own, with more memory than a small gateway has to spare at a start.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { deserialize, serialize } from "node:v8";
import type { BundledFile, PageBundle, PageSource } from "./bundle.ts";

const PROJECT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const PLACE = join(PROJECT, "node_modules", ".cache", "riser");
/** Beside a page's own sources: what it is made by, and the packages. */
const MADE_BY = [
  "package-lock.json",
  "shared/web/bundle.ts",
  "shared/web/document-shell.ts",
  "shared/web/mark.svg",
];

interface Kept extends Pick<PageBundle, "document" | "inputs" | "firstLoadBytes"> {
  readonly looks: string;
  readonly files: readonly (readonly [string, BundledFile])[];
}

/** The file a page is kept in. */
export const placeOf = ({ entry, title }: PageSource) =>
  join(
    PLACE,
    `page-${createHash("sha256").update(`${entry}\n${title}`).digest("hex").slice(0, 16)}`,
  );

/** Size and time of each file, in order, and the newest time, epoch ms; rejects when one of them is gone. */
async function looksOf(inputs: readonly string[]): Promise<{ looks: string; newestMs: number }> {
  const found = await Promise.all(
    [...inputs, ...MADE_BY].map(async (path) => {
      const { size, mtimeMs } = await stat(join(PROJECT, path));
      return { line: `${path} ${size} ${mtimeMs}`, mtimeMs };
    }),
  );
  const looks = found.map(({ line }) => line).join("\n");
  return { looks, newestMs: Math.max(...found.map(({ mtimeMs }) => mtimeMs)) };
}

/** Bytes of a SHA-256: what is kept stands behind its own, since a power cut leaves pages of a file empty. */
const DIGEST = 32;
const digestOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();

/** What was kept, or a throw. */
function whole(file: Buffer): Kept {
  const bytes = file.subarray(DIGEST);
  if (!digestOf(bytes).equals(file.subarray(0, DIGEST))) throw new RangeError("it is not whole");
  return deserialize(bytes) as Kept;
}

/** What is kept of the page; undefined when there is nothing, when a source changed, or when it cannot be read. */
export async function keptBundle(source: PageSource): Promise<PageBundle | undefined> {
  try {
    const kept = whole(await readFile(placeOf(source)));
    if (kept.looks !== (await looksOf(kept.inputs)).looks) return undefined;
    const { document, inputs, firstLoadBytes } = kept;
    return {
      files: new Map(kept.files.map(([path, file]) => [path, held(file)])),
      document: held(document),
      pages: source.pages,
      inputs,
      firstLoadBytes,
    };
  } catch {
    return undefined;
  }
}

/** Each of its own: what was read at once would be one block that none of them may be handed on from. */
const held = (file: BundledFile): BundledFile => ({
  ...file,
  body: Uint8Array.from(file.body),
  gzipped: Uint8Array.from(file.gzipped),
});

/** Keeps it, unless a source changed after `startedMs`, when it began to be made. */
export async function keepBundle(
  source: PageSource,
  made: PageBundle,
  startedMs: number,
): Promise<void> {
  const { files, document, inputs, firstLoadBytes } = made;
  const { looks, newestMs } = await looksOf(inputs);
  if (newestMs >= startedMs) return;
  const kept: Kept = { looks, files: [...files], document, inputs, firstLoadBytes };
  await mkdir(PLACE, { recursive: true });
  const fresh = `${placeOf(source)}.${process.pid}`;
  try {
    const bytes = serialize(kept);
    await writeFile(fresh, Buffer.concat([digestOf(bytes), bytes]));
    await rename(fresh, placeOf(source));
  } catch (error) {
    // What was begun takes no room.
    await rm(fresh, { force: true });
    throw error;
  }
}
