/**
 * `live-building`: all devices of a building from now on, each in its own time, until the signal.
 */
import { randomInt } from "node:crypto";
import type { Clock } from "#shared/model/clock.ts";
import {
  simulatedAntenna,
  type SimulatedAntenna,
} from "#shared/testing/radio/simulated-antenna.ts";
import { simulatedDevice } from "#shared/testing/radio/simulated-device.ts";
import type { AcknowledgedList } from "./acknowledged.ts";
import { firstCounterAfter } from "./history.ts";
import type { KeptState, LiveState } from "./kept-state.ts";
import { liveDevice, type Way } from "./live-device.ts";
import { networkServerWay } from "./network-server-way.ts";
import type { Plan, PlannedDevice } from "./plan.ts";
import type { Publisher } from "./publisher.ts";
import { radioWay } from "./radio-way.ts";

export interface LiveBuildingOptions {
  readonly plan: Plan;
  readonly udp: { readonly host: string; readonly port: number };
  /** Between two uplinks of a device, ms. */
  readonly everyMs: number;
  readonly publisher: Publisher;
  readonly list: AcknowledgedList;
  readonly state: KeptState;
  /** See `newestOnAir`. */
  readonly heard: ReadonlyMap<string, number>;
  readonly onJoined: (devEui: string) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Joins share a transmitter: so many ms lie between the first tries of two devices. */
const JOIN_SPACING_MS = 200;
const JOIN_RETRY_MS = 8_000;

export async function liveBuilding(options: LiveBuildingOptions): Promise<void> {
  const { plan, udp, state, clock, signal } = options;
  const over = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  const antennas = plan.antennas.map((eui) => simulatedAntenna({ eui, ...udp, clock }));
  try {
    for (const antenna of antennas) await antenna.start();
    // Whoever joins before the way down is open would wait for an answer in vain.
    await Promise.race([Promise.all(antennas.map((antenna) => antenna.linked())), over]);
    const living = plan.devices.map(async (device, i) => {
      const household = plan.households[device.household];
      if (!household || signal.aborted) return;
      const kept = await state.device(device.devEui);
      const way =
        device.way === "lorawan"
          ? await onAir(options, antennas, { device, i, kept })
          : networkServerWay(
              device,
              plan.antennas,
              options.publisher,
              kept?.fCnt ?? firstCounterAfter(plan),
            );
      const pending = way.isNew ? undefined : kept?.pending;
      await liveDevice(device, household, way, options, pending);
    });
    // Devices end at the signal, and an antenna's last promises only when it stops.
    await Promise.race([Promise.all(living), over]);
    await over;
    await Promise.all(antennas.map((antenna) => antenna.stop()));
    await Promise.all(living);
  } finally {
    await Promise.all(antennas.map((antenna) => antenna.stop()));
  }
}

async function onAir(
  { state, heard, everyMs, clock, signal, onJoined }: LiveBuildingOptions,
  antennas: readonly SimulatedAntenna[],
  { device, i, kept }: { device: PlannedDevice; i: number; kept: LiveState | undefined },
): Promise<Way> {
  const { devEui, joinEui = "", appKey = "", sf } = device;
  const session = kept?.radio?.session;
  // Behind what the gateway has heard: with such counters nothing of it would be taken.
  const isBehind =
    session !== null &&
    session !== undefined &&
    (heard.get(`${devEui} ${session.devAddr}`) ?? -1) >= session.fCntUp;
  const radio = simulatedDevice({
    devEui,
    joinEui,
    appKey,
    sf,
    ...kept?.radio,
    ...(isBehind ? { session: null, last: null } : {}),
  });
  if (radio.isJoined()) onJoined(devEui);
  else await clock.sleep(i * JOIN_SPACING_MS, signal);
  return radioWay({
    plan: device,
    device: radio,
    antennas,
    state,
    clock,
    signal,
    joinEveryMs: device.isStranger ? everyMs : Math.min(JOIN_RETRY_MS, everyMs),
    chance: () => randomInt(1e6) / 1e6,
    onJoined: () => onJoined(devEui),
  });
}
