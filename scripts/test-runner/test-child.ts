/**
 * One test process, seen from the runner: gives it files and collects what came of each.
 *
 * A file's result is made here from events, so a process that dies, hangs or leaves early is red.
 */
import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Event, Order } from "./messages.ts";

/** What came of one file. */
export interface FileResult {
  readonly file: string;
  passed: number;
  skipped: number;
  readonly failures: { what: string; why: string }[];
  /** False when no test of the file matched the pattern asked for. */
  matched: boolean;
  ms: number;
  /** What the file printed. */
  printed: string;
}

export interface RunOptions {
  readonly grep: string;
  readonly timeoutMs: number;
  /** How long beyond its timeout a test may block its event loop before the process is killed, ms. */
  readonly graceMs?: number;
}

const GRACE_MS = 5_000;
const PROGRAM = fileURLToPath(new URL("./test-process.ts", import.meta.url));

export class TestChild {
  /** False once it ended, or must not run another file. */
  isUsable = true;
  readonly #process: ChildProcess;
  readonly #ended: Promise<string>;
  #printed = "";
  #heard: (event: Event) => void = () => undefined;

  constructor() {
    this.#process = fork(PROGRAM, [], {
      execArgv: ["--import", import.meta.resolve("tsx")],
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    const keep = (chunk: Buffer): void => {
      this.#printed += chunk.toString("utf8");
    };
    this.#process.stdout?.on("data", keep);
    this.#process.stderr?.on("data", keep);
    this.#process.on("message", (event) => this.#heard(event as Event));
    this.#ended = new Promise((resolve) => {
      this.#process.on("error", (error) => resolve(error.message));
      this.#process.on("close", (code, signal) =>
        resolve(signal === null ? `code ${code}` : `signal ${signal}`),
      );
    });
    void this.#ended.then(() => (this.isUsable = false));
  }

  /** Runs one file to its end, however that comes. Never rejects. */
  async run(file: string, options: RunOptions): Promise<FileResult> {
    const startedMs = performance.now();
    const result: FileResult = {
      file,
      passed: 0,
      skipped: 0,
      failures: [],
      matched: true,
      ms: 0,
      printed: "",
    };
    // uvu calls a throwing `after.each` twice: said once.
    const fail = (what: string, why: string): void => {
      if (!result.failures.some((known) => known.what === what && known.why === why))
        result.failures.push({ what, why });
    };
    let doing = "(starting)";
    let watchdog: NodeJS.Timeout | undefined;
    const done = new Promise<"done">((resolve) => {
      this.#heard = (event) => {
        if (event.is === "begin") {
          doing = event.what;
          clearTimeout(watchdog);
          watchdog = setTimeout(
            () => this.#process.kill("SIGKILL"),
            event.timeoutMs + (options.graceMs ?? GRACE_MS),
          );
        } else if (event.is === "passed") result.passed++;
        else if (event.is === "skipped") result.skipped++;
        else if (event.is === "failed") fail(event.what, event.why);
        else {
          result.matched = event.matched;
          this.isUsable &&= event.mayGoOn;
          resolve("done");
        }
      };
    });
    this.#order({ is: "run", file, grep: options.grep, timeoutMs: options.timeoutMs });
    const end = await Promise.race([done, this.#ended]);
    clearTimeout(watchdog);
    if (end !== "done") {
      const why =
        end === "signal SIGKILL"
          ? `did not end, and blocked its process: killed`
          : `the process ended (${end}) before the file was through: process.exit()?`;
      fail(doing, why);
    } else if (!this.isUsable) await this.stop();
    if (
      result.passed + result.skipped + result.failures.length === 0 &&
      (result.matched || options.grep === "")
    ) {
      fail("(file)", "has no tests");
    }
    await new Promise((resolve) => setImmediate(resolve));
    result.printed = this.#printed;
    this.#printed = "";
    result.ms = Math.round(performance.now() - startedMs);
    return result;
  }

  /** Lets the process go; one that does not is killed. Resolves with what it still printed. */
  async stop(): Promise<string> {
    const wasUsable = this.isUsable;
    this.isUsable = false;
    this.#order({ is: "end" });
    const killer = setTimeout(() => this.#process.kill("SIGKILL"), wasUsable ? 2_000 : 200);
    await this.#ended;
    clearTimeout(killer);
    return this.#printed;
  }

  #order(order: Order): void {
    if (this.#process.connected) this.#process.send(order, () => undefined);
  }
}
