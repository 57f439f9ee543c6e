/**
 * `simulate-building`: a whole building from its plan: first the history of its devices, then all
 * of them live, until the signal.
 *
 * Speaks with the gateway over sockets only.
 */
import { randomInt } from "node:crypto";
import { setMaxListeners } from "node:events";
import { mkdir } from "node:fs/promises";
import type { Clock } from "#shared/model/clock.ts";
import { newestOnAir, openAcknowledged } from "./acknowledged.ts";
import { historyOf } from "./history.ts";
import { openKeptState } from "./kept-state.ts";
import { liveBuilding } from "./live-building.ts";
import type { Plan } from "./plan.ts";
import { publisher } from "./publisher.ts";
import { tellHistory } from "./tell-history.ts";

export interface SimulationOptions {
  readonly plan: Plan;
  readonly stateFolder: string;
  readonly udp: { readonly host: string; readonly port: number };
  /** `mqtt://user:password@host:port`. */
  readonly mqttUrl: string;
  /** How many times more often devices send live. */
  readonly speed: number;
  /** Uplinks of the history under way at once. */
  readonly mostUnderWay: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called with each change of phase and about twice a second. */
  readonly onProgress: (progress: Progress) => void;
  readonly onTrouble: (reason: string) => void;
}

/** How far it is. `done` of `total` counts places in the history, empty ones too. */
export interface Progress {
  readonly phase: "history" | "live" | "stopped";
  readonly done: number;
  readonly total: number;
  /** Uplinks acknowledged by the gateway in this run. */
  readonly acknowledged: number;
  /** Devices with a session, of all that join over the air. */
  readonly joined: number;
  readonly joining: number;
}

const REPORT_MS = 500;

/** Resolves after the signal, when everything is written down. */
export async function simulateBuilding(options: SimulationOptions): Promise<void> {
  const { plan, signal } = options;
  // Every device waits for it.
  setMaxListeners(0, signal);
  await mkdir(options.stateFolder, { recursive: true, mode: 0o700 });
  const heard = await newestOnAir(options.stateFolder);
  const list = await openAcknowledged(options.stateFolder);
  const state = await openKeptState(options.stateFolder);
  const history = historyOf(plan);
  const radios = plan.devices.filter(({ way }) => way === "lorawan");
  const joined = new Set<string>();
  let progress: Omit<Progress, "acknowledged" | "joined"> = {
    phase: "history",
    done: 0,
    total: history.places,
    joining: radios.filter(({ isStranger }) => !isStranger).length,
  };
  const report = (): void =>
    options.onProgress({ ...progress, acknowledged: list.added, joined: joined.size });
  const reporting = setInterval(report, REPORT_MS);
  const broker = publisher(options.mqttUrl, {
    clientId: `simulator-${randomInt(1e9).toString(36)}`,
    onTrouble: options.onTrouble,
  });
  signal.addEventListener("abort", () => void broker.stop(), { once: true });
  try {
    await tellHistory({
      history,
      antennas: plan.antennas,
      publisher: broker,
      list,
      state,
      mostUnderWay: options.mostUnderWay,
      onProgress: (done) => (progress = { ...progress, done }),
      signal,
    });
    if (!signal.aborted) {
      progress = { ...progress, phase: "live", done: history.places };
      report();
      await liveBuilding({
        ...options,
        everyMs: plan.liveEveryMs / options.speed,
        publisher: broker,
        list,
        state,
        heard,
        onJoined: (devEui) => joined.add(devEui),
      });
    }
  } finally {
    clearInterval(reporting);
    await broker.stop();
    await list.close();
    progress = { ...progress, phase: "stopped" };
    report();
  }
}
