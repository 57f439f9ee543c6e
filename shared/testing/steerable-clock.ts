/** `steerable-clock`: a clock that stands still until a test moves it. */
import type { Clock } from "#shared/model/clock.ts";

export interface SteerableClock extends Clock {
  /** Moves time on and wakes, in order, everyone whose wait is over by then. */
  advance(ms: number): Promise<void>;
  /** Sets the time without waking anybody: a clock that was put right, or wrong. */
  set(timeMs: number): void;
}

/** A clock that shows `startMs`. */
export function steerableClock(startMs = Date.UTC(2026, 10, 23, 12)): SteerableClock {
  let nowMs = startMs;
  const sleepers = new Set<{ readonly untilMs: number; readonly wake: () => void }>();
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    now: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const sleeper = {
          untilMs: nowMs + ms,
          wake: () => {
            sleepers.delete(sleeper);
            signal?.removeEventListener("abort", sleeper.wake);
            resolve();
          },
        };
        signal?.addEventListener("abort", sleeper.wake, { once: true });
        sleepers.add(sleeper);
      }),
    async advance(ms) {
      const endMs = nowMs + ms;
      await settle();
      for (;;) {
        let next: { readonly untilMs: number; readonly wake: () => void } | undefined;
        for (const sleeper of sleepers)
          if (sleeper.untilMs <= endMs && (!next || sleeper.untilMs < next.untilMs)) next = sleeper;
        if (!next) break;
        nowMs = Math.max(nowMs, next.untilMs);
        next.wake();
        await settle();
      }
      nowMs = endMs;
      await settle();
    },
    set(timeMs) {
      nowMs = timeMs;
    },
  };
}
