/**
 * `npm run build [-- <folder>]`: makes what is published, in `dist/` unless told otherwise: plain
 * JavaScript, declarations, and a package.json that points at them. `npm pack ./dist` does the rest.
 *
 * The sources stay as they are: inside the workspace `exports` goes to `index.ts`.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, "dist"));
const compiler = join(
  dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
  "bin",
  "tsc",
);

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
execFileSync(
  process.execPath,
  [compiler, "-p", join(here, "tsconfig.build.json"), "--outDir", out],
  { stdio: "inherit" },
);

// The compiler leaves `.ts` in the declarations it writes; not every reader of declarations looks further.
for (const file of readdirSync(out).filter((name) => name.endsWith(".d.ts"))) {
  const text = readFileSync(join(out, file), "utf8");
  writeFileSync(join(out, file), text.replaceAll(/(from "\.\/[^"]+)\.ts"/g, '$1.js"'));
}

const { scripts: _scripts, ...manifest } = JSON.parse(
  readFileSync(join(here, "package.json"), "utf8"),
) as Record<string, unknown>;
manifest["types"] = "./index.d.ts";
manifest["exports"] = {
  ".": { types: "./index.d.ts", default: "./index.js" },
  "./package.json": "./package.json",
};
manifest["sideEffects"] = false;
writeFileSync(join(out, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
for (const file of ["README.md", "LICENSE"]) copyFileSync(join(here, file), join(out, file));
