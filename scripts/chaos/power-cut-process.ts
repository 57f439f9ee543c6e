/**
 * `power-cut-process`: the gateway's process as the one who cuts its power sees it: loaded while
 * another still runs, started in a moment, killed or stopped.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Fault } from "#shared/model/fault.ts";

const PROGRAM = fileURLToPath(new URL("power-cut-gateway.ts", import.meta.url));
const UNSYNCED = import.meta.resolve("./power-cut-unsynced.mjs");
const START_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 30_000;
const LAST_WORDS = 600;

export interface SpareGateway {
  /** Its code is read, it waits for `start`; also when it ended before. */
  readonly loaded: Promise<unknown>;
  /** Resolves with its MQTT port. @throws Fault "unavailable" with its last words when it ends before */
  start(env: Readonly<Record<string, string>>): Promise<number>;
  /** In order: all that waits is sealed. @throws Fault when it had to be killed, or failed */
  stop(): Promise<void>;
  kill(): Promise<void>;
}

export function spareGateway(isUnsynced: boolean): SpareGateway {
  const child = spawn(
    process.execPath,
    [
      "--import",
      import.meta.resolve("tsx"),
      ...(isUnsynced ? ["--import", UNSYNCED] : []),
      PROGRAM,
    ],
    // Of its own group: Ctrl-C is for the one who cuts; it ends when its standard input does.
    { stdio: ["pipe", "pipe", "pipe"], detached: true },
  );
  const gone = once(child, "exit") as Promise<[code: number | null, signal: string | null]>;
  const lines = createInterface({ input: child.stdout });
  const loaded = once(lines, "line");
  const port = loaded.then(() => once(lines, "line") as Promise<[string]>);
  child.stdin.on("error", () => undefined);
  let words = "";
  child.stderr.on(
    "data",
    (chunk: Buffer) => (words = `${words}${chunk.toString("utf8")}`.slice(-LAST_WORDS)),
  );
  const within = <T>(ms: number, what: string, wanted: Promise<T>): Promise<T> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const fault = () => new Fault("unavailable", `the gateway did not ${what}: ${words}`);
      timer = setTimeout(() => reject(fault()), ms);
    });
    return Promise.race([wanted, late]).finally(() => clearTimeout(timer));
  };
  return {
    loaded: Promise.race([loaded, gone]),
    start(env) {
      child.stdin.write(`${JSON.stringify(env)}\n`);
      const ended = gone.then((how): never => {
        throw new Fault(
          "unavailable",
          `the gateway ended while it started (${how.join(" ")}): ${words}`,
        );
      });
      const up = port.then(([text]) => Number(text));
      return within(START_WITHIN_MS, "start", Promise.race([up, ended]));
    },
    async stop() {
      child.kill("SIGTERM");
      const [code] = await within(STOP_WITHIN_MS, "stop", gone);
      if (code !== 0) throw new Fault("unavailable", `the gateway stopped with ${code}: ${words}`);
    },
    async kill() {
      child.kill("SIGKILL");
      await gone;
    },
  };
}
