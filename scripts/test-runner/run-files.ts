/**
 * Runs test files: plain ones share a few processes, each `*.e2e.test.ts` gets the machine and a
 * process of its own, after the others. Files that use one CouchDB together run one after the other:
 * a hub's databases have fixed names there.
 *
 * Sharing is measured: see `decisions/0001-one-process-for-many-test-files.md`.
 */
import { readFileSync } from "node:fs";
import { TestChild, type FileResult, type RunOptions } from "./test-child.ts";

/** Runs all files; `finished` hears of each as it ends. Results come in the order of the files. */
export async function runFiles(
  files: readonly string[],
  options: RunOptions & {
    readonly workers: number;
    /** A CouchDB is there to be used. */
    readonly hasCouch?: boolean;
  },
  finished: (result: FileResult) => void,
): Promise<FileResult[]> {
  const isAlone = (file: string): boolean => file.endsWith(".e2e.test.ts");
  const results = new Map<string, FileResult>();
  const keep = (result: FileResult): void => {
    results.set(result.file, result);
    finished(result);
  };

  const waiting = files.filter((file) => !isAlone(file));
  const onCouch = options.hasCouch ? waiting.filter(usesCouch) : [];
  const others = waiting.filter((file) => !onCouch.includes(file));
  const lanes = Math.min(options.workers, waiting.length);
  await Promise.all(
    Array.from({ length: lanes }, async (_, i) => {
      if (i === 0) await lane(onCouch, options, keep);
      await lane(others, options, keep);
    }),
  );
  for (const file of files.filter(isAlone)) await lane([file], options, keep);
  return files.flatMap((file) => results.get(file) ?? []);
}

const usesCouch = (file: string) => /COUCHDB_URL/.test(readFileSync(file, "utf8"));

/** Takes files from the list until it is empty, with a new process whenever the last one is spent. */
async function lane(
  waiting: string[],
  options: RunOptions,
  keep: (result: FileResult) => void,
): Promise<void> {
  let child: TestChild | undefined;
  let last: FileResult | undefined;
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    if (!child?.isUsable) child = new TestChild();
    last = await child.run(file, options);
    keep(last);
  }
  // What a file prints when its process ends still belongs to the run.
  const late = await child?.stop();
  if (last !== undefined) last.printed += late ?? "";
}
