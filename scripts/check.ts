/**
 * `npm run check [-- step …]`: everything that can be known without running the product, then the tests.
 *
 * Each step runs even when an earlier one is red, so that one run shows all there is to mend.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { table } from "./table.ts";
import { helpIfAsked } from "./help.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The programs are the installed ones, called by path: nothing is ever fetched. */
const steps: Record<string, readonly [program: string, ...args: string[]]> = {
  format: ["oxfmt", "--check", "."],
  types: ["tsc", "--noEmit", "--project", "."],
  lint: ["oxlint", "--type-aware", "--deny-warnings", "--report-unused-disable-directives", "."],
  unused: ["knip", "--no-progress"],
  tests: ["tsx", "scripts/test.ts"],
};

interface Outcome {
  readonly step: string;
  readonly seconds: string;
  readonly outcome: "ok" | "FAILED";
}

helpIfAsked(`npm run check [-- step …]

Runs format, types, lint, unused and tests, all of them or those named, and prints a table.`);

const wanted = process.argv.slice(2);
const unknown = wanted.filter((step) => !Object.hasOwn(steps, step));
if (unknown.length > 0)
  throw new Error(
    `no such step: ${unknown.join(", ")}; there are ${Object.keys(steps).join(", ")}`,
  );

/** What the tests said last: repeated below the table, so that the count ends the run. */
const lastLines: string[] = [];
const outcomes: Outcome[] = [];
for (const [step, [program, ...args]] of Object.entries(steps)) {
  if (wanted.length > 0 && !wanted.includes(step)) continue;
  console.log(`\n── ${step}: ${program} ${args.join(" ")}`);
  const startedMs = performance.now();
  const isGood = await run(program, args);
  outcomes.push({
    step,
    seconds: ((performance.now() - startedMs) / 1000).toFixed(1),
    outcome: isGood ? "ok" : "FAILED",
  });
}
console.log(`\n${table(outcomes, ["step", "seconds", "outcome"])}\n`);
for (const line of lastLines) console.log(line);
process.exitCode = outcomes.every(({ outcome }) => outcome === "ok") ? 0 : 1;

function run(program: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(`${root}node_modules/.bin/${program}`, args, {
      cwd: root,
      stdio: ["inherit", "pipe", "inherit"],
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      console.log(line);
      if (/^(?:NOT TRIED:.*|\d+ passed, \d+ failed(?:, \d+ skipped)?)$/.test(line))
        lastLines.push(line);
    });
    child.on("error", reject);
    child.on("close", (code) => resolve(code === 0));
  });
}
