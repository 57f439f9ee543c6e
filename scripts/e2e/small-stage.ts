/**
 * `small-stage`: the demo's three processes as the end-to-end tests use them: six homes, two days
 * of history, a folder that goes away, ports by the system, everything a little quicker.
 *
 * With `couchUrl` the hub keeps its databases there. That CouchDB must be free for it: one test
 * has it at a time, and what a test made is removed afterwards.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStage, type Stage } from "#scripts/demo/stage.ts";
import { Fault } from "#shared/model/fault.ts";
import { openHttpDatabases } from "#shared/couch/http.ts";
import type { Progress } from "#scripts/simulator/simulate-building.ts";

export interface SmallStage extends Stage {
  /** The newest the simulator said; undefined before its first word. */
  progress(): Progress | undefined;
  /** SIGKILL for the simulator, and up again: it counts from nothing. */
  killBuilding(): Promise<void>;
  /** Resolves when `isSo` gives something but undefined and false. @throws Fault with `what` after `withinMs` */
  soon<T>(
    what: string,
    isSo: () => T | undefined | false | Promise<T | undefined | false>,
    withinMs?: number,
  ): Promise<T>;
  /** Stops what runs and removes what was made. */
  end(): Promise<void>;
}

const WITHIN_MS = 45_000;
const LOOK_MS = 50;
const LOCK = "riser-e2e-lock";
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export interface SmallStageOptions {
  readonly couchUrl: string | undefined;
  readonly liveEveryMs?: number;
  /** Uplinks of the history under way at once: few make it slow. */
  readonly inFlight?: number;
}

export async function openSmallStage({
  couchUrl,
  liveEveryMs = 2_000,
  inFlight,
}: SmallStageOptions): Promise<SmallStage> {
  const folder = await mkdtemp(join(tmpdir(), "riser-e2e-"));
  const giveBack = couchUrl === undefined ? async () => {} : await holdCouch(couchUrl);
  let progress: Progress | undefined;
  let ended: Fault | undefined;
  const isOver = async () => {
    await giveBack();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const stage = await openStage({
      folder,
      ports: { hub: 0, gateway: 0, udp: 0, mqtt: 0 },
      homes: 6,
      historyDays: 2,
      liveEveryMs,
      hubEnv: { COUCHDB_URL: couchUrl ?? "" },
      gatewayEnv: { SEAL_ONLINE_MS: "500", SYNC_POLL_MS: "1000" },
      simulatorArgs: inFlight === undefined ? [] : ["--in-flight", String(inFlight)],
      onProgress: (made) => (progress = made),
      onUnexpectedEnd: (fault) => (ended = fault),
    });
    const small = {
      progress: () => progress,
      async killBuilding() {
        await stage.simulator.kill();
        progress = undefined;
        stage.simulator.start();
      },
      async soon<T>(
        what: string,
        isSo: () => T | undefined | false | Promise<T | undefined | false>,
        withinMs = WITHIN_MS,
      ) {
        const endMs = Date.now() + withinMs;
        for (;;) {
          const found = await isSo();
          if (found !== undefined && found !== false) return found;
          if (ended) throw ended;
          if (Date.now() > endMs)
            throw new Fault(
              "unavailable",
              `${what}: not within ${withinMs} ms; ${JSON.stringify(progress)}`,
            );
          await sleep(LOOK_MS);
        }
      },
      async end() {
        await stage.stop();
        await isOver();
      },
    };
    // Its getters stay getters: a link or a process may change.
    return Object.defineProperties(small, Object.getOwnPropertyDescriptors(stage)) as typeof small &
      Stage;
  } catch (error) {
    await isOver();
    throw error;
  }
}

/** Waits for its turn; resolves with what removes all that was made meanwhile. */
async function holdCouch(url: string): Promise<() => Promise<void>> {
  const lock = `${url.replace(/\/+$/, "")}/${LOCK}`;
  const { origin, pathname, username, password } = new URL(lock);
  const headers = {
    authorization: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64")}`,
  };
  while ((await fetch(`${origin}${pathname}`, { method: "PUT", headers })).status === 412)
    await sleep(500);
  const databases = openHttpDatabases({ url });
  const before = new Set((await databases.names()).filter((name) => name !== LOCK));
  const release = async () => {
    for (const name of await databases.names())
      if (!before.has(name) && !name.startsWith("_") && name !== LOCK)
        await databases.destroy(name);
    await databases.destroy(LOCK);
    await databases.close();
  };
  if (!before.has("riser")) return release;
  await databases.destroy(LOCK);
  throw new Fault(
    "conflict",
    "COUCHDB_URL holds a hub's databases already: give the tests a CouchDB of their own",
  );
}
