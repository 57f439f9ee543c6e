/**
 * `radio-way`: a device that joins over the air and sends encrypted frames, heard by one antenna
 * or several.
 *
 * A device that wakes up with a session asks for an acknowledgement until it has heard one: when
 * three transmissions bring none, nobody knows it any more and it joins anew, as a real one does.
 */
import type { Clock } from "#shared/model/clock.ts";
import type {
  Received,
  SimulatedDevice,
  Transmission,
} from "#shared/testing/radio/simulated-device.ts";
import type { SimulatedAntenna } from "#shared/testing/radio/simulated-antenna.ts";
import { signalOf } from "./chirpstack-event.ts";
import type { KeptState } from "./kept-state.ts";
import type { Way } from "./live-device.ts";
import type { PlannedDevice } from "./plan.ts";

export interface RadioWayOptions {
  readonly plan: PlannedDevice;
  readonly device: SimulatedDevice;
  /** All antennas, in the plan's order. */
  readonly antennas: readonly SimulatedAntenna[];
  readonly state: KeptState;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Between two tries to join, ms. */
  readonly joinEveryMs: number;
  readonly chance: () => number;
  readonly onJoined: () => void;
}

/** A confirmed uplink goes on air so often before the device gives up (LoRaWAN 1.0.4, NbTrans apart). */
const MOST_TRANSMISSIONS = 3;
/** LoRaWAN 1.0.4, section 4.3.1.3: 1 to 3 s after the windows closed. */
const RETRY_MS = { least: 1_000, spread: 2_000 };

interface Carried {
  /** True as soon as one antenna was told "received". */
  readonly isAcknowledged: Promise<boolean>;
  /** What the device heard in its windows, over whichever antenna. */
  readonly answer: Promise<Received | undefined>;
}

export function radioWay(options: RadioWayOptions): Way {
  const { plan, device, antennas, state, clock, signal, joinEveryMs } = options;
  /** Whether this process has seen that the gateway knows the session. */
  let isKnown = false;

  const carry = (transmission: Transmission): Carried => {
    const carriages = plan.antennas.map((place) =>
      antennas[place]!.carry({ transmission, device, ...signalOf(plan, place, clock.now()) }),
    );
    return {
      isAcknowledged: firstOf(
        carriages.map(({ acknowledged }) => acknowledged),
        (isAcknowledged) => isAcknowledged,
      ).then((found) => found === true),
      answer: firstOf(
        carriages.flatMap(({ answers }) => answers),
        (answer) => answer !== undefined,
      ),
    };
  };

  const join = async (): Promise<boolean> => {
    while (!signal.aborted) {
      const request = device.join();
      // The nonce is used up before it is heard.
      await state.keepDevice(plan.devEui, { v: 1, radio: device.state() });
      if ((await carry(request).answer)?.kind === "joined") {
        await state.keepDevice(plan.devEui, { v: 1, radio: device.state() });
        isKnown = true;
        options.onJoined();
        return true;
      }
      await clock.sleep(joinEveryMs * (0.5 + options.chance()), signal);
    }
    return false;
  };

  return {
    name: "lorawan",
    isNew: device.state().last === null,
    async ready() {
      return device.isJoined() || (await join());
    },
    make({ fPort, payload, timeMs }) {
      const { session } = device.state();
      if (!session) throw new Error(`${plan.devEui} has not joined`);
      const isConfirmed = plan.isConfirmed || !isKnown;
      device.uplink({ fPort, payload, isConfirmed });
      return {
        devAddr: session.devAddr,
        fCnt: session.fCntUp,
        fPort,
        payloadHex: Buffer.from(payload).toString("hex"),
        timeMs,
        isConfirmed,
      };
    },
    remember: () => ({ radio: device.state() }),
    async send({ isConfirmed }) {
      for (let tries = 1; ; tries++) {
        const { isAcknowledged, answer } = carry(device.again());
        if (!(await isAcknowledged)) return "stopped";
        if (!isConfirmed) return "acknowledged";
        await answer;
        if (device.isAcknowledged()) {
          isKnown = true;
          return "acknowledged";
        }
        if (tries === MOST_TRANSMISSIONS || signal.aborted) break;
        await clock.sleep(RETRY_MS.least + options.chance() * RETRY_MS.spread, signal);
      }
      if (isKnown || signal.aborted) return "acknowledged";
      await join();
      return "unsure";
    },
  };
}

/** The first result that is wanted, else the last one there is. */
function firstOf<T>(
  promises: readonly Promise<T>[],
  isWanted: (result: T) => boolean,
): Promise<T | undefined> {
  return new Promise((resolve) => {
    let left = promises.length;
    if (left === 0) resolve(undefined);
    for (const promise of promises)
      void promise.then((result) => {
        left -= 1;
        if (isWanted(result) || left === 0) resolve(result);
      });
  });
}
