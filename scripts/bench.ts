/**
 * `npm run bench -- <name> … [--json]`: measures, and prints a table, or with `--json` one JSON object
 * per line on standard output and nothing else there. Without a name it lists what can be measured.
 *
 * Each bench runs in a process of its own, whose output goes to standard error: a library that prints
 * cannot come between the rows. A missed target is a result, not an error.
 */
import { fork } from "node:child_process";
import { readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { asJson, asTable, type BenchModule, type BenchRow } from "./bench/report.ts";
import { helpIfAsked } from "./help.ts";

helpIfAsked(`npm run bench -- <name> … [--json]

Measures and prints a table; with --json one JSON object per line:
{"bench","case","value","unit"} and, where there are any, "rival", "ratio" (above 1 is better than
the rival in the same run), "target", "met". Without a name it lists what can be measured.`);

const { values, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false } },
});

const known = readdirSync(new URL("./bench", import.meta.url))
  .filter((file) => /^[\w-]+\.ts$/.test(file) && file !== "report.ts")
  .map((file) => file.replace(/\.ts$/, ""));
const unknown = names.filter((name) => !known.includes(name));

if (process.send !== undefined) await measureHere(names[0] ?? "");
else if (names.length === 0 || unknown.length > 0) {
  for (const name of unknown) console.error(`There is no bench "${name}".`);
  console.error(`npm run bench -- <name> [--json]\nBenches: ${known.join(", ")}`);
  process.exitCode = unknown.length > 0 ? 1 : 0;
} else {
  for (const name of names) await measure(name);
}

/** In the process of the bench: rows go to the process that prints them. */
async function measureHere(name: string): Promise<void> {
  const module = (await import(new URL(`./bench/${name}.ts`, import.meta.url).href)) as BenchModule;
  await module.bench((row) => process.send?.(row));
  process.disconnect();
}

async function measure(name: string): Promise<void> {
  const rows: BenchRow[] = [];
  const child = fork(new URL(import.meta.url), [name], {
    execArgv: ["--expose-gc", "--import", import.meta.resolve("tsx")],
    stdio: ["ignore", 2, 2, "ipc"],
  });
  child.on("message", (message) => {
    const row = message as BenchRow;
    rows.push(row);
    if (values.json) console.log(asJson(row));
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  if (!values.json && rows.length > 0) console.log(asTable(rows));
  if (code === 0 && rows.length > 0) return;
  console.error(code === 0 ? `Bench "${name}" reported nothing.` : `Bench "${name}" failed.`);
  process.exitCode = 1;
}
