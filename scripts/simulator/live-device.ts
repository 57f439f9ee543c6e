/**
 * `live-device`: what one device of a simulated building does from now on: it reads its meter,
 * sends, and sends the same again until it is acknowledged; only then comes the next reading.
 *
 * What it is about to send is kept before it is sent, so that a device never uses a counter or a
 * nonce for two different things, whenever the simulator is killed.
 */
import type { Clock } from "#shared/model/clock.ts";
import { chance, seedOf } from "#shared/testing/meters/chance.ts";
import type { Household } from "#shared/testing/meters/household.ts";
import { frameAt } from "#shared/testing/meters/simulated-meter.ts";
import type { AcknowledgedList, AcknowledgedUplink } from "./acknowledged.ts";
import type { KeptState, LiveState, PendingUplink } from "./kept-state.ts";
import type { PlannedDevice } from "./plan.ts";

export interface LiveContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly state: KeptState;
  readonly list: AcknowledgedList;
  /** Between two uplinks of a device, ms. */
  readonly everyMs: number;
}

/** How a device gets its uplinks to the gateway. */
export interface Way {
  readonly name: "mqtt" | "lorawan";
  /** True when what waited for an acknowledgement belongs to a session that is over. */
  readonly isNew: boolean;
  /** Resolves when uplinks can be made; false when the signal came first. */
  ready(): Promise<boolean>;
  /** The next uplink with its counter; nothing is sent yet. */
  make(fields: { fPort: number; payload: Uint8Array; timeMs: number }): PendingUplink;
  /** What has to be remembered of it. */
  remember(): Omit<LiveState, "v" | "pending">;
  send(pending: PendingUplink): Promise<Outcome>;
}

/**
 * `acknowledged` by the gateway; `stopped` when the signal came first; `unsure` when it was taken
 * from the antenna and yet nobody seems to know the session: such an uplink is on no list.
 */
export type Outcome = "acknowledged" | "stopped" | "unsure";

/** Runs until the signal, or until the device falls silent. */
export async function liveDevice(
  device: PlannedDevice,
  household: Household,
  way: Way,
  { clock, signal, state, list, everyMs }: LiveContext,
  last: PendingUplink | undefined,
): Promise<void> {
  const seed = seedOf(device.devEui);
  let pending = last;
  const nap = (from: number, to: number, round: number) =>
    clock.sleep(everyMs * (from + (to - from) * chance(seed, 51, round)), signal);
  if (!(await way.ready())) return;
  if (!pending) await nap(0, 1, 0);
  for (let round = 1; !signal.aborted; round++) {
    if (!(await way.ready())) return;
    if (!pending) {
      const timeMs = clock.now();
      if (timeMs >= (device.silentFromMs ?? Infinity)) return;
      pending = way.make({ ...frameAt(device.model, device.devEui, household, timeMs), timeMs });
      await state.keepDevice(device.devEui, { v: 1, ...way.remember(), pending });
    }
    const outcome = await way.send(pending);
    if (outcome === "stopped") return;
    if (outcome === "acknowledged") list.add(lineOf(device, way, pending));
    pending = undefined;
    await state.keepDevice(device.devEui, { v: 1, ...way.remember() });
    await nap(0.85, 1.15, round);
  }
}

function lineOf(
  { devEui, isStranger }: PlannedDevice,
  way: Way,
  { devAddr, fCnt, payloadHex, timeMs }: PendingUplink,
): AcknowledgedUplink {
  return {
    deviceId: devEui,
    devAddr,
    fCnt,
    payloadHex,
    at: new Date(timeMs).toISOString(),
    way: way.name,
    ...(isStranger ? { isStranger: true } : {}),
  };
}
