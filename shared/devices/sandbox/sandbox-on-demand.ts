/**
 * `sandbox-on-demand`: a sandbox that is opened by the first who needs it, since most gateways never do.
 */
import type { Clock } from "#shared/model/clock.ts";
import { Fault } from "#shared/model/fault.ts";
import type { SandboxLimits } from "./limits.ts";
import { openSandbox, type Sandbox, type SandboxStats } from "./sandbox.ts";

const AT_REST: SandboxStats = {
  calls: 0,
  failed: 0,
  waiting: 0,
  starts: 0,
  kills: 0,
  quarantined: [],
};

/** One that could not be opened is tried again by the next who asks; until then calls are "unavailable". */
export function sandboxOnDemand(options: {
  readonly clock: Clock;
  readonly limits?: Partial<SandboxLimits>;
}): Sandbox {
  let opening: Promise<Sandbox> | undefined;
  let opened: Sandbox | undefined;
  let isClosed = false;
  const open = (): Promise<Sandbox> => {
    if (isClosed)
      return Promise.reject(new Fault("unavailable", "The decoders' sandbox is closed."));
    opening ??= openSandbox(options).then(
      (sandbox) => (opened = sandbox),
      (error: unknown) => {
        opening = undefined;
        throw new Fault("unavailable", "The decoders' sandbox cannot be opened.", {}, error);
      },
    );
    return opening;
  };
  return {
    check: async (source) => (await open()).check(source),
    decodeUplink: async (script, input) => (await open()).decodeUplink(script, input),
    encodeDownlink: async (script, input) => (await open()).encodeDownlink(script, input),
    decodeDownlink: async (script, input) => (await open()).decodeDownlink(script, input),
    get stats() {
      return opened?.stats ?? AT_REST;
    },
    close: async () => {
      isClosed = true;
      await (await opening?.catch(() => undefined))?.close();
    },
  };
}
