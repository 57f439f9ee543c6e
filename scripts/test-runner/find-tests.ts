/** Which files hold tests: everything named `*.test.ts` or `*.test.tsx` in the project's folders. */
import { existsSync, readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";

/** Nothing of ours lives there. */
const NOT_OURS = new Set(["node_modules", "dist", "coverage"]);

/**
 * Absolute paths, sorted. An argument that is a file is taken as it is (whatever its name); any other
 * one keeps the test files whose path from `root` contains it. No argument keeps all.
 */
export function findTests(root: string, wanted: readonly string[]): string[] {
  const named = wanted.filter(
    (path) => /\.[cm]?tsx?$/.test(path) && existsSync(resolve(root, path)),
  );
  const patterns = wanted
    .filter((path) => !named.includes(path))
    .map((path) => path.replace(/^\.\//, ""));
  const found = patterns.length === 0 && named.length > 0 ? [] : testFiles(root);
  const kept = found.filter(
    (file) => patterns.length === 0 || patterns.some((part) => relative(root, file).includes(part)),
  );
  return [...new Set([...named.map((path) => resolve(root, path)), ...kept])].toSorted();
}

function testFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith(".") || NOT_OURS.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testFiles(path);
    return /\.test\.tsx?$/.test(entry.name) ? [path] : [];
  });
}
