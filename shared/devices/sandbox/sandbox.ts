/**
 * `sandbox`: runs makers' payload codecs, which nobody here has read.
 *
 * They run in QuickJS, in WebAssembly, in a thread of its own; they see their input and nothing
 * else, and each call finds the script as it was at its beginning. Same script, same input, same
 * time: same answer on the gateway and on the hub. A script may waste its own budget only: one
 * that holds up the thread is stopped and stays out until its version changes.
 *
 * @see LoRa Alliance TS013-1.0.0, Payload Codec API
 */
import type { Clock } from "#shared/model/clock.ts";
import { Fault } from "#shared/model/fault.ts";
import { defaultLimits, type SandboxLimits } from "./limits.ts";
import {
  printable,
  readDownlink,
  readOutput,
  type ScriptDownlink,
  type ScriptOutput,
} from "./script-output.ts";
import { superviseWorker } from "./supervised-worker.ts";
import type { Callable, Job } from "./worker-messages.ts";

/** A maker's code as an operator gave it. `version` changes whenever `source` does. */
export interface Script {
  readonly id: string;
  readonly version: number;
  readonly source: string;
}

/** `recvAt`: epoch ms, the script's only clock. `variables`: text by name, as ChirpStack passes it. */
export interface UplinkInput {
  readonly bytes: Uint8Array;
  readonly fPort: number | null;
  readonly recvAt: number;
  readonly variables?: Readonly<Record<string, string>>;
}
/** `at`: epoch ms, the script's only clock. */
export interface EncodeInput {
  readonly data: object;
  readonly at: number;
  readonly variables?: Readonly<Record<string, string>>;
}
export interface DownlinkInput {
  readonly bytes: Uint8Array;
  readonly fPort: number | null;
  readonly at: number;
}

export interface SandboxStats {
  readonly calls: number;
  readonly failed: number;
  readonly waiting: number;
  /** Workers started, and of these ended by the watchdog. */
  readonly starts: number;
  readonly kills: number;
  /** Scripts that stay out, `id@version`. */
  readonly quarantined: readonly string[];
}

/** All calls throw Fault "invalid" with `details.why` for whatever the script did, "too_many" or "unavailable" when it was not asked. */
export interface Sandbox {
  /** Evaluates a source and names its functions. Throws Fault "invalid" when it is none or has none. */
  check(source: string): Promise<{ functions: readonly string[] }>;
  decodeUplink(script: Script, input: UplinkInput): Promise<ScriptOutput>;
  encodeDownlink(script: Script, input: EncodeInput): Promise<ScriptDownlink>;
  decodeDownlink(script: Script, input: DownlinkInput): Promise<ScriptOutput>;
  readonly stats: SandboxStats;
  close(): Promise<void>;
}

/** Script texts remembered by number, least used first. */
const MOST_NUMBERED = 256;
const MOST_QUARANTINED = 256;

/** Resolves when the worker is ready. */
export async function openSandbox(options: {
  readonly clock: Clock;
  readonly limits?: Partial<SandboxLimits>;
}): Promise<Sandbox> {
  const limits = { ...defaultLimits, ...options.limits };
  const worker = await superviseWorker(limits, options.clock);
  const numbered = new Map<string, { source: string; number: number }>();
  const quarantined = new Map<string, Script>();
  let lastNumber = 0;
  let calls = 0;
  let failed = 0;

  const bound = (source: string): void => {
    if (source.length > limits.sourceChars)
      throw new Fault(
        "too_large",
        `A decoder may have ${limits.sourceChars} characters, this has ${source.length}.`,
      );
  };

  /** The number the worker knows a text by. Another text under the same name gets another one. */
  const numberOf = ({ id, version, source }: Script): number => {
    const name = `${id}@${version}`;
    const known = numbered.get(name);
    const entry = known?.source === source ? known : { source, number: ++lastNumber };
    numbered.delete(name);
    numbered.set(name, entry);
    for (const oldest of numbered.keys())
      if (numbered.size > MOST_NUMBERED) numbered.delete(oldest);
    return entry.number;
  };

  const quarantine = (script: Script): void => {
    quarantined.set(script.id, script);
    for (const oldest of quarantined.keys())
      if (quarantined.size > MOST_QUARANTINED) quarantined.delete(oldest);
  };

  const refuseQuarantined = ({ id, version, source }: Script): void => {
    const bad = quarantined.get(id);
    if (bad === undefined) return;
    if (bad.version === version && bad.source === source)
      throw new Fault(
        "invalid",
        "The decoder held up its worker before and stays out until it is changed.",
        { why: "quarantined" },
      );
    quarantined.delete(id);
  };

  const run = async (job: Omit<Job, "seq">, source: string, script?: Script): Promise<unknown> => {
    let end = await worker.run(job);
    if (end.is === "unknown") end = await worker.run({ ...job, source });
    if (end.is === "answer") return end.text;
    if (end.is === "functions") return end.functions;
    if (end.is === "stopped")
      throw new Fault(
        "invalid",
        end.why === "syntax"
          ? `The decoder cannot be run: ${printable(end.words, 500)}`
          : `The decoder was stopped: ${printable(end.words, 500)}`,
        { why: end.why },
      );
    if (script !== undefined) quarantine(script);
    throw new Fault("invalid", "The decoder was stopped: it held up its worker.", {
      why: "watchdog",
    });
  };

  const call = async <T>(
    name: Callable,
    script: Script,
    input: object,
    now: number,
    read: (text: string) => T,
  ): Promise<T> => {
    calls++;
    try {
      bound(script.source);
      refuseQuarantined(script);
      const text = JSON.stringify(input);
      if (text.length > limits.inputChars)
        throw new Fault("too_large", "The payload is too long for a decoder.");
      const job = { script: numberOf(script), call: { name, input: text, now } };
      return read((await run(job, script.source, script)) as string);
    } catch (error) {
      failed++;
      throw error;
    }
  };

  return {
    check: async (source) => {
      bound(source);
      const functions = (await run({ script: 0, source, call: null }, source)) as string[];
      if (functions.length === 0)
        throw new Fault("invalid", "There is no decodeUplink, Decode or Decoder in it.", {
          why: "function_missing",
        });
      return { functions };
    },
    decodeUplink: (script, { bytes, fPort, recvAt, variables = {} }) =>
      call("decodeUplink", script, { bytes: [...bytes], fPort, variables }, recvAt, readOutput),
    encodeDownlink: (script, { data, at, variables = {} }) =>
      call("encodeDownlink", script, { data, variables }, at, readDownlink),
    decodeDownlink: (script, { bytes, fPort, at }) =>
      call("decodeDownlink", script, { bytes: [...bytes], fPort }, at, readOutput),
    get stats() {
      return {
        calls,
        failed,
        waiting: worker.waiting,
        starts: worker.starts,
        kills: worker.kills,
        quarantined: [...quarantined.values()].map(({ id, version }) => `${id}@${version}`),
      };
    },
    close: () => worker.close(),
  };
}
