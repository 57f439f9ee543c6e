/**
 * `clock`: the only way this system learns what time it is and waits for time to pass.
 *
 * Everything that looks at time takes a `Clock`, so that a test can steer a month in a second.
 * Must never be bypassed with `Date.now()` or `setTimeout` in code that decides anything.
 */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z, by this machine's belief. */
  now(): number;
  /** Resolves after `ms`, or at once when `signal` aborts (it never rejects: waiting is not an error). */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener("abort", done, { once: true });
    }),
};
