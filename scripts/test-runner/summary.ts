/** The words of a test run: one line per file, every failure in full, and the count as the last line. */
import { relative } from "node:path";
import type { FileResult } from "./test-child.ts";

/** How much of what a failing file printed is shown, characters from the end. */
const SHOWN = 6_000;

/** `ok   shared/model/ids.test.ts   12 tests   45 ms`, then the failures, each with file and test name. */
export function fileLines(root: string, result: FileResult): string[] {
  const path = relative(root, result.file);
  const isRed = result.failures.length > 0;
  if (!isRed && result.passed + result.skipped === 0) return [];
  const count = isRed
    ? `${result.passed} passed, ${result.failures.length} failed`
    : `${result.passed} tests`;
  const lines = [`${isRed ? "FAIL" : "ok  "} ${path}  ${count}  ${result.ms} ms`];
  for (const { what, why } of result.failures) {
    lines.push("", `  ${path} › ${what}`, ...why.split("\n").map((line) => `      ${line}`), "");
  }
  if (isRed && result.printed.trim() !== "") {
    lines.push(
      "      it printed:",
      ...result.printed
        .slice(-SHOWN)
        .trimEnd()
        .split("\n")
        .map((line) => `      | ${line}`),
      "",
    );
  }
  return lines;
}

/** The last lines: what was not tried, and `N passed, N failed[, N skipped]` alone on a line. */
export function lastLines(results: readonly FileResult[]): string[] {
  const notTried = results.flatMap((result) =>
    result.printed.split("\n").filter((line) => line.startsWith("NOT TRIED:")),
  );
  const sum = (count: (result: FileResult) => number): number =>
    results.reduce((total, each) => total + count(each), 0);
  const skipped = sum((each) => each.skipped);
  const counted = `${sum((each) => each.passed)} passed, ${sum((each) => each.failures.length)} failed`;
  const nothing = isEmpty(results) ? ["", "Nothing ran: no test file or no test matches."] : [];
  return [
    ...nothing,
    "",
    ...new Set(notTried),
    skipped > 0 ? `${counted}, ${skipped} skipped` : counted,
  ];
}

/** An empty run is no success. */
export function isEmpty(results: readonly FileResult[]): boolean {
  return results.every((each) => each.passed === 0 && each.failures.length === 0);
}
