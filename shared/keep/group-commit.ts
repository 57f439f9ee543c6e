/**
 * `group-commit`: many callers, one synced write.
 *
 * What arrives while a write is under way, or within a short window, goes into the next one
 * together; each caller's promise settles with its own outcome once that write is durable. The
 * write fails as a whole or answers for each: nobody is told "kept" for a write that threw.
 */
import type { Clock } from "#shared/model/clock.ts";

export interface GroupCommitOptions<T, R> {
  /** Makes all durable, in order, and says what became of each. */
  readonly write: (batch: readonly T[]) => Promise<readonly R[]>;
  /** How long the first of a batch waits for company, ms. */
  readonly windowMs: number;
  /** A batch of this size goes at once. */
  readonly most: number;
  readonly clock: Clock;
}

export interface GroupCommit<T, R> {
  add(item: T): Promise<R>;
  /** Writes what waits now and resolves when nothing is under way. */
  flush(): Promise<void>;
}

interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (outcome: R) => void;
  readonly reject: (error: unknown) => void;
}

export function groupCommit<T, R>({
  write,
  windowMs,
  most,
  clock,
}: GroupCommitOptions<T, R>): GroupCommit<T, R> {
  let waiting: Waiting<T, R>[] = [];
  let running: Promise<void> | undefined;
  let hurry = new AbortController();

  const writeOne = async () => {
    const batch = waiting.splice(0, most);
    try {
      const outcomes = await write(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, i) => resolve(outcomes[i] as R));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };
  const run = async () => {
    while (waiting.length > 0) {
      // What was added in the same breath goes together also without a window.
      if (windowMs === 0) await Promise.resolve();
      else if (waiting.length < most) {
        await clock.sleep(windowMs, hurry.signal);
        hurry = new AbortController();
      }
      await writeOne();
    }
    running = undefined;
  };
  return {
    add(item) {
      return new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        if (waiting.length >= most) hurry.abort();
        running ??= run();
      });
    },
    async flush() {
      while (running) {
        hurry.abort();
        await running;
      }
    },
  };
}
