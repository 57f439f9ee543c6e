/**
 * `worker`: the thread makers' code runs in. It takes one job after the other and says when each begins
 * and ends, so that the watchdog knows whose fault it is when nothing more is heard.
 *
 * Must never touch disk, network or the environment: all it needs comes with its start.
 */
import { parentPort, workerData } from "node:worker_threads";
import { openRealm, RealmStop, type Realm } from "./realm.ts";
import { progressAt, type Job, type Outcome, type WorkerStart } from "./worker-messages.ts";

const { wasm, limits, progress } = workerData as WorkerStart;

// QuickJS asks this thread for the offset of local time. Every machine answers alike: UTC.
// oxlint-disable-next-line no-extend-native
Date.prototype.getTimezoneOffset = () => 0;

/** Scripts ready to be called, or why they cannot be: the answer would be the same again. Least used first. */
const ready = new Map<number, { source: string; realm: Realm | RealmStop }>();

async function realmOf({ script, source }: Job): Promise<Realm | RealmStop | undefined> {
  const known = ready.get(script);
  const text = source ?? known?.source;
  if (text === undefined) return undefined;
  ready.delete(script);
  const kept = known?.realm;
  const isFit = kept !== undefined && (kept instanceof RealmStop || kept.isSound);
  const realm = isFit ? kept : await openRealm(wasm, text, limits).catch(stopFrom);
  if (script === 0) return realm;
  ready.set(script, { source: text, realm });
  for (const oldest of ready.keys()) if (ready.size > limits.readyScripts) ready.delete(oldest);
  return realm;
}

function stopFrom(error: unknown): RealmStop {
  if (error instanceof RealmStop) return error;
  return new RealmStop("memory", `no engine could be made for it: ${String(error)}`);
}

async function outcomeOf(job: Job): Promise<Outcome> {
  const { seq, call } = job;
  try {
    const realm = await realmOf(job);
    if (realm === undefined) return { seq, is: "unknown" };
    if (realm instanceof RealmStop) throw realm;
    if (call === null) return { seq, is: "functions", functions: realm.functions };
    const names = call.name === "decodeUplink" ? [call.name, "Decode", "Decoder"] : [call.name];
    if (!names.some((name) => realm.functions.includes(name)))
      throw new RealmStop("function_missing", `it has no function ${call.name}`);
    return { seq, is: "answer", text: realm.call(call.name, call.input, call.now) };
  } catch (error) {
    const stop = stopFrom(error);
    return { seq, is: "stopped", why: stop.why, words: stop.message };
  }
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
const tell = (message: Outcome | "ready") => parentPort?.postMessage(message);

const jobs: Job[] = [];
let isWorking = false;

async function work(): Promise<void> {
  if (isWorking) return;
  isWorking = true;
  for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
    Atomics.store(progress, progressAt.seq, job.seq);
    Atomics.add(progress, progressAt.steps, 1);
    const outcome = await outcomeOf(job);
    Atomics.add(progress, progressAt.steps, 1);
    tell(outcome);
  }
  isWorking = false;
}

parentPort?.on("message", (job: Job) => {
  jobs.push(job);
  void work();
});
tell("ready");
