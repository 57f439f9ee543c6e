/** `upkeep`: what a gateway does again and again; one that fails holds up none of the others. */
import type { Clock } from "#shared/model/clock.ts";

/** How often what is unknown is told, old inbox days are looked at, and so on. */
const EVERY_MS = 5_000;

/** Until the signal aborts, and once more then. */
export async function upkeep(
  each: Readonly<Record<string, () => Promise<unknown>>>,
  {
    clock,
    signal,
    log,
  }: {
    readonly clock: Pick<Clock, "sleep">;
    readonly signal: AbortSignal;
    readonly log: { warn(about: object, message: string): void };
  },
): Promise<void> {
  for (let isLast = false; !isLast;) {
    await clock.sleep(EVERY_MS, signal);
    isLast = signal.aborted;
    for (const [what, work] of Object.entries(each))
      await work().catch((error: unknown) =>
        log.warn({ what, error }, "upkeep failed; it is tried again"),
      );
  }
}
