/** `backoff`: how long to wait between attempts. */
export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
  /** Share of the wait that chance may take off, 0–1: many gateways must not come back at once. */
  readonly jitter: number;
}

/** The wait after the `failures`-th failure in a row (from 1), ms. Pure: pass the randomness in, 0–1. */
export function waitAfter(
  failures: number,
  { firstMs, maxMs, jitter }: Backoff,
  chance: number,
): number {
  const ms = Math.min(firstMs * 2 ** Math.min(failures - 1, 30), maxMs);
  return Math.round(ms * (1 - jitter * chance));
}
