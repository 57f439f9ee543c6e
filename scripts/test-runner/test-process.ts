/**
 * A process that runs test files, one after the other, on the runner's order, and tells what happened.
 *
 * Must never decide what is a success: it tells events, the runner counts.
 */
import { register } from "node:module";
import { pathToFileURL } from "node:url";
import type { Event, Order } from "./messages.ts";
import { words } from "./words.ts";

type Group = (() => Promise<unknown>)[];
declare global {
  var UVU_DEFER: number;
  var UVU_INDEX: number;
  var UVU_QUEUE: Group[];
}

/** How long a file may take to be loaded, with all it imports, ms. */
const LOADING_MS = 60_000;
/** How long a file's servers and sockets may take to be gone after its last test, ms. */
const CLOSING_MS = 3_000;
/** What must not outlive a file. Timers and pipes are left out: libraries keep those. */
const LEFT_OPEN = ["TCPServerWrap", "UDPWrap", "ProcessWrap", "PipeServerWrap"];

globalThis.UVU_DEFER = 1;
globalThis.UVU_INDEX = 0;
globalThis.UVU_QUEUE = [[]];
register(new URL("./uvu-hook.mjs", import.meta.url));
const { watchFile, settle } = await import("./watched-uvu.ts");

let running = "";
let mayGoOn = true;

function tell(event: Event): void {
  if (event.is === "begin") running = event.what;
  process.send?.(event);
}

process.on("unhandledRejection", (reason) => {
  mayGoOn = false;
  tell({
    is: "failed",
    what: running,
    why: `a promise was rejected and nobody waited for it: ${words(reason)}`,
  });
});
process.on("uncaughtException", (error) => {
  mayGoOn = false;
  tell({ is: "failed", what: running, why: `uncaught: ${words(error)}` });
});

quietUvu();
let isAtAnEnd = false;
process.on("message", (order: Order) => {
  if (order.is === "end") {
    isAtAnEnd = true;
    process.disconnect();
  } else void run(order);
});
// A runner that was killed hears nothing any more: what goes on here would go on for ever.
process.on("disconnect", () => {
  if (!isAtAnEnd) process.exit(1);
});

async function run(order: Extract<Order, { is: "run" }>): Promise<void> {
  const before = openResources();
  globalThis.UVU_QUEUE[0] = [];
  const file = watchFile({ grep: new RegExp(order.grep), timeoutMs: order.timeoutMs, tell });
  tell({ is: "begin", what: "(loading the file)", timeoutMs: LOADING_MS });
  try {
    const loaded = (await import(pathToFileURL(order.file).href)) as { timeoutMs?: unknown };
    if (typeof loaded.timeoutMs === "number") file.timeoutMs = loaded.timeoutMs;
    await runSuites();
    settle(file);
  } catch (error) {
    tell({ is: "failed", what: "(loading the file)", why: words(error) });
  }
  for (const { name, waiting } of file.suites) {
    if (waiting > 0)
      tell({
        is: "failed",
        what: name || "(nameless suite)",
        why: `forgot .run(): ${waiting} tests never ran`,
      });
  }
  // Rejections nobody waits for are reported by Node after the microtasks: let them come up.
  await new Promise((resolve) => setImmediate(resolve));
  tell({ is: "begin", what: "(after the last test)", timeoutMs: CLOSING_MS });
  const open = file.hung ? [] : await stillOpen(before);
  if (open.length > 0)
    tell({ is: "failed", what: "(after the last test)", why: `left open: ${open.join(", ")}` });
  if (file.hung || open.length > 0) mayGoOn = false;
  tell({ is: "done", matched: file.registered > 0, mayGoOn });
}

async function runSuites(): Promise<void> {
  for (const runSuite of globalThis.UVU_QUEUE[0] ?? []) {
    try {
      await runSuite();
    } catch {
      // A hook threw: it was told by the watch that wraps it.
    }
  }
}

function openResources(): string[] {
  return process.getActiveResourcesInfo().filter((name) => LEFT_OPEN.includes(name));
}

/** What is open now and was not before, once it had time to close. */
async function stillOpen(before: readonly string[]): Promise<string[]> {
  const endMs = Date.now() + CLOSING_MS;
  for (;;) {
    const open = openResources();
    for (const name of before) {
      const at = open.indexOf(name);
      if (at >= 0) open.splice(at, 1);
    }
    if (open.length === 0 || Date.now() > endMs) return open;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** uvu prints a dot per test; the runner prints its own, and a file's output is shown when it fails. */
function quietUvu(): void {
  const write = process.stdout.write.bind(process.stdout);
  const dots = /^(?:[•✘] | {2}\(\d+ \/ \d+\)\n| .* {2})$/;
  process.stdout.write = (chunk: string | Uint8Array, ...rest: never[]): boolean =>
    typeof chunk === "string" && dots.test(chunk) ? true : write(chunk, ...rest);
}
