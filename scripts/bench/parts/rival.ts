/**
 * `rival`: a package that only a bench needs, to compare with. Installed when the bench is run for
 * the first time, beside the project (`.riser/rivals`): whoever only runs Riser or its tests does
 * not wait for a compiler.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** @param version exact */
export function rival(name: string, version: string): unknown {
  const folder = join(process.cwd(), ".riser", "rivals", `${name}-${version}`);
  mkdirSync(folder, { recursive: true });
  const load = createRequire(join(folder, "package.json"));
  try {
    return load(name);
  } catch {
    process.stderr.write(`Installing ${name} ${version}, to compare with …\n`);
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    // Scripts are needed: it is built, or fetched, for this machine.
    const words = ["install", "--silent", "--save-exact", `${name}@${version}`];
    execFileSync("npm", words, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
    return load(name);
  }
}
