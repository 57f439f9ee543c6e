/** The runner, tried on files that uvu alone would call green. They stand in `test-runner/traps/`. */
import { fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { findTests } from "./test-runner/find-tests.ts";
import { runFiles } from "./test-runner/run-files.ts";
import { fileLines } from "./test-runner/summary.ts";
import type { FileResult } from "./test-runner/test-child.ts";

/** Some of the traps take their whole time, and each spends a process. */
export const timeoutMs = 120_000;

const root = fileURLToPath(new URL("..", import.meta.url));
const traps = fileURLToPath(new URL("./test-runner/traps", import.meta.url));
const trap = (name: string): string => join(traps, `${name}.trap.ts`);

/** What must be read of each file: passed, and the failures as [what, part of why]. */
const expected: Record<string, { passed: number; failures: [what: string, why: string][] }> = {
  "after-each-throws": {
    passed: 0,
    failures: [["meters › after.each (are counted)", "cannot clean up"]],
  },
  "after-throws": { passed: 1, failures: [["meters › after", "cannot close"]] },
  "before-throws": { passed: 0, failures: [["meters › before", "no database"]] },
  blocks: { passed: 0, failures: [["blocks the process", "did not end"]] },
  "does-not-load": { passed: 0, failures: [["(loading the file)", "cannot be loaded"]] },
  fails: { passed: 1, failures: [["sums › add up", "++3"]] },
  "forgets-run": {
    passed: 0,
    failures: [["(nameless suite)", "forgot .run(): 1 tests never ran"]],
  },
  good: { passed: 2, failures: [] },
  "leaves-early": { passed: 1, failures: [["leaves the process", "the process ended (code 0)"]] },
  "leaves-while-loading": {
    passed: 0,
    failures: [["(loading the file)", "the process ended (code 0)"]],
  },
  "left-open": { passed: 1, failures: [["(after the last test)", "left open: TCPServerWrap"]] },
  "lost-rejection": { passed: 1, failures: [["forgets a promise", "lost write"]] },
  "never-ends": { passed: 1, failures: [["waits for ever", "did not end within 300 ms"]] },
  "no-tests": { passed: 0, failures: [["(file)", "has no tests"]] },
  "only-left-in": { passed: 2, failures: [["is the only one", "`.only` was left in"]] },
  "own-timeout": {
    passed: 0,
    failures: [["waits longer than its file allows", "did not end within 20 ms"]],
  },
  "thrown-later": { passed: 1, failures: [["throws when nobody looks", "too late"]] },
};

const runner = suite<{ results: Map<string, FileResult> }>("the runner", { results: new Map() });

runner.before(async (context) => {
  const options = { grep: "", timeoutMs: 300, graceMs: 1_000, workers: 2 };
  const results = await runFiles(Object.keys(expected).map(trap), options, () => undefined);
  for (const result of results) context.results.set(basename(result.file, ".trap.ts"), result);
});

for (const [name, { passed, failures }] of Object.entries(expected)) {
  runner(`tells the truth about a file that is: ${name}`, ({ results }) => {
    const result = results.get(name);
    assert.ok(result, "a result for each file");
    assert.equal(result.passed, passed, "passed");
    assert.equal(
      result.failures.map(({ what }) => what),
      failures.map(([what]) => what),
    );
    failures.forEach(([, why], index) => assert.match(result.failures[index]?.why ?? "", why));
  });
}

runner("has a row here for each trap on disk", () => {
  const onDisk = readdirSync(traps).map((file) => basename(file, ".trap.ts"));
  assert.equal(onDisk.toSorted(), Object.keys(expected).toSorted());
});

runner("prints a failure with its file, its test and what the file printed", ({ results }) => {
  const text = fileLines(root, results.get("fails") as FileResult).join("\n");
  assert.match(text, "fails.trap.ts › sums › add up");
  assert.match(text, "fails.trap.ts:7:10");
  assert.match(text, "| a line it printed");
});

runner("keeps files that share a process apart", async () => {
  const options = { grep: "", timeoutMs: 300, workers: 1 };
  const results = await runFiles(
    [trap("forgets-run"), trap("good"), trap("fails")],
    options,
    () => undefined,
  );
  assert.equal(
    results.map(({ passed, failures }) => [passed, failures.length]),
    [
      [0, 1],
      [2, 0],
      [1, 1],
    ],
  );
});

runner("finds test files by part of their path, and takes any file that is named", () => {
  assert.equal(findTests(root, ["scripts/test.test"]), [join(root, "scripts/test.test.ts")]);
  assert.equal(findTests(root, [trap("good")]), [trap("good")]);
  assert.not.ok(
    findTests(root, []).some((file) => file.endsWith(".trap.ts")),
    "no trap by itself",
  );
});
runner("a test process whose runner is gone goes too, whatever it was at", async () => {
  const child = fork(join(root, "scripts/test-runner/test-process.ts"), [], {
    execArgv: ["--import", import.meta.resolve("tsx")],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  child.send({ is: "run", file: trap("never-ends"), grep: "", timeoutMs: 60_000 });
  const began = new Promise<void>((resolve) => {
    child.on("message", (event: { is: string; what?: string }) => {
      if (event.what === "waits for ever") resolve();
    });
  });
  await began;
  child.disconnect();
  const [code] = (await once(child, "exit")) as [number];
  assert.is(code, 1);
});

runner.run();

const command = suite("npm test");

function npmTest(...args: string[]): { code: number | null; lines: string[] } {
  const command = ["--import", import.meta.resolve("tsx"), join(root, "scripts/test.ts"), ...args];
  const { status, stdout } = spawnSync(process.execPath, command, { cwd: root, encoding: "utf8" });
  return { code: status, lines: stdout.trimEnd().split("\n") };
}

command("ends with what was not tried and the count, and code 0 when all is well", () => {
  const { code, lines } = npmTest(trap("good"));
  assert.equal(lines.slice(-3), [
    "NOT TRIED: the real thing, it is not installed",
    "NOT TRIED: something said at the very end",
    "2 passed, 0 failed, 1 skipped",
  ]);
  assert.equal(code, 0);
});

command("ends with code 1 after a failure", () => {
  const { code, lines } = npmTest(trap("fails"));
  assert.equal([code, lines.at(-1)], [1, "1 passed, 1 failed"]);
});

command("calls a run without any test a failure", () => {
  const { code, lines } = npmTest("no/such/path");
  assert.equal([code, lines.at(-1)], [1, "0 passed, 0 failed"]);
  assert.equal(npmTest(trap("good"), "--grep", "no such test").code, 1);
});

command("runs only the tests that match --grep", () => {
  assert.equal(npmTest(trap("fails"), "--grep", "stay").lines.at(-1), "1 passed, 0 failed");
});
command.run();
