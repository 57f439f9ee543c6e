/**
 * `replay-strangers`: takes in what was heard of devices before they were registered, under the time that
 * is right by now. What cannot be taken in waits.
 */
import { outOfLife } from "#edge/store/epochs.ts";
import type { Intake } from "#shared/keep/intake.ts";
import type { Kept } from "#shared/keep/ear.ts";
import type { Strangers } from "#shared/keep/strangers.ts";
import type { Clock } from "#shared/model/clock.ts";
import { Fault } from "#shared/model/fault.ts";
import type { Epoch } from "#shared/model/ids.ts";
import type { Sites } from "./sites.ts";

export interface ReplayStrangersParts {
  readonly unknown: Strangers;
  readonly sites: Sites;
  readonly ear: Pick<Intake, "keepKnown">;
  readonly clock: Pick<Clock, "now">;
  /** The present life of this gateway, and what is to be added to the times of others, ms. */
  readonly epoch: Epoch;
  readonly rightBy: () => ReadonlyMap<Epoch, number>;
  readonly onTaken: (outcome: Kept) => void;
  readonly log: {
    info(about: object, message: string): void;
    warn(about: object, message: string): void;
  };
}

/** @returns what looks through all of them; called meanwhile it joins the look that is under way */
export function replayStrangers(parts: ReplayStrangersParts): () => Promise<void> {
  const { unknown, sites, ear, clock, epoch, log } = parts;
  const replay = async () => {
    for (const deviceId of unknown.devices()) {
      if (!sites.holder(deviceId, clock.now())) continue;
      try {
        const rightBy = parts.rightBy();
        const taken = await unknown.replay(deviceId, async (heardThen, life) => {
          // Of this life it is put right with all others of it.
          const uplink = life === epoch ? heardThen : outOfLife(heardThen, life, rightBy);
          if (!uplink) return false;
          const holder = sites.holder(deviceId, uplink.time);
          if (!holder) throw new Fault("unavailable", "the device is not known any more");
          parts.onTaken(await ear.keepKnown(holder, uplink));
          return true;
        });
        if (taken === 0) continue;
        log.info(
          { deviceId, taken },
          "what was heard of a device before it was registered is kept now",
        );
      } catch (error) {
        log.warn(
          { deviceId, error },
          "what was heard of a device could not all be taken up; the rest waits",
        );
      }
    }
  };
  /** Two at once would take each other's away. */
  let replaying: Promise<void> | undefined;
  return () => (replaying ??= replay().finally(() => (replaying = undefined)));
}
