/**
 * `change-bell`: tells those who wait for a change of a database that there is one.
 *
 * It carries no content: who hears it reads the database again.
 */
import type { Clock } from "#shared/model/clock.ts";

/** Somebody's ear at one database, taken before looking, so that nothing is missed in between. */
export interface Ear {
  /** Resolves true when the bell rang since `listen`, false after `ms` or when `signal` aborts. */
  within(ms: number, signal?: AbortSignal): Promise<boolean>;
  /** Must be called, or the ear is kept for ever. */
  leave(): void;
}

export class ChangeBell {
  readonly clock: Clock;
  readonly #ears = new Map<string, Set<() => void>>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  ring(name: string): void {
    for (const wake of this.#ears.get(name) ?? []) wake();
  }

  ringAll(): void {
    for (const name of this.#ears.keys()) this.ring(name);
  }

  listen(name: string): Ear {
    const rang = new AbortController();
    const wake = () => rang.abort();
    const ears = this.#ears.get(name) ?? new Set();
    ears.add(wake);
    this.#ears.set(name, ears);
    return {
      within: async (ms, signal) => {
        await this.clock.sleep(ms, signal ? AbortSignal.any([signal, rang.signal]) : rang.signal);
        return rang.signal.aborted;
      },
      leave: () => {
        ears.delete(wake);
        if (ears.size === 0 && this.#ears.get(name) === ears) this.#ears.delete(name);
      },
    };
  }
}
