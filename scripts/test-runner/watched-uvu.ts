/**
 * What a test file gets when it imports `uvu` under the runner: the same `suite` and `test`, with each
 * handler and hook watched. uvu alone stays green when a hook throws, when `.run()` is forgotten, when
 * `.only` is left in, and it waits for ever.
 *
 * Must never change what a test means: a file run by itself (`npx tsx x.test.ts`) uses plain uvu.
 */
import { suite as plainSuite, type Callback, type Test } from "uvu";
import type { Event } from "./messages.ts";
import { words } from "./words.ts";

type Context = Record<string, unknown>;

interface Watched {
  readonly name: string;
  /** Tests registered since the last `.run()`. */
  waiting: number;
}

/** The one file that is being loaded or run. */
export interface FileWatch {
  readonly grep: RegExp;
  timeoutMs: number;
  readonly tell: (event: Event) => void;
  readonly suites: Watched[];
  registered: number;
  /** A test of this file went over its time: what it started may still be running. */
  hung: boolean;
  /** The test whose handler went well, as long as its `after.each` may still spoil it. */
  good: boolean;
}

let current: FileWatch | undefined;
let plainTest: Test<Context> | undefined;

/** Watches a new file: tests registered from now on belong to it. */
export function watchFile(options: Pick<FileWatch, "grep" | "timeoutMs" | "tell">): FileWatch {
  plainTest = undefined;
  current = { ...options, suites: [], registered: 0, hung: false, good: false };
  return current;
}

/** Says that the last test went well, once nothing can spoil it any more. */
export function settle(file: FileWatch): void {
  if (file.good) file.tell({ is: "passed" });
  file.good = false;
}

/** uvu's `suite`, watched. */
export function suite<T = Context>(name = "", context?: T): Test<T> {
  return watch(plainSuite<T>(name, context), name);
}

/** uvu's `test`: the nameless suite, a new one for each file. */
export const test: Test<Context> = new Proxy(() => undefined, {
  apply: (_target, _this, args: [string, Callback<Context>]) => nameless()(...args),
  get: (_target, name) => Reflect.get(nameless(), name) as unknown,
}) as unknown as Test<Context>;

/** A file that runs uvu by itself would run its tests twice, or none. */
export function exec(): never {
  throw new Error("a test file calls .run() on its suites, never uvu's exec()");
}

function nameless(): Test<Context> {
  plainTest ??= suite<Context>("");
  return plainTest;
}

function watch<T>(plain: Test<T>, name: string): Test<T> {
  if (current === undefined) throw new Error("no file is being run");
  const file = current;
  const watched: Watched = { name, waiting: 0 };
  file.suites.push(watched);
  const full = (title: string): string => (name === "" ? title : `${name} › ${title}`);

  const register = (title: string, handler: Callback<T>): void => {
    if (!file.grep.test(full(title))) return;
    watched.waiting++;
    file.registered++;
    plain(title, async (context) => {
      await guarded(file, full(title), () => handler(context));
      file.good = true;
    });
  };
  const hook =
    (kind: string, add: (callback: Callback<T>) => void) =>
    (callback: Callback<T>): void =>
      add((context) =>
        guarded(file, `${full(kind)}${context.__test__ ? ` (${context.__test__})` : ""}`, () =>
          callback(context),
        ),
      );

  return Object.assign(register, {
    only: (title: string, handler: Callback<T>): void => {
      file.tell({
        is: "failed",
        what: full(title),
        why: "`.only` was left in: the other tests would not run",
      });
      register(title, handler);
    },
    skip: (): void => {
      plain.skip();
      file.registered++;
      file.tell({ is: "skipped" });
    },
    before: Object.assign(hook("before", plain.before), {
      each: hook("before.each", plain.before.each),
    }),
    after: Object.assign(hook("after", plain.after), {
      each: hook("after.each", plain.after.each),
    }),
    run: (): void => {
      const isEmpty = watched.waiting === 0;
      watched.waiting = 0;
      if (!isEmpty) plain.run();
    },
  });
}

/** Runs a test's handler or a hook within its time, and tells what went wrong. */
async function guarded(file: FileWatch, what: string, run: () => unknown): Promise<void> {
  if (!what.includes("after.each")) settle(file);
  file.tell({ is: "begin", what, timeoutMs: file.timeoutMs });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      file.hung = true;
      reject(new Error(`did not end within ${file.timeoutMs} ms`));
    }, file.timeoutMs);
  });
  try {
    await Promise.race([run(), late]);
  } catch (error) {
    file.good = false;
    file.tell({ is: "failed", what, why: words(error) });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
