/**
 * `npm run demo`: a hub, a gateway and a simulated building on this machine, in one command.
 *
 * Starts the real programs, shows where to look, and stops them all with Ctrl-C. Everything is in
 * `.riser/demo`, so that the next start goes on from there.
 */
import { existsSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { systemClock } from "#shared/model/clock.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { Progress } from "./simulator/simulate-building.ts";
import { cutHubOff } from "./demo/cut-hub-off.ts";
import { movingLine } from "./demo/moving-line.ts";
import { holdFolder } from "./demo/one-at-a-time.ts";
import {
  codeTable,
  duration,
  historyLine,
  liveLine,
  welcome,
  type GatewayState,
} from "./demo/screen.ts";
import { health, openStage, type Stage } from "./demo/stage.ts";

const HELP = `npm run demo [-- options]

Starts a hub, a gateway and a simulated building of 40 homes on this machine. 60 days of history
come first, then the meters join and send encrypted LoRaWAN frames. Ctrl-C stops everything; the
next start goes on from there.

  --offline               cut the hub off after a minute and bring it back after another
  --offline-seconds <n>   the same with other times than 60 s
  --fresh                 forget the demo's data and begin anew
  --data <folder>         where its data is (default .riser/demo)
  --help                  this text
`;
const HOMES = 40;
const HISTORY_DAYS = 60;
const LIVE_EVERY_MS = 75_000;
const PORTS = { hub: 8090, gateway: 8080, udp: 1700, mqtt: 1883 };
const LOOK_MS = 1_000;

const options = readOptions();
const stopping = new AbortController();
let wasStopped = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => {
    wasStopped = true;
    stopping.abort();
  });
const line = movingLine(process.stdout, systemClock.now);
try {
  await demo(resolve(options.data));
} catch (error) {
  line.end();
  // What stops in the middle of starting complains about it; nobody wants to read that.
  if (!wasStopped) console.error(isFault(error) ? error.message : error);
  process.exitCode = wasStopped ? 0 : 1;
}

async function demo(folder: string): Promise<void> {
  if (options.fresh) await forget(folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const release = await holdFolder(folder);
  let stage: Stage | undefined;
  const startedMs = systemClock.now();
  line.say(
    existsSync(join(folder, "codes.json"))
      ? "Riser demo: going on from last time."
      : "Riser demo: a hub, a gateway and a building of 40 homes.",
  );
  try {
    let progress: Progress | undefined;
    let whenEnded: (fault: Fault) => void = () => {};
    const ended = new Promise<Fault>((tell) => (whenEnded = tell));
    stage = await openStage({
      folder,
      ports: PORTS,
      homes: HOMES,
      historyDays: HISTORY_DAYS,
      liveEveryMs: LIVE_EVERY_MS,
      onProgress: (made) => (progress = made),
      onUnexpectedEnd: (fault) => whenEnded(fault),
      signal: stopping.signal,
    });
    if (stopping.signal.aborted) return;
    const shown = relative(process.cwd(), folder) || folder;
    await writeFile(join(folder, "residents.txt"), codeTable(stage.codes), { mode: 0o600 });
    for (const text of welcome(stage, shown)) line.say(text);
    line.say(
      `  Ready after ${duration((systemClock.now() - startedMs) / 1000)}. Ctrl-C stops everything; logs are in ${shown}/logs.\n`,
    );
    const shows = [watch(stage, () => progress)];
    if (options.isOffline) shows.push(cut(stage));
    const fault = await Promise.race([ended, Promise.all(shows).then(() => undefined)]);
    if (fault) throw fault;
  } finally {
    stopping.abort();
    line.end();
    if (stage) {
      console.log("Stopping …");
      const killed = await stage.stop();
      console.log(
        killed.length === 0
          ? "Everything is stopped and safe."
          : `Had to be killed: ${killed.join(", ")}.`,
      );
    }
    await release();
  }
}

/** Until the signal: first the history as a bar, then the numbers of the way. */
async function watch(stage: Stage, progressOf: () => Progress | undefined): Promise<void> {
  let begun: { readonly atMs: number; readonly done: number } | undefined;
  let isLive = false;
  while (!stopping.signal.aborted) {
    const progress = progressOf();
    if (progress?.phase === "history") {
      begun ??= { atMs: systemClock.now(), done: progress.done };
      line.show(historyLine(progress, systemClock.now() - begun.atMs, begun.done));
    } else if (progress?.phase === "live") {
      if (!isLive && begun)
        line.say(
          `History: ${progress.total.toLocaleString("en-US")} hours of meters in ${duration((systemClock.now() - begun.atMs) / 1000)}. Now the devices join.`,
        );
      isLive = true;
      line.show(liveLine(progress, await gatewayState(stage)));
    }
    await systemClock.sleep(LOOK_MS, stopping.signal);
  }
}

function cut(stage: Stage): Promise<void> {
  return cutHubOff({
    stage,
    secondsEach: options.offlineSeconds,
    gatewayState: () => gatewayState(stage),
    say: (text) => line.say(text),
    clock: systemClock,
    signal: stopping.signal,
  });
}

async function gatewayState({ gatewayUrl }: Stage): Promise<GatewayState | undefined> {
  const said = (await health(gatewayUrl)) as
    | { kept: number; waiting: number; hub: { isReached: boolean } | null }
    | undefined;
  return (
    said && { kept: said.kept, waiting: said.waiting, isHubReached: said.hub?.isReached ?? false }
  );
}

/** Removes a demo's folder, and only a demo's. */
async function forget(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((): string[] => []);
  if (entries.length === 0) return;
  if (!entries.includes("building.json"))
    throw new Fault(
      "invalid",
      `${folder} does not look like a demo's folder: it is left as it is.`,
    );
  await (
    await holdFolder(folder)
  )();
  await rm(folder, { recursive: true });
}

function readOptions() {
  const values = parsed();
  if (values.help) {
    console.log(HELP);
    process.exit(0);
  }
  const offlineSeconds = Number(values["offline-seconds"] ?? 60);
  if (!(offlineSeconds > 0)) complain("--offline-seconds wants a number above 0.");
  const isOffline = values.offline || values["offline-seconds"] !== undefined;
  return { ...values, offlineSeconds, isOffline };
}

function parsed() {
  try {
    return parseArgs({
      options: {
        offline: { type: "boolean", default: false },
        "offline-seconds": { type: "string" },
        fresh: { type: "boolean", default: false },
        data: { type: "string", default: ".riser/demo" },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (error) {
    return complain((error as Error).message);
  }
}

function complain(message: string): never {
  console.error(`${message}\n\n${HELP}`);
  process.exit(2);
}
