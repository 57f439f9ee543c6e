/** `within`: an answer, or another one when it takes too long. The late answer is not waited for by anybody. */
import type { Clock } from "#shared/model/clock.ts";

/** @throws what `answer` rejects with, when it does so in time */
export async function within<T>(clock: Clock, ms: number, answer: Promise<T>, late: T): Promise<T> {
  const enough = new AbortController();
  const waited = clock.sleep(ms, enough.signal).then(() => late);
  try {
    return await Promise.race([answer, waited]);
  } finally {
    enough.abort();
  }
}
