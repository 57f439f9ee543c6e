/**
 * `transmission`: tells copies of one radio transmission from a device that sends again.
 *
 * Copies come because several antennas heard it, or because an antenna asks again for an
 * acknowledgement it missed; they are kept once and answered once. A device that sends the same
 * frame again did not hear its answer, and gets another one.
 *
 * In memory only: after a restart the inbox tells repeats.
 */
import { createHash } from "node:crypto";
import type { HeardFrame } from "../antenna-link.ts";

/** The most that antennas' reports of one transmission lie apart. A device waits longer than this to send again: RX2 opens after 6 s. */
const COPIES_WITHIN_MS = 4000;
/** Transmissions remembered per device. */
const REMEMBERED = 8;

/** One radio transmission. */
export interface Transmission {
  /** Mark of its bytes. */
  readonly mark: string;
  readonly heardAt: number;
  /** Who heard it, with the concentrator's counter, µs. */
  readonly antennas: Map<string, number>;
}

/**
 * `resent`: the antenna said this before. `copy`: another antenna heard the same. `again`: the
 * device sent the same bytes once more. `new`: not known.
 */
export type Familiarity = "resent" | "copy" | "again" | "new";

/** Names a frame by its bytes, 16 hex digits: enough to tell the frames of one device apart. */
export function frameMark(phy: Uint8Array): string {
  return createHash("sha256").update(phy).digest("hex").slice(0, 16);
}

/** The last transmissions of one device. */
export class Transmissions {
  #known: Transmission[] = [];

  /** Where a frame belongs. A `copy` is noted with its transmission. */
  recognise(
    mark: string,
    heard: HeardFrame,
  ): { familiarity: Familiarity; transmission?: Transmission } {
    const same = this.#known.filter((transmission) => transmission.mark === mark);
    for (const transmission of same) {
      const tmst = transmission.antennas.get(heard.antenna);
      if (tmst === heard.tmst) return { familiarity: "resent", transmission };
      const isNear =
        tmst === undefined
          ? Math.abs(heard.heardAt - transmission.heardAt) <= COPIES_WITHIN_MS
          : Math.abs((heard.tmst - tmst) | 0) <= COPIES_WITHIN_MS * 1000;
      if (!isNear) continue;
      // The same antenna twice is a ghost on a neighbouring channel: what it said first stands.
      if (tmst === undefined) transmission.antennas.set(heard.antenna, heard.tmst);
      return { familiarity: "copy", transmission };
    }
    return { familiarity: same.length > 0 ? "again" : "new" };
  }

  /** Notes a transmission that was taken. */
  note(mark: string, heard: HeardFrame): Transmission {
    const transmission = {
      mark,
      heardAt: heard.heardAt,
      antennas: new Map([[heard.antenna, heard.tmst]]),
    };
    this.#known.push(transmission);
    if (this.#known.length > REMEMBERED) this.#known.shift();
    return transmission;
  }
}
