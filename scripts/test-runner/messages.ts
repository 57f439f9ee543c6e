/**
 * What a test process tells the runner, one message per event. The runner does all counting, so that
 * a process which dies in the middle still leaves an honest result.
 *
 * Must never carry more than text and numbers: it travels between processes.
 */

/** From the runner to a test process. */
export type Order =
  | {
      readonly is: "run";
      /** Absolute path of the test file. */
      readonly file: string;
      /** Only tests whose "suite test" text matches this pattern; empty = all. */
      readonly grep: string;
      /** For each test and hook, ms, unless the file exports its own `timeoutMs`. */
      readonly timeoutMs: number;
    }
  | { readonly is: "end" };

/** From a test process to the runner. */
export type Event =
  /** A test, a hook or the loading of the file begins; it may take `timeoutMs`. */
  | { readonly is: "begin"; readonly what: string; readonly timeoutMs: number }
  | { readonly is: "passed" }
  | { readonly is: "skipped" }
  | { readonly is: "failed"; readonly what: string; readonly why: string }
  /** The file is through. `mayGoOn` is false when this process should not run another one. */
  | { readonly is: "done"; readonly matched: boolean; readonly mayGoOn: boolean };
