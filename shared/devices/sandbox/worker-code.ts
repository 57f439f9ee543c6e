/**
 * `worker-code`: the worker's program as one piece of JavaScript, and the engine it runs, compiled.
 *
 * Both are made once per process: a worker that has to be replaced starts from them at once, and
 * needs no TypeScript loader and no file of its own.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ENGINE = "@jitl/quickjs-wasmfile-release-sync";
const require = createRequire(import.meta.url);

export interface WorkerCode {
  /** CommonJS, for `new Worker(program, { eval: true })`. */
  readonly program: string;
  readonly wasm: WebAssembly.Module;
}

async function makeProgram(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("./worker.ts", import.meta.url))],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "node20",
    // The CommonJS build of the engine's loader: the other one asks where its file lies.
    alias: { [`${ENGINE}/emscripten-module`]: require.resolve(`${ENGINE}/emscripten-module`) },
    logLevel: "silent",
  });
  return outputFiles[0]!.text;
}

async function compileEngine(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(require.resolve(`${ENGINE}/wasm`)));
}

let made: Promise<WorkerCode> | undefined;

export function workerCode(): Promise<WorkerCode> {
  made ??= Promise.all([makeProgram(), compileEngine()]).then(
    ([program, wasm]) => ({ program, wasm }),
    (error: unknown) => {
      // A moment without memory or file handles: the next who asks tries again.
      made = undefined;
      throw error;
    },
  );
  return made;
}
