/**
 * Runs test files: plain ones share a few processes, each `*.e2e.test.ts` gets the machine and a
 * process of its own, after the others.
 *
 * Sharing is measured: see `decisions/0001-one-process-for-many-test-files.md`.
 */
import { TestChild, type FileResult, type RunOptions } from "./test-child.ts";

/** Runs all files; `finished` hears of each as it ends. Results come in the order of the files. */
export async function runFiles(
  files: readonly string[],
  options: RunOptions & { readonly workers: number },
  finished: (result: FileResult) => void,
): Promise<FileResult[]> {
  const isAlone = (file: string): boolean => file.endsWith(".e2e.test.ts");
  const results = new Map<string, FileResult>();
  const keep = (result: FileResult): void => {
    results.set(result.file, result);
    finished(result);
  };

  const waiting = files.filter((file) => !isAlone(file));
  const lanes = Math.min(options.workers, waiting.length);
  await Promise.all(Array.from({ length: lanes }, () => lane(waiting, options, keep)));
  for (const file of files.filter(isAlone)) await lane([file], options, keep);
  return files.flatMap((file) => results.get(file) ?? []);
}

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
