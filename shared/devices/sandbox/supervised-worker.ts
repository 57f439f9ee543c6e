/**
 * `supervised-worker`: keeps one worker at work, and ends it when a job in it never comes back.
 *
 * Jobs are pure, so those that waited beside a bad one are simply given to the next worker. The
 * watchdog counts its own steps and not the time between them: a main thread that was held up
 * itself must not blame the worker for it.
 */
import { Worker } from "node:worker_threads";
import type { Clock } from "#shared/model/clock.ts";
import { Fault } from "#shared/model/fault.ts";
import type { SandboxLimits } from "./limits.ts";
import { workerCode } from "./worker-code.ts";
import { progressAt, type Job, type Outcome, type WorkerStart } from "./worker-messages.ts";

/** Jobs given to the worker at once: enough to keep it busy, few enough to give again. */
const MOST_GIVEN = 32;
/** Steps of the watchdog without progress until it acts. */
const STEPS = 4;
/** Starts without a single outcome in between, until those who wait are told. */
const MOST_VAIN_STARTS = 3;
/** A worker at rest among jobs is one that starts slowly: it gets so many times the patience. */
const START_PATIENCE = 8;

/** How a job ended: what the worker said, or that it had to be ended because of it. */
export type JobEnd = Outcome | { readonly seq: number; readonly is: "killed" };

interface Waiting {
  readonly job: Job;
  readonly resolve: (end: JobEnd) => void;
  readonly reject: (fault: Fault) => void;
}

export interface SupervisedWorker {
  /** @throws Fault "too_many" when too many wait, "unavailable" when closed or no worker can be started */
  run(job: Omit<Job, "seq">): Promise<JobEnd>;
  /** Jobs not answered yet. */
  readonly waiting: number;
  readonly starts: number;
  readonly kills: number;
  /** Ends the worker; jobs that wait are refused. */
  close(): Promise<void>;
}

/** Starts the first worker and resolves when it is ready. */
export async function superviseWorker(
  limits: SandboxLimits,
  clock: Clock,
): Promise<SupervisedWorker> {
  const { program, wasm } = await workerCode();
  const queue: Waiting[] = [];
  const given = new Map<number, Waiting>();
  let worker: Worker;
  let progress: Int32Array;
  let seq = 0;
  let starts = 0;
  let kills = 0;
  let vainStarts = 0;
  let closing: AbortController | undefined = new AbortController();
  let isWatching = false;
  let isDown = false;
  let lastError: unknown;

  const give = (): void => {
    while (given.size < MOST_GIVEN) {
      const next = queue.shift();
      if (next === undefined) break;
      given.set(next.job.seq, next);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      worker.postMessage(next.job);
    }
    if (given.size > 0 && !isWatching) void watch();
  };

  const hear = (from: Worker, outcome: Outcome): void => {
    const entry = given.get(outcome.seq);
    if (from !== worker || entry === undefined) return;
    given.delete(outcome.seq);
    vainStarts = 0;
    entry.resolve(outcome);
    give();
  };

  /** Resolves when the worker is ready or gone. */
  const start = (): Promise<void> => {
    isDown = false;
    starts++;
    progress = new Int32Array(new SharedArrayBuffer(8));
    const made = new Worker(program, {
      eval: true,
      workerData: { wasm, limits, progress } satisfies WorkerStart,
      execArgv: [],
      env: {},
      // The engine recurses on this thread's stack: it must be larger than the engine's own limit.
      resourceLimits: { stackSizeMb: 8, maxOldGenerationSizeMb: 128 },
    });
    worker = made;
    return new Promise((resolve) => {
      made.on("message", (message: Outcome | "ready") =>
        message === "ready" ? resolve() : hear(made, message),
      );
      // An error ends the thread; what follows is done once, at its exit.
      made.on("error", (error) => (lastError = error));
      made.on("exit", () => {
        resolve();
        if (made === worker && closing !== undefined) replace();
      });
    });
  };

  /** A new worker for the one that is gone: whoever was at work there pays, the others go again. */
  const replace = (): void => {
    const steps = Atomics.load(progress, progressAt.steps);
    const culprit = steps % 2 === 1 ? given.get(Atomics.load(progress, progressAt.seq)) : undefined;
    if (culprit !== undefined) {
      given.delete(culprit.job.seq);
      culprit.resolve({ seq: culprit.job.seq, is: "killed" });
    } else if (++vainStarts >= MOST_VAIN_STARTS) {
      // Not tried again before somebody asks: what fails at once would fail without end.
      refuseAll("The decoders' worker cannot be started.");
      isDown = true;
      return;
    }
    queue.unshift(...given.values());
    given.clear();
    void start();
    give();
  };

  const refuseAll = (why: string): void => {
    const all = [...given.values(), ...queue];
    given.clear();
    queue.length = 0;
    for (const { reject } of all) reject(new Fault("unavailable", why, {}, lastError));
  };

  const watch = async (): Promise<void> => {
    isWatching = true;
    let watched: Int32Array | undefined;
    let seen = 0;
    let still = 0;
    while (given.size > 0 && closing !== undefined) {
      const steps = Atomics.load(progress, progressAt.steps);
      still = watched === progress && steps === seen ? still + 1 : 0;
      watched = progress;
      seen = steps;
      if (still >= (steps % 2 === 1 ? STEPS : STEPS * START_PATIENCE)) {
        kills++;
        const ended = worker;
        replace();
        void ended.terminate();
        continue;
      }
      await clock.sleep(limits.watchdogMs / STEPS, closing.signal);
    }
    isWatching = false;
  };

  await start();
  return {
    get waiting() {
      return given.size + queue.length;
    },
    get starts() {
      return starts;
    },
    get kills() {
      return kills;
    },
    run: (job) =>
      new Promise((resolve, reject) => {
        if (closing === undefined)
          return reject(new Fault("unavailable", "The decoders' sandbox is closed."));
        if (given.size + queue.length >= limits.waitingCalls)
          return reject(new Fault("too_many", "Too many payloads wait for their decoder."));
        if (isDown) void start();
        queue.push({ job: { ...job, seq: (seq = (seq + 1) | 0) }, resolve, reject });
        give();
      }),
    close: async () => {
      closing?.abort();
      closing = undefined;
      refuseAll("The decoders' sandbox is closed.");
      await worker.terminate();
    },
  };
}
