/** `remembering-ear`: for tests: an ear that keeps in memory, by the identity the inbox uses. */
import { createHash } from "node:crypto";
import type { Ear, Glimpse } from "#shared/keep/ear.ts";
import type { Uplink } from "#shared/model/uplink.ts";

export interface RememberingEar extends Ear {
  /** Kept once each, in the order heard. */
  readonly kept: Uplink[];
  readonly glimpses: Glimpse[];
  /** Calls of `hear` so far. */
  readonly asked: () => number;
  /** What `hear` waits for before it keeps; a rejection is a disk that fails. */
  disk: () => Promise<void>;
}

export function rememberingEar(): RememberingEar {
  const identities = new Set<string>();
  let asked = 0;
  const ear: RememberingEar = {
    kept: [],
    glimpses: [],
    asked: () => asked,
    disk: () => Promise.resolve(),
    async hear(uplink) {
      asked += 1;
      await ear.disk();
      const hash = createHash("sha256").update(uplink.payload).digest("hex");
      const identity = `${uplink.deviceId} ${uplink.session} ${uplink.fCnt} ${hash}`;
      if (identities.has(identity)) return "repeat";
      identities.add(identity);
      ear.kept.push(uplink);
      return "kept";
    },
    glimpse: (glimpse) => void ear.glimpses.push(glimpse),
  };
  return ear;
}
