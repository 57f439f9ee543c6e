/** `context`: what the parts of the network server are given. */
import type { Ear } from "#shared/keep/ear.ts";
import type { Clock } from "#shared/model/clock.ts";
import type { DeviceId } from "#shared/model/ids.ts";
import type { FixedSession } from "#shared/model/site.ts";
import type { Tally } from "#shared/model/refusals.ts";
import type { Log } from "../log.ts";
import type { DeviceTable } from "./device-table.ts";
import type { RootKeys } from "./join.ts";
import type { SessionStore } from "./session-store.ts";

export interface Context {
  readonly table: DeviceTable;
  readonly store: SessionStore;
  readonly ear: Ear;
  readonly tally: Tally;
  readonly clock: Clock;
  readonly log: Log;
  /** 6 hex digits. */
  readonly netId: string;
  readonly random: (bytes: number) => Uint8Array;
  /** The keys of a device whose home is this gateway. Without them it is still heard, and never answered. */
  readonly keysOf: (deviceId: DeviceId) => RootKeys | FixedSession | undefined;
  /** Whether this machine's clock was ever set. */
  readonly isClockSynced: () => boolean;
  /** Told of every further copy of a transmission. */
  readonly heardElsewhere: () => void;
  /** Lets an answer go its way; `stop` waits for it. */
  readonly track: (work: Promise<void>) => void;
}
