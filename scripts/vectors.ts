/**
 * `npm run vectors -- <file or folder> …`: runs collections of real payloads, frames and messages, and
 * prints passed and failed per file. Files are told apart by what is in them, never by their names.
 *
 * Exit code 1 when a vector failed or nothing was found; what is not supported is said, and no failure.
 */
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { kindOf, runVectors, type VectorsOutcome } from "./vectors/run-vectors.ts";
import { table } from "./table.ts";
import { helpIfAsked } from "./help.ts";

helpIfAsked(`npm run vectors -- <file or folder> …

Runs collections of real frames, payloads and messages (JSON, told apart by what is in them) and
prints passed and failed per file. Ends with 1 when one failed or nothing was found.`);

const places = process.argv.slice(2);
if (places.length === 0) {
  console.error("npm run vectors -- <file or folder> …");
  process.exit(2);
}

interface Row {
  readonly file: string;
  readonly kind: string;
  readonly passed: number;
  readonly failed: number;
  readonly note: string;
}

const rows: Row[] = [];
const failures: string[] = [];
for (const place of places) {
  for (const path of jsonFiles(place)) {
    const file = relative(process.cwd(), path);
    const outcome = outcomeOf(path);
    rows.push({
      file,
      kind: outcome.kind,
      passed: outcome.passed,
      failed: outcome.failed.length,
      note: outcome.isSupported ? "" : "not supported",
    });
    failures.push(...outcome.failed.map(({ id, why }) => `${file} › ${id}: ${why}`));
  }
}

const sum = (column: "passed" | "failed"): number =>
  rows.reduce((total, row) => total + row[column], 0);
const unsupported = rows.filter(({ note }) => note !== "").length;
if (rows.length > 0) console.log(table(rows, ["file", "kind", "passed", "failed", "note"]));
for (const failure of failures) console.log(`\nFAIL ${failure}`);
console.log(
  `\n${rows.length} files, ${unsupported} not supported\n${sum("passed")} passed, ${sum("failed")} failed`,
);
process.exitCode = sum("failed") > 0 || sum("passed") === 0 ? 1 : 0;

function outcomeOf(path: string): VectorsOutcome {
  try {
    const json: unknown = JSON.parse(readFileSync(path, "utf8"));
    return runVectors(json);
  } catch (error) {
    return {
      kind: kindOf(undefined),
      passed: 0,
      failed: [{ id: "(file)", why: String(error) }],
      isSupported: true,
    };
  }
}

function jsonFiles(place: string): string[] {
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place, { withFileTypes: true })
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .flatMap((entry) => {
      if (entry.isDirectory()) return jsonFiles(join(place, entry.name));
      return entry.name.endsWith(".json") ? [join(place, entry.name)] : [];
    });
}
