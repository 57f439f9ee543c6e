/**
 * `worker-messages`: what the sandbox and its worker tell each other.
 */
import type { SandboxLimits } from "./limits.ts";

/** Functions of a script that may be called. */
export type Callable = "decodeUplink" | "encodeDownlink" | "decodeDownlink";

export interface Job {
  readonly seq: number;
  /** Names the script's text; 0 is a text to be looked at once. */
  readonly script: number;
  /** Left out when the worker may know it already; it asks when it does not. */
  readonly source?: string;
  /** Null: only say which functions there are. */
  readonly call: { readonly name: Callable; readonly input: string; readonly now: number } | null;
}

/** Why a call came to nothing. */
export type Stopped =
  | "syntax"
  | "thrown"
  | "budget"
  | "memory"
  | "stack"
  | "output"
  | "function_missing";

export type Outcome =
  | { readonly seq: number; readonly is: "unknown" }
  | { readonly seq: number; readonly is: "functions"; readonly functions: readonly string[] }
  /** `text`: JSON `{value | thrown, logs}`, measured but not looked into. */
  | { readonly seq: number; readonly is: "answer"; readonly text: string }
  | {
      readonly seq: number;
      readonly is: "stopped";
      readonly why: Stopped;
      readonly words: string;
    };

export interface WorkerStart {
  readonly wasm: WebAssembly.Module;
  readonly limits: SandboxLimits;
  /** See `progressAt`. */
  readonly progress: Int32Array;
}

/** Cells of `progress`: steps goes up when a job begins (odd) and ends (even); seq is the job's. */
export const progressAt = { steps: 0, seq: 1 } as const;
