/**
 * `epochs`: lives of this gateway in which nobody vouched for the time, and by how much the clock was
 * wrong in each of them, once it is known in the newest.
 *
 * Pure. An earlier life ended before the next one began: where the clock went on in between (a battery
 * keeps it) both have one mistake; where it fell back (no battery) the earlier life is taken to have
 * ended just when the next one began, the latest it can have been.
 */
import { z } from "zod";
import { Epoch } from "#shared/model/ids.ts";

export const UnvouchedEpoch = z.object({
  epoch: Epoch,
  /** By the gateway's clock of that life, epoch ms. */
  startMs: z.number(),
  lastMs: z.number(),
});
export type UnvouchedEpoch = z.infer<typeof UnvouchedEpoch>;

/**
 * An uplink of another life as it is kept in the present one, with the time that is right by now. As it is
 * where its time was told by a clock that somebody vouched for; undefined while nobody knows by how
 * much the clock of that life was wrong.
 *
 * @param known what is to be added to the times of lives, ms
 */
export function outOfLife<
  U extends { readonly time: number; readonly timeSource: string; readonly heardAt: number },
>(uplink: U, life: Epoch, known: ReadonlyMap<Epoch, number>): U | undefined {
  const addMs = known.get(life);
  if (uplink.timeSource !== "unset")
    return addMs === undefined ? uplink : { ...uplink, heardAt: uplink.heardAt + addMs };
  if (addMs === undefined) return undefined;
  const { time, heardAt } = uplink;
  return { ...uplink, time: time + addMs, heardAt: heardAt + addMs, timeSource: "gateway" };
}

/**
 * What is to be added to the times of each life, ms.
 *
 * @param lives oldest first, the present one last
 * @param addMs what is to be added in the present one
 */
export function additions(
  lives: readonly UnvouchedEpoch[],
  addMs: number,
): { readonly epoch: Epoch; readonly addMs: number }[] {
  const found: { epoch: Epoch; addMs: number }[] = [];
  let next: { readonly startMs: number; readonly addMs: number } | undefined;
  for (const { epoch, startMs, lastMs } of lives.toReversed()) {
    let add: number = next?.addMs ?? addMs;
    if (next && next.startMs < lastMs) add = next.startMs + next.addMs - lastMs;
    found.unshift({ epoch, addMs: Math.round(add) });
    next = { startMs, addMs: add };
  }
  return found;
}
