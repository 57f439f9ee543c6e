/**
 * `cut-hub-off`: takes the hub away for a while and brings it back, and says what can be seen
 * meanwhile: the gateway goes on, what waits grows, and then goes up.
 */
import type { Clock } from "#shared/model/clock.ts";
import { duration, type GatewayState } from "./screen.ts";
import type { Stage } from "./stage.ts";

export interface CutOptions {
  readonly stage: Pick<Stage, "hub" | "isUp" | "gatewayUrl">;
  readonly secondsEach: number;
  readonly gatewayState: () => Promise<GatewayState | undefined>;
  readonly say: (line: string) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const LOOK_MS = 500;

export async function cutHubOff({
  stage,
  secondsEach,
  gatewayState,
  say,
  clock,
  signal,
}: CutOptions): Promise<void> {
  const ms = secondsEach * 1000;
  const tell = (line: string) =>
    say(`${new Date(clock.now()).toTimeString().slice(0, 8)}  ${line}`);
  await clock.sleep(ms, signal);
  if (signal.aborted) return;
  await stage.hub.kill();
  tell("The hub is cut off: its process was killed, nothing was tidied up.");
  say(`          Residents sign in and look as before: ${stage.gatewayUrl}`);
  await clock.sleep(ms, signal);
  if (signal.aborted) return;
  const before = await gatewayState();
  tell(
    `The hub comes back. ${before?.waiting.toLocaleString("en-US") ?? "?"} uplinks wait for it.`,
  );
  const startedMs = clock.now();
  stage.hub.start();
  await stage.isUp(stage.hub);
  while (!signal.aborted) {
    const state = await gatewayState();
    if (state?.isHubReached && state.waiting < (before?.waiting ?? 1)) {
      const took = duration((clock.now() - startedMs) / 1000);
      tell(`What waited has arrived: the hub confirmed it ${took} after it was started.`);
      return;
    }
    await clock.sleep(LOOK_MS, signal);
  }
}
