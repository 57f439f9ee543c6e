/**
 * `jumping-clock`: time that passes as usual and can be made to jump: whoever sleeps across the
 * jump wakes. For a hub and gateways in one process, which also wait on real sockets.
 */
import type { Clock } from "#shared/model/clock.ts";

export interface JumpingClock extends Clock {
  jump(ms: number): void;
}

export function jumpingClock(startMs: number): JumpingClock {
  let aheadMs = startMs - Date.now();
  const sleepers = new Set<{ readonly untilMs: number; readonly wake: () => void }>();
  const now = () => Date.now() + aheadMs;
  return {
    now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const timer = setTimeout(() => sleeper.wake(), Math.min(ms, 2_000_000_000));
        const sleeper = {
          untilMs: now() + ms,
          wake: () => {
            clearTimeout(timer);
            sleepers.delete(sleeper);
            signal?.removeEventListener("abort", sleeper.wake);
            resolve();
          },
        };
        signal?.addEventListener("abort", sleeper.wake, { once: true });
        sleepers.add(sleeper);
      }),
    jump(ms) {
      aheadMs += ms;
      for (const sleeper of sleepers) if (sleeper.untilMs <= now()) sleeper.wake();
    },
  };
}
