/**
 * `program`: one of the project's programs as a process of its own, with its log in a file.
 *
 * In a process group of its own, so that Ctrl-C reaches only whoever started it, who then stops
 * all of them in order. It stops by itself when whoever started it is gone.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, createWriteStream, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Fault } from "#shared/model/fault.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const TSX = import.meta.resolve("tsx");
const END_WITH_PARENT = import.meta.resolve("./end-with-parent.mjs");
/** A program that is asked to stop has so long. */
const STOP_WITHIN_MS = 10_000;
const LAST_LINES = 8;

export interface ProgramOptions {
  /** For people: "the hub". */
  readonly name: string;
  /** From the project's root: `cloud/main.ts`. */
  readonly file: string;
  readonly args: readonly string[];
  /** On top of this process's own environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Told each line of its standard output, which then is not in the log. */
  readonly onLine?: (line: string) => void;
  /** Told when it ends without having been asked to. */
  readonly onUnexpectedEnd?: (fault: Fault) => void;
}

export interface Program {
  readonly name: string;
  readonly isRunning: boolean;
  readonly pid: number | undefined;
  start(): void;
  /** Asks it to stop and waits; kills it after 10 s. Resolves true when it stopped by itself. */
  stop(): Promise<boolean>;
  /** SIGKILL: nothing can be tidied up. Resolves when it is gone. */
  kill(): Promise<void>;
  /** The last lines of its log. */
  lastWords(): string;
}

export function program(options: ProgramOptions): Program {
  const { name, logFile, onLine } = options;
  let child: ChildProcess | undefined;
  let gone = Promise.resolve();
  let isAsked = false;

  const lastWords = () =>
    readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-LAST_LINES).join("\n");

  return {
    name,
    get isRunning() {
      return child !== undefined;
    },
    get pid() {
      return child?.pid;
    },
    start() {
      if (child) return;
      mkdirSync(dirname(logFile), { recursive: true });
      const log = openSync(logFile, "a", 0o600);
      isAsked = false;
      const started = spawn(
        process.execPath,
        ["--import", TSX, "--import", END_WITH_PARENT, options.file, ...options.args],
        {
          cwd: ROOT,
          env: { ...process.env, ...options.env },
          detached: true,
          stdio: ["pipe", onLine ? "pipe" : log, log],
        },
      );
      closeSync(log);
      child = started;
      if (onLine && started.stdout) createInterface({ input: started.stdout }).on("line", onLine);
      gone = new Promise((resolve) => {
        const ended = (how: string) => {
          if (child === started) child = undefined;
          resolve();
          if (!isAsked)
            options.onUnexpectedEnd?.(
              new Fault(
                "unavailable",
                `${name} ended by itself (${how}). Its log, ${logFile}, ends with:\n${lastWords()}`,
              ),
            );
        };
        started.once("error", (error) => ended(error.message));
        started.once("exit", (code, signal) => ended(signal ?? `code ${code}`));
      });
    },
    async stop() {
      if (!child) return true;
      const stopped = child;
      isAsked = true;
      stopped.kill("SIGTERM");
      const timer = setTimeout(() => stopped.kill("SIGKILL"), STOP_WITHIN_MS);
      await gone;
      clearTimeout(timer);
      return stopped.signalCode !== "SIGKILL";
    },
    async kill() {
      isAsked = true;
      child?.kill("SIGKILL");
      await gone;
    },
    lastWords,
  };
}

/**
 * Runs a command of a program to its end.
 *
 * @returns its standard output
 * @throws Fault "unavailable" with what it said on standard error
 */
export async function runCommand(
  file: string,
  args: readonly string[],
  { env, logFile }: { env: Readonly<Record<string, string>>; logFile: string },
): Promise<string> {
  mkdirSync(dirname(logFile), { recursive: true });
  const child = spawn(process.execPath, ["--import", TSX, file, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, said] = ["", ""];
  const log = createWriteStream(logFile, { flags: "a", mode: 0o600 });
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    log.write(text);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  await new Promise<void>((resolve) => log.end(() => resolve()));
  if (code === 0) return out;
  throw new Fault(
    "unavailable",
    `${file} ${args[0] ?? ""} failed (code ${code}):\n${(said || out).trim()}`,
  );
}
