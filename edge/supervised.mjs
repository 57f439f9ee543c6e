/**
 * `supervised`: runs the gateway as a process of its own and starts it again when something ended it
 * that no process survives: a page of a damaged file that cannot be read (SIGBUS), an assertion inside
 * LevelDB (SIGABRT), too little memory (SIGKILL), or a damaged database it found by itself (75).
 *
 * Plain JavaScript with little in it: it must not be able to fail for the same reason. Why a
 * process and not a thread: decisions/0001-damage-is-met-at-a-start.md.
 */
import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { bundledProgram } from "./bundle.mjs";

/** What is started, as Node's arguments: the bundle, or the sources where it cannot be made. */
const startOf = (path) => [fileURLToPath(new URL("start.cjs", import.meta.url)), path];
const sources = [
  "--import",
  import.meta.resolve("tsx"),
  fileURLToPath(new URL("main.ts", import.meta.url)),
];
let program = await bundledProgram().then(startOf, () => sources);
let isAnew = false;
/** Without what is damaged, or was cleared away by a start after an update; once, in case the disk damages it again. */
const programAnew = async () => {
  if (isAnew) return sources;
  isAnew = true;
  const [, damaged] = program;
  try {
    await rm(damaged, { force: true });
    return startOf(await bundledProgram());
  } catch {
    return sources;
  }
};
/** What the gateway says by ending: start me again. */
const AGAIN = 75;
/** What `start.cjs` says: the program is not whole. */
const DAMAGED = 76;
/** What lives short is cleared away in pieces of 4 MB instead of 16: some 30 MB less, of the 512 a gateway may have. */
const SPARING = ["--max-semi-space-size=4"];
const SHORT_LIFE_MS = 10_000;
const [FIRST_WAIT_MS, LONGEST_WAIT_MS] = [100, 30_000];

let child;
let isStopping = false;
let waitMs = FIRST_WAIT_MS;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(signal, () => {
    isStopping = true;
    child?.kill(signal);
  });

for (;;) {
  const startedMs = performance.now();
  // With a channel between them: a gateway whose supervisor is gone stops as well.
  child = spawn(
    process.execPath,
    [...SPARING, ...process.execArgv, ...program, ...process.argv.slice(2)],
    {
      stdio: ["inherit", "inherit", "inherit", "ipc"],
      // Each thread's own arena would keep some megabytes that nobody uses.
      env: { MALLOC_ARENA_MAX: "2", ...process.env },
    },
  );
  const [code, signal] = await new Promise((resolve) => {
    child.once("exit", (...how) => resolve(how));
    child.once("error", () => resolve([1, null]));
  });
  if (!isStopping && code === DAMAGED && program !== sources) {
    program = await programAnew();
    continue;
  }
  if (isStopping || (signal === null && code !== AGAIN)) {
    process.exitCode = signal === null ? (code ?? 1) : 1;
    break;
  }
  process.stderr.write(`the gateway ended (${signal ?? code}) and is started again\n`);
  const isShort = performance.now() - startedMs < SHORT_LIFE_MS;
  waitMs = isShort ? Math.min(waitMs * 2, LONGEST_WAIT_MS) : FIRST_WAIT_MS;
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  if (isStopping) break;
}
