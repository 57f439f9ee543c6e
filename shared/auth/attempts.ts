/**
 * `attempts`: makes guessing slow: after some failures each next try has to wait, twice as long each time.
 *
 * Counts per key (an address, an address with a name). In memory and bounded: a flood of keys
 * pushes out the oldest and costs no more. Must never lock anybody out for good.
 */
import type { Clock } from "#shared/model/clock.ts";
import { Fault } from "#shared/model/fault.ts";

export interface AttemptLimits {
  /** Failures that cost nothing. */
  readonly free: number;
  /** First wait; doubles with each further failure. */
  readonly firstWaitMs: number;
  readonly maxWaitMs: number;
  /** Failures are forgotten this long after the last. */
  readonly forgetMs: number;
}

export interface Attempts {
  /** @throws Fault "too_many" with `retryAfterMs` while the key has to wait */
  check(key: string): void;
  failed(key: string): void;
  succeeded(key: string): void;
}

/** For sign-ins: five tries, then 1 s, 2 s, … up to 15 minutes; forgotten after an hour. */
export const signInLimits: AttemptLimits = {
  free: 5,
  firstWaitMs: 1_000,
  maxWaitMs: 900_000,
  forgetMs: 3_600_000,
};

const MOST_KEYS = 20_000;

/** How long after its last failure a key has to wait, ms. */
export function waitAfter(failures: number, limits: AttemptLimits): number {
  if (failures < limits.free) return 0;
  return Math.min(limits.firstWaitMs * 2 ** (failures - limits.free), limits.maxWaitMs);
}

export function attempts(clock: Clock, limits: AttemptLimits = signInLimits): Attempts {
  const seen = new Map<string, { failures: number; lastMs: number }>();
  const current = (key: string) => {
    const entry = seen.get(key);
    if (entry && clock.now() - entry.lastMs < limits.forgetMs) return entry;
    seen.delete(key);
    return undefined;
  };
  return {
    check(key) {
      const entry = current(key);
      if (!entry) return;
      const leftMs = entry.lastMs + waitAfter(entry.failures, limits) - clock.now();
      if (leftMs > 0)
        throw new Fault("too_many", "Too many tries. Please wait, then try again.", {
          retryAfterMs: leftMs,
        });
    },
    failed(key) {
      const failures = (current(key)?.failures ?? 0) + 1;
      seen.delete(key);
      seen.set(key, { failures, lastMs: clock.now() });
      if (seen.size > MOST_KEYS) seen.delete(seen.keys().next().value as string);
    },
    succeeded(key) {
      seen.delete(key);
    },
  };
}
