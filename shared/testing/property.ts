/**
 * `property`: runs a property with a seed that is printed, so that what failed can be tried again
 * by giving it that seed. The longer form (`scripts/chaos/series.ts`) asks for more runs.
 */
import { randomInt } from "node:crypto";
import fc from "fast-check";

/** How often, as a multiple of what a test asks for; set by whoever runs longer. */
let times = 1;
export function runLonger(factor: number): void {
  times = factor;
}

/** @throws with the seed, the path and the smallest counterexample */
export async function holds<T>(
  property: fc.IAsyncProperty<T> | fc.IProperty<T>,
  { numRuns, seed = randomInt(2 ** 31) }: { numRuns: number; seed?: number },
): Promise<void> {
  console.log(`seed ${seed}`);
  await fc.assert(property as fc.IAsyncProperty<T>, { numRuns: numRuns * times, seed });
}
