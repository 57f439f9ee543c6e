/**
 * `history`: what a building's devices sent before anybody listened, in the order of time.
 *
 * Pure, and a place in it is a plain number: place p is round p ÷ devices, and within a round the
 * devices follow each other by the minute at which each is used to send. So going on after a
 * restart needs no more than the number reached.
 */
import { chance, seedOf } from "#shared/testing/meters/chance.ts";
import { frameAt } from "#shared/testing/meters/simulated-meter.ts";
import type { SentUplink } from "./chirpstack-event.ts";
import type { Plan, PlannedDevice } from "./plan.ts";

export interface HistoryUplink extends SentUplink {
  readonly device: PlannedDevice;
}

export interface History {
  /** Places there are; some are empty, because a device was silent. */
  readonly places: number;
  /** What was sent at a place; undefined for an empty one. */
  at(place: number): HistoryUplink | undefined;
}

export function historyOf({ history, devices, households }: Plan): History {
  const { fromMs, toMs, everyMs } = history;
  const offsetMs = ({ devEui }: PlannedDevice) =>
    Math.floor(chance(seedOf(devEui), 41) * (everyMs / 1000)) * 1000;
  const inRound = devices
    .filter(({ isStranger }) => !isStranger)
    .map((device) => ({ device, offsetMs: offsetMs(device) }))
    .toSorted((a, b) => a.offsetMs - b.offsetMs);
  const rounds = Math.max(0, Math.floor((toMs - fromMs) / everyMs));
  return {
    places: rounds * inRound.length,
    at(place) {
      const slot = inRound[place % inRound.length];
      const fCnt = Math.floor(place / inRound.length);
      const household = slot && households[slot.device.household];
      if (!household || fCnt >= rounds) return undefined;
      const { device } = slot;
      const timeMs = fromMs + fCnt * everyMs + slot.offsetMs;
      if (timeMs >= (device.silentFromMs ?? Infinity)) return undefined;
      const { fPort, payload } = frameAt(device.model, device.devEui, household, timeMs);
      return { device, fCnt, fPort, payload, timeMs };
    },
  };
}

/** The counter a device goes on with after its history. */
export function firstCounterAfter({ history }: Plan): number {
  return Math.max(0, Math.floor((history.toMs - history.fromMs) / history.everyMs));
}
