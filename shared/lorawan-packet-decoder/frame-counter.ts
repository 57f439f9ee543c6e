/**
 * The 32-bit frame counter from the 16 bits that travel. LoRaWAN 1.0.4 section 4.3.1.5.
 *
 * Proposes only: the MIC, computed with the whole counter, says whether it was right.
 */
import { MAX_FCNT, wholeNumber } from "./argument.ts";
import { LorawanError } from "./lorawan-error.ts";

/**
 * The smallest counter that is not below `last` and ends in `fCnt16`. Equal to `last` for a frame
 * sent again; a frame older than `last` comes out 65536 too high, so its MIC fails.
 *
 * @param last the highest counter accepted so far; undefined when none was in this session.
 * @param fCnt16 0..65535
 * @throws {LorawanError} `out_of_range`; `fcnt_exhausted` above 2^32 - 1: only a new join helps.
 */
export function nextFCnt(last: number | undefined, fCnt16: number): number {
  wholeNumber(fCnt16, 0, 0xffff, "fCnt16");
  if (last === undefined) return fCnt16;
  wholeNumber(last, 0, MAX_FCNT, "last");
  const next = last + ((fCnt16 - last) & 0xffff);
  if (next > MAX_FCNT) throw new LorawanError("fcnt_exhausted", "the frame counter is used up");
  return next;
}
