/**
 * `bundle`: the gateway's program as one file, made from its sources when they changed: starting from it
 * takes a third of the time and less memory than from hundreds of files that are translated each time.
 *
 * Plain JavaScript without imports of ours. Packages with compiled parts stay outside. CommonJS, since only
 * of such a program V8's compiled code can be kept: see `start.cjs`.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, statSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDERS = ["edge", "shared"];
const PLACE = join(ROOT, "node_modules", ".cache", "riser");
const OUTSIDE = ["leveldown", "@node-rs/*", "@jitl/*", "esbuild"];

/** Names the sources as they are now: their places, sizes and times. At once: nothing else is to be done yet. */
function editionOf() {
  const hash = createHash("sha256").update(process.version);
  const look = (path) => {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  };
  for (const name of ["package.json", "package-lock.json", "edge/bundle.mjs"])
    look(join(ROOT, name));
  for (const folder of FOLDERS)
    for (const name of readdirSync(join(ROOT, folder), { recursive: true }).sort())
      if (/\.(ts|tsx|json)$/.test(name) && !/\.test\.tsx?$/.test(name))
        look(join(ROOT, folder, name));
  return hash.digest("hex").slice(0, 16);
}

/** Each source keeps its own place: files beside it are read by it. */
const ownPlaces = {
  name: "own-places",
  setup(build) {
    build.onLoad({ filter: /\.tsx?$/ }, async ({ path }) => {
      if (path.includes("node_modules")) return undefined;
      const text = await readFile(path, "utf8");
      const contents = text.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href));
      return { contents, loader: path.endsWith("x") ? "tsx" : "ts", resolveDir: dirname(path) };
    });
  },
};

/**
 * PouchDB brings cookies for databases that are signed in to with them, and for these a list of ten thousand
 * domains: some 50 ms of each start. A gateway speaks with tokens, by a `fetch` of its own.
 */
const noCookies = {
  name: "no-cookies",
  setup(build) {
    build.onResolve({ filter: /^fetch-cookie$/ }, ({ path }) => ({ path, namespace: "none" }));
    build.onLoad({ filter: /^fetch-cookie$/, namespace: "none" }, () => ({
      contents: "module.exports = (fetch) => fetch;",
    }));
  },
};

/** With a last line that tells a program that was cut off or damaged from a whole one: `start.cjs` reads it. */
export function whole(program) {
  const text = program.endsWith("\n") ? program : `${program}\n`;
  return `${text}// whole: ${createHash("sha256").update(text).digest("hex")}\n`;
}

/** Where the program of these sources is, or will be. */
export const programPlace = () => join(PLACE, `edge-${editionOf()}.cjs`);

/** The path of the program, made now where there is none for these sources. Rejects where it cannot be made. */
export async function bundledProgram() {
  const program = programPlace();
  const name = basename(program);
  if (existsSync(program)) return program;
  await mkdir(PLACE, { recursive: true });
  const { build } = await import("esbuild");
  const made = await build({
    entryPoints: [join(ROOT, "edge", "main.ts")],
    write: false,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    // Of a program that is run from text Node knows no way to what it would import later.
    supported: { "dynamic-import": false },
    external: OUTSIDE,
    plugins: [ownPlaces, noCookies],
    logLevel: "silent",
  });
  const fresh = `${program}.${process.pid}`;
  try {
    await writeFile(fresh, whole(made.outputFiles[0].text));
    await rename(fresh, program);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
  for (const old of await readdir(PLACE))
    // Another gateway of this checkout, started at the same time, clears away the same.
    if (old.startsWith("edge-") && !old.startsWith(name))
      await rm(join(PLACE, old), { force: true }).catch(() => undefined);
  return program;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await bundledProgram());
