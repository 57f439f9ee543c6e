/**
 * `held-file`: a secret in a file of its own, readable by its owner alone, made at the first look.
 */
import { link, open, readFile, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "#shared/model/fault.ts";

/** The content of a file, which is made, durably and whole, when there is none. @throws Fault "unavailable" for one that others may read */
export async function heldFile(path: string, make: () => string): Promise<string> {
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
  if (!isFirst) return heldFile(path, make);
  const folder = await open(join(path, ".."), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
  return text.trim();
}
