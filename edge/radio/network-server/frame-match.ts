/**
 * `frame-match`: whose frame is it, and with which 32-bit counter.
 *
 * 16 bits of the counter travel; the MIC, made with all 32, proves the guess. Pure: whether a
 * counter is taken is for the caller.
 * @see LoRaWAN 1.0.4 section 4.3.1.5
 */
import { LorawanError, nextFCnt, verifyDataMic, type DataUp } from "lorawan-packet-decoder";
import type { Session } from "./session.ts";

/**
 * How the frame's counter stands to the highest accepted one. `same` and `older` frames are
 * genuine too, so they are retransmissions, late copies or replays.
 */
export interface Match {
  readonly order: "next" | "same" | "older";
  readonly fCnt: number;
}

const ROUND = 0x1_0000;
/** Rounds of 65536 frames that may have gone by unheard: a device that reports each minute takes 45 days for one. */
const ROUNDS_MISSED = 3;

/** Undefined when this session's device did not send it. */
export function matchFrame(
  session: Pick<Session, "fCntUp" | "nwkSKey">,
  phy: DataUp,
): Match | undefined {
  const isSentWith = (fCnt: number): boolean =>
    fCnt >= 0 &&
    fCnt <= 0xffff_ffff &&
    verifyDataMic(phy, { version: "1.0", keys: { nwkSKey: session.nwkSKey }, fCnt });
  const last = session.fCntUp;
  if (last === null)
    return isSentWith(phy.fCnt16) ? { order: "next", fCnt: phy.fCnt16 } : undefined;
  const guess = next(last, phy.fCnt16);
  if (guess !== undefined) {
    if (isSentWith(guess)) return { order: guess === last ? "same" : "next", fCnt: guess };
    for (let round = 1; round <= ROUNDS_MISSED; round++) {
      const later = guess + round * ROUND;
      if (isSentWith(later)) return { order: "next", fCnt: later };
    }
  }
  const older = (guess ?? nextBelow(last, phy.fCnt16) + ROUND) - ROUND;
  return isSentWith(older) ? { order: "older", fCnt: older } : undefined;
}

/** Undefined when the counter is used up: only a new join helps. */
function next(last: number, fCnt16: number): number | undefined {
  try {
    return nextFCnt(last, fCnt16);
  } catch (error) {
    if (error instanceof LorawanError && error.code === "fcnt_exhausted") return undefined;
    throw error;
  }
}

/** The highest counter not above `last` that ends in `fCnt16`. */
function nextBelow(last: number, fCnt16: number): number {
  return last - ((last - fCnt16) & 0xffff);
}
