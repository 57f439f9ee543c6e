/**
 * `limits`: how much a maker's code may take before it is stopped.
 *
 * Work is counted, not timed: on a busy machine a clock would stop healthy decoders. Only the
 * watchdog looks at time, and it is meant for what cannot be counted.
 */
import { SCRIPT_CHARS } from "#shared/model/site.ts";

export interface SandboxLimits {
  /** Longest source accepted, characters. */
  readonly sourceChars: number;
  /** Longest input of one call as JSON text, characters. */
  readonly inputChars: number;
  /** Longest answer as JSON text, bytes. */
  readonly outputBytes: number;
  /** Deepest nesting of an answer. */
  readonly outputDepth: number;
  /** What one script may hold, bytes. */
  readonly memoryBytes: number;
  /** QuickJS's own stack of one script, bytes; the worker's is larger, so that this one ends first. */
  readonly stackBytes: number;
  /** Budget of one call: QuickJS asks about every 10,000 jumps and calls. 500 are some 0.1 s of one core. */
  readonly interrupts: number;
  /** How long a call may go on without an answer before its worker is ended, ms. */
  readonly watchdogMs: number;
  /** Scripts kept ready, the least used goes first. About 1 MB each. */
  readonly readyScripts: number;
  /** Calls that may wait; more are refused. */
  readonly waitingCalls: number;
}

export const defaultLimits: SandboxLimits = {
  sourceChars: SCRIPT_CHARS,
  inputChars: 64 * 1024,
  outputBytes: 64 * 1024,
  outputDepth: 32,
  memoryBytes: 16 * 1024 * 1024,
  stackBytes: 256 * 1024,
  interrupts: 500,
  watchdogMs: 3000,
  readyScripts: 16,
  waitingCalls: 10_000,
};

/** Most lines of `console` kept of one call, and the longest of them. */
export const LOG_LINES = 50;
export const LOG_CHARS = 200;
/** Longest text of one error or warning. */
export const WORDS_CHARS = 500;
