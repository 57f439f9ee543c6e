/**
 * `one-at-a-time`: keeps a second demo out of a folder in which one is running. LevelDB would
 * refuse it, too, but less kindly.
 */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "#shared/model/fault.ts";

/** Resolves with a way to give the folder back. @throws Fault "conflict" that names the other process */
export async function holdFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, "demo.pid");
  const pid = Number(await readFile(file, "utf8").catch(() => ""));
  if (pid > 0 && pid !== process.pid && isAlive(pid))
    throw new Fault(
      "conflict",
      `The demo is running in ${folder} already (process ${pid}). Stop it there with Ctrl-C.`,
    );
  await writeFile(file, String(process.pid));
  return () => rm(file, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
