/**
 * `npm test [-- path or part of a path …] [--grep pattern] [--timeout ms] [--workers n]`: runs the tests.
 *
 * uvu does the testing. The runner makes red what uvu leaves green: a hook that throws, a file that
 * forgets `.run()`, `.only` left in, a test that never ends, a rejection nobody waits for, a process that
 * leaves early, a server left open, and a run in which nothing ran. A file may say `export const
 * timeoutMs = …`. Lines that a test prints as `NOT TRIED: …` are repeated at the end.
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { findTests } from "./test-runner/find-tests.ts";
import { runFiles } from "./test-runner/run-files.ts";
import { helpIfAsked } from "./help.ts";
import { fileLines, isEmpty, lastLines } from "./test-runner/summary.ts";

helpIfAsked(`npm test [-- part of a path …] [--grep text] [--timeout ms] [--workers n]

Runs the tests, all of them or those whose path holds one of the parts. The last line says
"N passed, N failed"; what could not be tried on this machine is said before it.`);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    grep: { type: "string", default: "" },
    timeout: { type: "string", default: "60000" },
    workers: { type: "string", default: String(Math.min(availableParallelism(), 4)) },
  },
});

const root = process.cwd();
const print = (lines: readonly string[]): void => lines.forEach((line) => console.log(line));
const options = {
  grep: values.grep,
  timeoutMs: Number(values.timeout),
  workers: Number(values.workers),
  hasCouch: (process.env.COUCHDB_URL ?? "") !== "",
};
const results = await runFiles(findTests(root, positionals), options, (result) =>
  print(fileLines(root, result)),
);
print(lastLines(results));
process.exitCode = isEmpty(results) || results.some((result) => result.failures.length > 0) ? 1 : 0;
