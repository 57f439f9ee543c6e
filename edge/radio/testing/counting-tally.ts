/** `counting-tally`: for tests: what was refused, by reason. */
import type { Refusal, Tally } from "#shared/model/refusals.ts";

export interface CountingTally extends Tally {
  readonly counts: Partial<Record<Refusal, number>>;
}

export function countingTally(): CountingTally {
  const counts: Partial<Record<Refusal, number>> = {};
  return {
    counts,
    refused(reason, count = 1) {
      counts[reason] = (counts[reason] ?? 0) + count;
    },
  };
}
