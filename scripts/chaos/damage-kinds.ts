/**
 * `damage-kinds`: what can happen to the files of a database, each as a function on its folder. The
 * database must not be open, or be open in another process.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, stat, truncate, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readLog } from "#shared/couch/leveldb-check/level-log.ts";
import { manifestOf } from "#shared/couch/leveldb-check/level-manifest.ts";
import { Fault } from "#shared/model/fault.ts";

/** `random` gives numbers from 0 to below 1. May give back what ends the damage. */
type Damage = (folder: string, random: () => number) => Promise<void | (() => Promise<void>)>;

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Tables that LevelDB has not removed yet and does not need any more are not among them. */
async function liveTables(folder: string): Promise<string[]> {
  const manifest = (await readFile(join(folder, "CURRENT"), "utf8")).trim();
  const { tables } = manifestOf(readLog(await readFile(join(folder, manifest))).records);
  return [...tables.keys()].map((number) => `${String(number).padStart(6, "0")}.ldb`);
}

/** The largest file with an ending: where there is most to be damaged. */
async function largest(folder: string, ending: string): Promise<string> {
  const names =
    ending === ".ldb"
      ? await liveTables(folder)
      : (await readdir(folder)).filter((name) => name.endsWith(ending));
  const sized = await Promise.all(
    names.map(async (name) => ({
      path: join(folder, name),
      size: (await stat(join(folder, name))).size,
    })),
  );
  const path = sized.sort((a, b) => b.size - a.size)[0]?.path;
  if (path === undefined) throw new Fault("not_found", `${folder} has no ${ending}`);
  return path;
}

async function change(path: string, work: (bytes: Uint8Array) => Uint8Array): Promise<void> {
  await writeFile(path, work(await readFile(path)));
}

const zeroed =
  (ending: string): Damage =>
  async (folder) =>
    change(await largest(folder, ending), (bytes) => bytes.fill(0));
const cutShort =
  (ending: string): Damage =>
  async (folder, random) => {
    const path = await largest(folder, ending);
    await truncate(path, Math.floor((await stat(path)).size * (0.1 + 0.8 * random())));
  };
const flipped =
  (ending: string): Damage =>
  async (folder, random) =>
    change(await largest(folder, ending), (bytes) => {
      for (let n = 0; n < 8; n++) {
        const at = Math.floor(bytes.length * random());
        bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(8 * random()));
      }
      return bytes;
    });

export const damages: Readonly<Record<string, Damage>> = {
  "table zeroed": zeroed(".ldb"),
  "table cut short": cutShort(".ldb"),
  "table with flipped bits": flipped(".ldb"),
  "table empty": async (folder) => truncate(await largest(folder, ".ldb"), 0),
  "log zeroed": zeroed(".log"),
  "log cut short": cutShort(".log"),
  "log with flipped bits": flipped(".log"),
  "CURRENT missing": async (folder) => unlink(join(folder, "CURRENT")),
  "LOCK held": async (folder) => {
    const program = `require("leveldown")(process.argv[1]).open(() => console.log("open")); process.stdin.resume()`;
    const holder = spawn(process.execPath, ["-e", program, folder], {
      cwd: ROOT,
      stdio: ["pipe", "pipe", "ignore"],
    });
    await once(holder.stdout, "data");
    return async () => {
      holder.kill("SIGKILL");
      await once(holder, "exit");
    };
  },
};
